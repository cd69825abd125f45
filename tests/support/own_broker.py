"""A broker for each test process: a worker that one test starts takes no work of another's.

Loaded by ``-p`` before the settings are: of a Redis with many databases the process takes the one
of its own number.
"""

import os
from urllib.parse import urlsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw0", "gw1", or nothing

if WORKER and "REDIS_URL" in os.environ:
    address = urlsplit(os.environ["REDIS_URL"])
    if address.scheme.startswith("redis"):
        number = int(WORKER.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = address._replace(path=f"/{number}").geturl()
