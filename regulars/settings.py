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
