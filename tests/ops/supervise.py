"""Supervise the programs given as JSON on the command line: [[name, seconds, [word, ...]], ...]."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bin"))

from portal.supervisor import Program, Supervisor
from portal.words import say

supervisor = Supervisor(os.environ)
supervisor.listen_to_signals()
for name, seconds, command in json.loads(sys.argv[1]):
    supervisor.add(Program(name, command, Path.cwd(), seconds_to_end=seconds))
supervisor.look_after()
supervisor.stop()
say("all stopped")
