"""Django's settings, all of them from the environment (`environment.py`)."""

from __future__ import annotations

from pathlib import Path

from evenwicht.web.environment import environment

_given = environment()

HOME = _given.home
URL = _given.url
LARGEST_UPLOAD = _given.largest
MAIL_IS_SET = bool(_given.mail.host)

SECRET_KEY = _given.secret
DEBUG = False
ALLOWED_HOSTS = _given.hosts
ROOT_URLCONF = "evenwicht.web.urls"
WSGI_APPLICATION = "evenwicht.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False  # words come from the one catalogue of the house

INSTALLED_APPS = [
    "evenwicht.web.people.apps.People",
    "evenwicht.web.books.apps.Books",
    "evenwicht.web.shared.apps.Shared",
    "evenwicht.web.care.apps.Care",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
]

MIDDLEWARE = [
    "evenwicht.web.headers.guarded",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evenwicht.web.languages.spoken",
    "evenwicht.web.people.access.doors",
    "allauth.account.middleware.AccountMiddleware",
]

DATABASES = {"default": _given.database}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Pages are functions, not template files (`drawn.py`); the library's pages for signing in are drawn the same way.
TEMPLATES = [{"BACKEND": "evenwicht.web.drawn.Drawn", "DIRS": [], "APP_DIRS": False, "OPTIONS": {}}]

# static files: few, named after their content, collected once a release
_HERE = Path(__file__).resolve().parent
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    _HERE / "static",
    ("style", _HERE.parent / "reports" / "pages" / "style"),
    ("font", _HERE.parent / "reports" / "pages" / "font"),
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "evenwicht.web.statics.FromHtmx"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# people
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "evenwicht.web.people.adapter.ByInvitation"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Evenwicht"

# sessions, cookies, transport
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _given.https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "evenwicht.web.faults.stale"
CSRF_TRUSTED_ORIGINS = [URL] if URL else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _given.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _given.https else None
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# uploads go to disk as they come
FILE_UPLOAD_HANDLERS = ["evenwicht.web.books.uploads.ToDisk"]
FILE_UPLOAD_TEMP_DIR = str(HOME / "uploads" / "arriving")
(HOME / "uploads" / "arriving").mkdir(parents=True, exist_ok=True, mode=0o700)
DATA_UPLOAD_MAX_NUMBER_FILES = 20_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000

# mail
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if MAIL_IS_SET else "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST, EMAIL_PORT = _given.mail.host, _given.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _given.mail.user, _given.mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _given.mail.tls == "starttls", _given.mail.tls == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _given.mail.sender

# what is logged names no person: no addresses, no query strings, no bodies
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"nobody": {"()": "evenwicht.web.logs.Nobody"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["nobody"]}},
    "root": {"handlers": ["errors"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["errors"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["errors"], "level": "ERROR", "propagate": False},
        "evenwicht": {"handlers": ["errors"], "level": "INFO", "propagate": False},
    },
}
