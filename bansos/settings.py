"""One settings file, read from the environment (README, "Settings"). Without DATABASE_URL: the embedded servers."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from bansos import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
IS_EMBEDDED = not os.environ.get("DATABASE_URL")
IS_DEMO = IS_EMBEDDED or os.environ.get("BANSOS_DEMO") == "1"  # plain HTTP on loopback, keys beside the data
DATA_DIR = embedded.data_dir()


def _load_own_keys() -> None:
    """The demo's keys lie beside its data; what the environment gives wins."""
    for line in embedded.ensure_keys().read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


if IS_DEMO:
    _load_own_keys()


def _required(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"{name} is not set. Production needs it: see README, 'Settings'."
        ) from None


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


SECRET_KEY = _required("BANSOS_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("BANSOS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("BANSOS_ORIGINS", "").split(",") if origin]

# Identifier vault (bansos/common/vault.py): "id:base64 of 32 bytes", the first encrypts, all decrypt.
VAULT_KEYS = _required("BANSOS_VAULT_KEYS")
VAULT_INDEX_KEY = _required("BANSOS_INDEX_KEY")

INSTALLED_APPS = [
    "bansos.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "import_export",
    "rest_framework",
    "bansos.common",
    "recipients",
    "eligibility",
    "objections",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bansos.common.middleware.SecurityHeadersMiddleware",
    "bansos.common.sessions.StaffSessionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bansos.common.sessions.StaffSessionAgeMiddleware",
    "bansos.second_step.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "bansos.urls"
WSGI_APPLICATION = "bansos.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database(embedded.database_url())}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bansos.common.office.office",
            ],
        },
    }
]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
TIME_ZONE = "Asia/Makassar"  # WITA
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = IS_DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_DIR = DATA_DIR / "uploads"  # release files as received, encrypted
DROP_DIR = os.environ.get("BANSOS_DROP_DIR", "")  # watched folder for very large files; empty: not watched
DROP_USER = os.environ.get("BANSOS_DROP_USER", "")  # the account whose deliveries they are
EVIDENCE_DIR = DATA_DIR / "evidence"  # photos, voice notes and letters of cases, encrypted
FILE_UPLOAD_HANDLERS = ["bansos.common.uploads.BoundedMemoryHandler"]
CLAMD = os.environ.get("BANSOS_CLAMD", "")  # malware scanner: "host:port" or the path of its socket
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 5

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["bansos.login.StaffBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "objections.public.errors.csrf_failed"

# Cookies and transport: strict, but for the demo, which speaks plain HTTP on loopback.
IS_HTTPS = not IS_DEMO
SESSION_COOKIE_NAME = "__Host-sid" if IS_HTTPS else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Must every account of staff show a second factor (bansos/second_step.py)? Whoever has set one up is always asked.
SECOND_FACTOR_REQUIRED = os.environ.get("BANSOS_SECOND_FACTOR", "off" if IS_DEMO else "required") != "off"
# How many proxies of ours stand in front and may name the client in X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("BANSOS_TRUSTED_PROXIES", "0" if IS_DEMO else "1"))

REDIS_URL = embedded.redis_url()
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 3, "socket_connect_timeout": 3}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# How long a job belongs to a worker that shows no sign of life (bansos/common/jobs.py).
JOB_LEASE_S = float(os.environ.get("BANSOS_LEASE_S", "30"))
# A run that would change more than this share of a programme's verdicts, and at least so many, waits for a person.
SPIKE_SHARE = float(os.environ.get("BANSOS_SPIKE_PERCENT", "5")) / 100
SPIKE_LEAST = int(os.environ.get("BANSOS_SPIKE_LEAST", "100"))
# However quiet the nights, everyone is compared again after so many days (docs/decisions/0039).
COMPARE_EVERY_DAYS = int(os.environ.get("BANSOS_COMPARE_DAYS", "7"))
NIGHTLY_HOUR = int(os.environ.get("BANSOS_NIGHTLY_HOUR", "1"))  # WITA

# Outgoing messages (bansos/common/gateways.py); without these the demo keeps them and production holds them back.
SMTP_URL = os.environ.get("BANSOS_SMTP_URL", "")
MAIL_FROM = os.environ.get("BANSOS_MAIL_FROM", "bansos@localhost")
GATEWAY_URL = os.environ.get("BANSOS_GATEWAY_URL", "")
GATEWAY_TOKEN = os.environ.get("BANSOS_GATEWAY_TOKEN", "")
# Rupiah that one part of an SMS, or one WhatsApp message, costs the office; 0: not filled in (bansos/common/costs.py).
COST_SMS = int(os.environ.get("BANSOS_COST_SMS", "0"))
COST_WHATSAPP = int(os.environ.get("BANSOS_COST_WHATSAPP", "0"))
# Codes by SMS that people may ask for in the whole district within a day: what it may cost.
PHONE_CODES_A_DAY = int(os.environ.get("BANSOS_PHONE_CODES_A_DAY", "500"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "bansos.common.scrub.ScrubIdentifiers"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["scrub"], "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("BANSOS_LOG_LEVEL", "WARNING")},
}
