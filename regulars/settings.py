"""One file of settings: environment variables, with defaults that run on a fresh machine."""

from pathlib import Path
from urllib.parse import urlsplit

from pghistory.config import ForeignKey

from regulars.server import embedded
from regulars.server.environment import Environment, Wrong
from regulars.server.refusals import TOO_MUCH

ROOT = Path(__file__).resolve().parent.parent
environment = Environment()

VAR = environment.var(ROOT)
PORT = environment.port()
BASE_URL = environment.site()
HTTPS = BASE_URL.startswith("https://")
DEBUG = environment.yes("DEBUG")
SECRET_KEY = environment.secret_key(VAR)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
REGULARS_PACKS = environment.packs(ROOT / "regulars" / "packs")
COMPANY = environment.text("COMPANY", "Regulars")

# One-click sign-in and known passwords: never where strangers can reach it, unless said twice.
DEMO_ANYWAY = environment.text("DEMO") == "anyway"
DEMO = DEMO_ANYWAY or environment.yes("DEMO")
if DEMO and not DEMO_ANYWAY and (HTTPS or environment.text("DATABASE_URL")):
    raise Wrong(
        "The demo lets anybody in, so it does not run with an https BASE_URL or a DATABASE_URL: "
        "unset those, or pass --anyway if that is what you want."
    )

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "regulars.ui",
    "regulars.criteria",
    "regulars.staff",
    "regulars.wire",
    "regulars.live",
    "regulars.timeline",
    "regulars.customers",
    "regulars.bulk",
    "regulars.matching",
    "regulars.imports",
    "regulars.exports",
    "regulars.audiences",
    "regulars.follow_up",
    "regulars.desk",
    *REGULARS_PACKS,
    "regulars.server",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("regulars.") or (ROOT / app.replace(".", "/") / "apps.py").exists()
]

MIDDLEWARE = [
    "regulars.server.middleware.headers",
    "regulars.wire.middleware.problems_only",
    "regulars.ui.middleware.readable_here",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "regulars.server.middleware.probes",
    "regulars.server.middleware.not_too_big",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "regulars.staff.middleware.SignInFirst",
    "regulars.staff.middleware.their_time",
    "regulars.ui.middleware.Refusals",
]

AUTH_USER_MODEL = "staff.User"
ROOT_URLCONF = "regulars.urls"
ASGI_APPLICATION = "regulars.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {
            "environment": "regulars.ui.jinja.environment",
            "context_processors": [
                "regulars.ui.context.frame",
                "regulars.staff.context.settings_menu",
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
            ]
        },
    },
]

# --- Database -------------------------------------------------------------------------------------
_database = environment.database()
EMBEDDED_POSTGRES = VAR if _database is None else None  # the folder it lies in
if _database is None:
    _database = embedded.describe(VAR)
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "regulars.server.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Prepared statements stay off (Django's default): a generic plan can be a thousand times
        # slower. Compiling a plan costs more than any of our short queries. A row that is looked up
        # costs hardly more than the next one: told otherwise, the planner reads and sorts a whole
        # store rather than follow an index for fifty rows.
        "OPTIONS": {
            "connect_timeout": 10,
            "application_name": "regulars",
            **_database.get("OPTIONS", {}),
            "options": " ".join(
                [
                    "-c jit=off -c random_page_cost=1.1",
                    _database.get("OPTIONS", {}).get("options", ""),
                ]
            ).strip(),
        },
    }
}
PGHISTORY_FOREIGN_KEY_FIELD = ForeignKey(db_index=False)  # history is read along two indexes only
PGTRIGGER_SCHEMA = None  # no SQL names a schema: a company may live in one of its own
PAGE_STATEMENT_SECONDS = (
    20  # what one statement of a page may take; jobs and commands have no limit
)

# --- Where and how people reach us ----------------------------------------------------------------
_host = urlsplit(BASE_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = [_host, "127.0.0.1", "localhost", "[::1]", *environment.words("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
YEAR = 366 * 24 * 60  # minutes
GREEN_MINUTES = environment.count("GREEN_MINUTES", 5, most=YEAR)
ORANGE_MINUTES = environment.count("ORANGE_MINUTES", 30, most=YEAR)
IMPORT_MEGABYTES = environment.count("IMPORT_MEGABYTES", 50, least=1, most=10_000)
ATTACHMENT_MEGABYTES = environment.count("ATTACHMENT_MEGABYTES", 25, least=1, most=10_000)
QUOTA_GIGABYTES = environment.count("QUOTA_GIGABYTES", 50, most=1_000_000)
FILE_SCANNER = environment.scanner()
MATCHING_FOLDER = environment.folder("MATCHING_FOLDER")  # None: where temporary files go
USPS_CLIENT_ID = environment.text("USPS_CLIENT_ID")
USPS_CLIENT_SECRET = environment.text("USPS_CLIENT_SECRET")
USPS_URL = environment.service("USPS_URL", "https://apis.usps.com")
TRUSTED_PROXIES = environment.count("TRUSTED_PROXIES", 1 if HTTPS else 0, most=20)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_ENGINE = "regulars.staff.sign_in.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *environment.tile_hosts()],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # a thousand events with their data
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# --- The map: an outline of our own, or pictures from a server of tiles -------------------------
MAP_TILES = environment.map_tiles()
MAP_CREDIT = environment.text("MAP_CREDIT")

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": environment.files() or {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "regulars.server.static.Fingerprinted"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# --- Mail: without EMAIL_URL every message is a file under var/mail -------------------------------
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 20
globals().update(environment.mail() or {})
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.sender(f"Regulars <regulars@{_host}>")

# --- Time, words, jobs, logs ----------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"known": {"()": "regulars.server.refusals.Known"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        **{f"django.security.{name}": {"filters": ["known"]} for name in TOO_MUCH},
        "regulars": {"level": "INFO"},
    },
}

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
ACCOUNT_FORMS = {
    "login": "regulars.staff.forms.SignInForm",
    "change_password": "regulars.staff.sign_in.passwords.ChangeForm",
    "set_password": "regulars.staff.sign_in.passwords.SetForm",
    "reset_password": "regulars.staff.sign_in.passwords.AskForm",
    "reset_password_from_key": "regulars.staff.sign_in.passwords.FromLinkForm",
    "reauthenticate": "regulars.staff.sign_in.passwords.ConfirmForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 (a dotted path)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Passwords are throttled by staff.sign_in.throttle; here: codes of the second step, and mails.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/h/key",
    "reset_password": "20/m/ip,5/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_FORMS = {
    f"{deed}_webauthn": f"regulars.staff.sign_in.passkeys.{deed.capitalize()}Form"
    for deed in ("login", "authenticate", "reauthenticate", "add")
}
MFA_ADAPTER = "regulars.staff.sign_in.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A code counts in its own half minute only: used codes are remembered for no longer than that.
MFA_TOTP_TOLERANCE = 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# One company's own identity provider, when it has one.
if issuer := environment.issuer():
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "regulars.staff.sign_in.company_login.CompanyLogin"
    SOCIALACCOUNT_LOGIN_ON_GET = True  # form-action 'self' lets no form lead to the provider
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "company",
                    "name": environment.text("OIDC_NAME", "company account"),
                    "client_id": environment.text("OIDC_CLIENT_ID"),
                    "secret": environment.text("OIDC_SECRET"),
                    "settings": {"server_url": issuer},
                }
            ]
        }
    }
# --- end of signing in ----------------------------------------------------------------------------
