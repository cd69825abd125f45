"""One bare machine, the demonstration programme, no sign-off from anybody needed."""

from django.core.management.utils import get_random_secret_key

from .base import *
from .base import ALLOWED_HOSTS, RUN_DIR, SECRET_KEY, env

DEBUG = env.bool("DEBUG", default=False)
DEMONSTRATION = True

if not SECRET_KEY:
    # Kept in a file, so that a restart does not sign everybody out.
    _key_file = RUN_DIR / "secret_key"
    _key_file.parent.mkdir(parents=True, exist_ok=True)
    if not _key_file.exists():
        _key_file.write_text(get_random_secret_key())
        _key_file.chmod(0o600)
    SECRET_KEY = _key_file.read_text()

ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]

# A newcomer can try every role at once; each page says that the second factor is off.
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=False)
