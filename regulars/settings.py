"""One file of settings: environment variables, with defaults that run on a fresh machine."""

import os
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(os.environ.get("VAR") or ROOT / "var").resolve()
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = env.str("SECRET_KEY", default="only-for-a-first-look")
ALLOWED_HOSTS = ["*"]

REGULARS_PACKS: list[str] = [p for p in env.list("REGULARS_PACKS", default=[]) if p]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "regulars.ui",
    "regulars.criteria",
    "regulars.staff",
    "regulars.wire",
    "regulars.live",
    "regulars.timeline",
    "regulars.customers",
    "regulars.imports",
    "regulars.desk",
    "regulars.server",
    *REGULARS_PACKS,
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("regulars.") or (ROOT / app.replace(".", "/") / "apps.py").exists()
]

AUTH_USER_MODEL = "staff.User"
ROOT_URLCONF = "regulars.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": env.db_url(
        "DATABASE_URL", default=f"postgresql://postgres:@/postgres?host={VAR / 'postgres'}"
    )
}

USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"

# --- Signing in -----------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["regulars.staff.sign_in.backend.Backend"]
PASSWORD_HASHERS = ["regulars.staff.sign_in.hashing.CappedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Rates and used codes must be one for all processes: a table of the database, without a log.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "staff_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

ACCOUNT_ADAPTER = "regulars.staff.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "regulars.staff.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Passwords are throttled by staff.sign_in.throttle; here: codes of the second step, and mails.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/h/key", "reset_password": "20/m/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

MFA_ADAPTER = "regulars.staff.sign_in.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://")

# One company's own identity provider, when it has one.
if env.str("OIDC_ISSUER", default=""):
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "regulars.staff.sign_in.company_login.CompanyLogin"
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "company",
                    "name": env.str("OIDC_NAME", default="company account"),
                    "client_id": env.str("OIDC_CLIENT_ID"),
                    "secret": env.str("OIDC_SECRET"),
                    "settings": {"server_url": env.str("OIDC_ISSUER")},
                }
            ]
        }
    }
# --- end of signing in ----------------------------------------------------------------------------
