"""Django's settings, from the Configuration alone: one profile, whose safe values only loopback and tests soften."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from hoofbeat.web.configuration import Configuration

CONFIGURATION = Configuration.read(os.environ)
HERE = Path(__file__).resolve().parent

SECRET_KEY = CONFIGURATION.secret()
DEBUG = False
ALLOWED_HOSTS = list(CONFIGURATION.hosts)
ROOT_URLCONF = "hoofbeat.web.urls"
WSGI_APPLICATION = "hoofbeat.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "hoofbeat.web.oidc",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "hoofbeat.web.access",
    "hoofbeat.web.audit",
    "hoofbeat.web.records",
    "hoofbeat.web.clinic",
    "hoofbeat.web.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A differential is 160 kB of markup and 15 kB on the wire. That lengths tell nothing of a page's secrets: tokens of
    # forms are masked anew in each answer, and this middleware adds a random number of bytes (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hoofbeat.web.access.language.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hoofbeat.web.access.middleware.ActorMiddleware",
    "hoofbeat.web.records.newest_knowledge.NewestKnowledgeMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "pages"],
        "OPTIONS": {
            "environment": "hoofbeat.web.pages.environment.environment",
            "context_processors": ["hoofbeat.web.pages.environment.form_token"],
        },
    },
    {
        # Only for the pages that come with allauth, in our frame.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "sign_in"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "hoofbeat.web.page.sign_in_frame",
            ],
        },
    },
]

_database = CONFIGURATION.database
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _database.name,
        # Kept over requests, as on PostgreSQL: the last one to close would tidy the journal away each time, and the
        # next one would make it again, in the middle of whatever else goes on.
        "CONN_MAX_AGE": 60,
        # A write waits for its turn instead of failing, and is on the disk before it is acknowledged.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
    if _database.engine == "sqlite"
    else {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.name,
        "USER": _database.user,
        "PASSWORD": _database.password,
        "HOST": _database.host,
        "PORT": _database.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

# In the database, so that limits hold over all workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # With Django's 300, somebody who fills the table would wipe out the count of failed sign-ins.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# A message may name a finding, and a cookie lies on whatever computer somebody uses.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "hoofbeat.web.access.sign_in.ByInvitationOnly"
SOCIALACCOUNT_ADAPTER = "hoofbeat.web.access.sign_in.InvitedOnly"
# A link between an account and the provider is made by the person while signed in, never by a sign-in itself.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _oidc := CONFIGURATION.oidc:
    SOCIALACCOUNT_PROVIDERS["clinic_oidc"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "clinic",
                "name": "OpenID",
                "client_id": _oidc.client,
                "secret": _oidc.secret,
                # Only an address that the provider says is verified opens an account, and only one that exists.
                "settings": {"server_url": _oidc.issuer, "email_authentication": True},
            }
        ],
    }
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # phones and clinic computers are shared: closing the browser signs out
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if CONFIGURATION.plain_http else "https"
# Counted in the shared cache, so over all workers: five wrong passwords for one account in five minutes, from wherever
# they come; twenty a minute from one address, because a clinic's people share one.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/h/key",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIGURATION.proxies
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "hoofbeat.web.access.passkey_form.AddPasskeyForm"}
MFA_TOTP_ISSUER = "Hoofbeat"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are off by seconds
# Accounts are made by invitation, so that nobody can lock an owner out by signing up with their address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers allow passkeys on plain HTTP for localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CONFIGURATION.plain_http
USERSESSIONS_TRACK_ACTIVITY = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
CATALOGUES = HERE / "locale"  # what people edit; compiled at start, see locale_files.py
LOCALE_PATHS = [CONFIGURATION.folder / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.folder / "static"
STATICFILES_DIRS = [HERE / "static"]
MEDIA_ROOT = CONFIGURATION.files
# The first stops what is too large while it arrives, on every page that takes a file.
FILE_UPLOAD_HANDLERS = [
    "hoofbeat.web.records.files.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

SECURE_SSL_REDIRECT = not CONFIGURATION.plain_http
SECURE_HSTS_SECONDS = 0 if CONFIGURATION.plain_http else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not CONFIGURATION.plain_http
SECURE_HSTS_PRELOAD = not CONFIGURATION.plain_http
# Anybody can send this header; it is believed only where a proxy stands in front, which sets it anew.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.proxies else None
# Nothing is said to other hosts. "no-referrer" would also make browsers send "Origin: null" with our own forms, and
# those would be refused as forged.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Browsers take a cookie of this name from this host alone: another host of the domain cannot plant a session, or the
# token of a form.
_OURS_ALONE = "" if CONFIGURATION.plain_http else "__Host-"
SESSION_COOKIE_NAME = f"{_OURS_ALONE}sessionid"
SESSION_COOKIE_SECURE = not CONFIGURATION.plain_http
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = f"{_OURS_ALONE}csrftoken"
CSRF_COOKIE_SECURE = not CONFIGURATION.plain_http
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not CONFIGURATION.plain_http
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hoofbeat.web.home.form_too_old"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A sign-in with the clinic's provider is a form that leads there.
        "form-action": [SELF, *([CONFIGURATION.oidc.origin] if CONFIGURATION.oidc else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if CONFIGURATION.mail
    else ("django.core.mail.backends.dummy.EmailBackend")
)
EMAIL_HOST = CONFIGURATION.mail
DEFAULT_FROM_EMAIL = "hoofbeat@localhost"

# What happens is in the audit chain. The log is for faults, and holds no patient data.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_data": {"()": "hoofbeat.web.audit.quiet_log.WithoutData"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_data"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # It warns of being asked to stop.
        "django_tasks_db": {"level": "ERROR"},
    },
}
