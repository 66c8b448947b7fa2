"""Django's settings, derived from the installation's `Config`."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from opieka.project import config, database

OPIEKA = config.load()

SECRET_KEY = OPIEKA.secret_key
DEBUG = OPIEKA.debug
ALLOWED_HOSTS = [OPIEKA.hostname, OPIEKA.host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [OPIEKA.url]
DATABASES = {"default": database.django_settings(OPIEKA.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DOMAINS = [
    "shops",
    "timeline",
    "clocks",
    "webhooks",
    "customers",
    "catalogue",
    "orders",
    "channels",
    "conversations",
    "goodwill",
    "deliveries",
    "returns",
    "care",
    "rest",
    "inbound",
    "portal",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(f"opieka.{name}" for name in DOMAINS),
    "opieka.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opieka.desk.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opieka.project.access.AccessMiddleware",
    "opieka.desk.middleware.RefusalMiddleware",
    "opieka.project.protect.ProtectMiddleware",
]

ROOT_URLCONF = "opieka.project.urls"
WSGI_APPLICATION = "opieka.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "NAME": "jinja2",
        "OPTIONS": {
            "environment": "opieka.project.templating.environment",
            "context_processors": [
                "opieka.project.templating.token",
                "opieka.desk.presenters.account.context",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "shops.StaffMember"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "opieka.project.access.StaffAccountAdapter"
# An owner makes the accounts, so their addresses are nobody's to confirm.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OPIEKA.secure
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "opieka.desk.views.errors.forged"

LANGUAGE_CODE = "en"
LANGUAGES = [("pl", _("Polish")), ("ru", _("Russian")), ("el", _("Greek")), ("en", _("English"))]
LOCALE_PATHS = [str(Path(__file__).parent.parent / "locale")]
LANGUAGE_COOKIE_NAME = "opieka_language"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = str(OPIEKA.data / "static")
# While debugging, files are served as they are, so that a change shows at once.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "opieka.project.assets.Assets"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = OPIEKA.max_mail_bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPIEKA.secure
# In the database alone: whoever signs out is signed out in every web process at once.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if OPIEKA.secure else 0
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
if OPIEKA.trusted_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"opieka": {"level": "INFO"}},
}
