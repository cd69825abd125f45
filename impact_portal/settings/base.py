"""Settings that all environments share, and the only place that reads the environment.

Every variable read here is described in ``docs/deployment.md``; a test compares the two.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
RUN_DIR = BASE_DIR / ".run"

env = environ.Env()

SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
PORTAL_BASE_URL = env("PORTAL_BASE_URL", default="http://127.0.0.1:8000")
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=True)
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(RUN_DIR / "media"))()
STATIC_ROOT = env.path("STATIC_ROOT", default=str(RUN_DIR / "static"))()
REDIS_URL = env("REDIS_URL", default=f"unix://{RUN_DIR}/broker.sock?db=0")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="IMPACT portal <portal@example.org>")
SMALL_CELL_THRESHOLD = env.int("SMALL_CELL_THRESHOLD", default=5)

# Files as answers: how large, how many to a question, and who scans them for viruses.
ANSWER_FILE_BYTES = env.int("ANSWER_FILE_MEGABYTES", default=10) * 1024 * 1024
ANSWER_FILES_A_QUESTION = 5
CLAMAV_ADDRESS = env("CLAMAV_ADDRESS", default="")

# --- Databases -----------------------------------------------------------------------------
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{RUN_DIR / 'portal.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: with deferred transactions three writers and a worker meet "database is locked";
    # taking the write lock at BEGIN and waiting up to 20 s, they do not.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The rooms, highest first (see docs/decisions/0001-rooms-and-layers.md) -----------------
ROOMS = [
    "impact_portal",
    "expressions",
    "networks",
    "demonstrators",
    "coproduction",
    "surveys",
    "guides",
    "projects",
    "meetings",
    "partners",
    "notifications",
    "reports",
    "accounts",
    "core",
]

INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.Utf8OnlyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.PersonLanguageMiddleware",
]

ROOT_URLCONF = "impact_portal.urls"
WSGI_APPLICATION = "impact_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "impact_portal.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.PortalRenderer"
FILTERS_EMPTY_CHOICE_LABEL = _("Any")

# --- People and sign-in ---------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.SignInBackend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.PreferredNameForm"
ACCOUNT_FORMS = {
    "login": "accounts.signing_in.PortalLoginForm",
    "signup": "accounts.signing_up.PortalSignupForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
MFA_TOTP_ISSUER = "IMPACT portal"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
INVITATION_DAYS = 7

# --- Evidence that a topic lacks: what partners are asked for --------------------------------
GAP_REPLY_DAYS = 28  # Until when replies are wanted, where staff give no other day.
GAP_REMIND_DAYS = 7  # So long before that day those who have not replied are reminded.
GAP_LINK_DAYS = 90  # So long after asking the link in the message takes replies.
GAP_REPLIES_A_DAY = 10  # So many replies a link takes within a day.

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Static files and uploads ---------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- Mail -----------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default=f"filemail:///{RUN_DIR / 'mail'}"))
EMAIL_TIMEOUT = 20
# Reminders go between these hours, and no more than so many a day to one person: the rest wait
# for the next morning and go together. Receipts and decisions go at once.
REMINDERS_FROM = 8
REMINDERS_UNTIL = 21
REMINDERS_A_DAY = 5

# --- Redis: cache, rate limits, Celery's broker ---------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "impact",
    },
    # What each process may keep for some seconds by itself: no way to Redis, no need of it.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if urlsplit(REDIS_URL).scheme == "unix"
    else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# visibility_timeout stands above the hard time limit, or a long report would be run twice; the
# restore settings bring a killed worker's task back in about 20 s instead of 105 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # Measured: with kombu's own pauses each deed waited 6 s for a broker that was away; so 0.1 s.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(RUN_DIR / "beat-schedule")
# Due times are rows in the database; beat only wakes idempotent sweeps.
CELERY_BEAT_SCHEDULE = {
    "send-what-is-due": {"task": "notifications.tasks.send_due_messages", "schedule": 60.0},
    "queue-reminders": {"task": "notifications.tasks.queue_reminders", "schedule": 60.0},
    "close-calls": {"task": "expressions.tasks.close_calls", "schedule": 60.0},
    "scan-answer-files": {"task": "expressions.tasks.scan_files", "schedule": 60.0},
    "scan-project-files": {"task": "projects.tasks.scan_files", "schedule": 60.0},
    "tidy-projects": {"task": "projects.tasks.tidy", "schedule": 3_600.0},
    "tidy-expressions": {"task": "expressions.tasks.tidy", "schedule": 3_600.0},
    "release-assessments": {
        "task": "expressions.tasks.release_assessments",
        "schedule": 3600.0,
    },
    "reckon-how-firm-plans-are": {
        "task": "expressions.tasks.firm_up_plans",
        "schedule": 60.0,
    },
    "refresh-survey-results": {"task": "surveys.tasks.refresh_results", "schedule": 60.0},
    "save-imports": {"task": "partners.tasks.save_confirmed_imports", "schedule": 60.0},
    "follow-merges": {"task": "partners.tasks.follow_merges", "schedule": 600.0},
    "forget-what-is-past-its-time": {"task": "core.tasks.forget_expired", "schedule": 3_600.0},
    "build-waiting-reports": {"task": "reports.tasks.build_waiting_runs", "schedule": 60.0},
}

# --- Security -------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.typed.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Logs: one line an event, to standard error, never with personal data -------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "core.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        # The one of Django's development server, which names each address.
        "django.server": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "loggers": {
        "django.server": {"handlers": ["django.server"], "level": "INFO", "propagate": False}
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
