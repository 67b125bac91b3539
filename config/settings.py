"""The settings: one file, everything that differs between installations comes from the environment.

A fresh clone needs no environment: SQLite, the queue and the secret key live below ``DATA_DIR`` (default ``var/``).
"""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config import broker, clock, databases, logs, statics

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
TICK_SECONDS = 60
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", default=0)  # the web server sets 30 (config/wsgi.py)
# The roles of `staff.choices.BaseRole`, which cannot be imported before the settings are read; a test compares them.
BASE_ROLES = frozenset({
    "service_advisor", "quality_manager", "department_manager", "cs_supervisor", "general_manager", "administrator",
})  # fmt: skip


def data_dir() -> Path:
    """Return the folder that holds all that this installation writes, made with mode 0700."""
    folder = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """Return ``SECRET_KEY``, else the key kept in the data folder, made on the first start."""
    if given := env("SECRET_KEY", default=""):
        return given
    path, beside = folder / "secret_key", folder / f"secret_key.{os.getpid()}"
    if not path.exists():
        # Linked only when it is whole, and only once: several parts on one folder may start together.
        beside.touch(mode=0o600)
        beside.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(beside)
        beside.unlink()
    return path.read_text()


APP_MODE = env("APP_MODE", default="production")
if APP_MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"APP_MODE={APP_MODE!r} is none of production, demo, test.")
DEMO_DAYS = env.int("DEMO_DAYS", default=60)
if not 0 <= DEMO_DAYS <= 400:
    raise ImproperlyConfigured(f"DEMO_DAYS={DEMO_DAYS}: a demo company has lived through 0 to 400 days.")
APP_CLOCK = env("APP_CLOCK", default="")
clock.check_setting(APP_CLOCK, APP_MODE)

DATA_DIR = data_dir()
SECRET_KEY = secret_key(DATA_DIR)
DEBUG = env.bool("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
REDIS_URL = env("REDIS_URL", default="")
# How often one customer may be called by anybody (RELIABILITY, T32).
CALLS_PER_DAY = env.int("CALLS_PER_DAY", default=5)
CALLS_PER_FIVE_MINUTES = env.int("CALLS_PER_FIVE_MINUTES", default=3)
if min(CALLS_PER_DAY, CALLS_PER_FIVE_MINUTES) < 1:
    raise ImproperlyConfigured("CALLS_PER_DAY and CALLS_PER_FIVE_MINUTES are 1 or more: nobody could be called.")
METRICS_TOKEN = env("METRICS_TOKEN", default="")
BIND = env("BIND", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
WEB_PROCESSES = env.int("WEB_PROCESSES", default=2)

INSTALLED_APPS = [
    "config.late_admin.LateAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "staff",
    "visits",
    "complaints",
    "reports",
]
AUTH_USER_MODEL = "staff.Employee"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

MIDDLEWARE = [
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.faults.PatientSessionMiddleware",
    "staff.gate.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "staff.gate.GateMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "staff.templatetags.face",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_URL = env("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'huifang.sqlite3'}")
DATABASES = {"default": databases.connection(DATABASE_URL, statement_seconds=STATEMENT_SECONDS)}
# Another schema of a PostgreSQL database than the account's own: a restored company is looked at there first.
if DATABASE_SCHEMA := env("DATABASE_SCHEMA", default=""):
    DATABASES["default"]["OPTIONS"]["options"] += f" -c search_path={DATABASE_SCHEMA}"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
# How long a customer may wait for a word about a problem before its line turns amber (S-06).
PROGRESS_AFTER = timedelta(hours=env.int("PROGRESS_AFTER_HOURS", default=48))
SKIPS_A_DAY = env.int("SKIPS_A_DAY", default=10)  # calls that a person may put to the back of the queue
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_ADD_HEADERS_FUNCTION = statics.add_headers

# What comes in by a form is streamed here; evidence that was judged lies in its own folder, below no address.
UPLOAD_MAX_MB = 50
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a rule of many steps has some hundred inputs for each of them
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["config.uploads.BoundedUpload"]
IMPORT_DIR = DATA_DIR / "imports"
IMPORT_DAYS = env.int("IMPORT_DAYS", default=30)
# Files that people asked for; each is deleted after that many days.
EXPORT_DIR = DATA_DIR / "exports"
EXPORT_DAYS = env.int("EXPORT_DAYS", default=7)
# How long a file with whole telephone numbers waits for somebody to approve it.
EXPORT_APPROVAL_HOURS = env.int("EXPORT_APPROVAL_HOURS", default=48)
EVIDENCE_DIR = DATA_DIR / "evidence"
EVIDENCE_FILE_MB = env.int("EVIDENCE_FILE_MB", default=20)
EVIDENCE_DAY_FILES = env.int("EVIDENCE_DAY_FILES", default=200)
EVIDENCE_DAY_MB = env.int("EVIDENCE_DAY_MB", default=2000)
EVIDENCE_DAYS = env.int("EVIDENCE_DAYS", default=730)

# Without a passphrase no backup leaves the data folder (DECISIONS 45); the passphrase itself is kept nowhere.
BACKUP_DIR = Path(env("BACKUP_DIR", default=str(DATA_DIR / "backups"))).resolve()
BACKUP_PASSPHRASE = env("BACKUP_PASSPHRASE", default="")
BACKUP_PASSPHRASE_FILE = env("BACKUP_PASSPHRASE_FILE", default="")
BACKUP_KEEP = tuple(env.list("BACKUP_KEEP", cast=int, default=[7, 4, 12]))  # days, weeks, months
if len(BACKUP_KEEP) != 3 or min(BACKUP_KEEP) < 1:
    raise ImproperlyConfigured("BACKUP_KEEP is three numbers of 1 or more: days, weeks, months (7,4,12).")
BACKUP_NIGHTLY = env.bool("BACKUP_NIGHTLY", default=APP_MODE == "production")

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "staff.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "staff.views.signing_in.ClosedDoorAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_FORMS = {
    "login": "staff.forms.signing_in.SignInForm",
    "change_password": "staff.forms.account.ChangePassword",
    "reauthenticate": "staff.forms.account.PasswordAgain",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Five failures close one name at one address for a quarter of an hour; fifty close an address (RELIABILITY, T33, T34).
# The public form, by address and by link; the API, by client.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key,50/15m/ip",
    "feedback": "20/h/ip,200/h/key",
    "api": "300/m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "staff.two_step.SealedKeys"
MFA_TOTP_ISSUER = "Huifang 回访"
MFA_TOTP_TOLERANCE = 1  # one code before and after the present one: the clocks of telephones differ
MFA_FORMS = {
    "authenticate": "staff.forms.account.SecondStep",
    "reauthenticate": "staff.forms.account.CodeAgain",
    "activate_totp": "staff.forms.account.BeginSecondStep",
}
# Base roles whose holders must set up two-step sign-in before anything else opens.
TWO_STEP_ROLES = frozenset(env.list("TWO_STEP_ROLES", default=[]))
if unknown := TWO_STEP_ROLES - BASE_ROLES:
    raise ImproperlyConfigured(f"TWO_STEP_ROLES={sorted(unknown)!r}: only {', '.join(sorted(BASE_ROLES))} are roles.")

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# Behind a proxy that speaks HTTPS and sets X-Forwarded-Proto itself.
HTTPS = env.bool("HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)  # whose word on the caller's address is believed when failures are counted
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^metrics$"]  # who watches asks the program itself, not the proxy before it
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Failed sign-ins are counted in the database: nobody waits at the door for a Redis that is away, and emptying it lets
# nobody try again (F10 to F12).
CACHES = {
    "default": {
        "BACKEND": "config.caching.HonestCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

QUEUE_DIR = DATA_DIR / "queue"
HEARTBEAT = DATA_DIR / "heartbeat"
CELERY_BROKER_URL = broker.address(REDIS_URL)
CELERY_BROKER_TRANSPORT = broker.transport(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(REDIS_URL, QUEUE_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.minute_hand:MinuteHand"
# The one entry of beat: ring. What is due then, the database says. An old ring is worth nothing, but it may look old to
# a host whose clock is as far ahead as clocks may differ.
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "staff.tasks.tick", "schedule": TICK_SECONDS, "options": {"expires": 5 * TICK_SECONDS}},
}

LOG_FORMAT = env("LOG_FORMAT", default="line")
LOG_LEVEL = env("LOG_LEVEL", default="WARNING").upper()
if LOG_FORMAT not in logs.FORMATS or LOG_LEVEL not in logs.LEVELS:
    raise ImproperlyConfigured(
        f"LOG_FORMAT is one of {', '.join(logs.FORMATS)}, LOG_LEVEL of {', '.join(logs.LEVELS)}."
    )
LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL)
