# A site of Django and django-allauth, with their own templates: what they ask and what they say is theirs.
# SSPR_SITE names the folder of its files; SSPR_PERSON, SSPR_MAIL and SSPR_PASSWORD whom it knows (wsgi.py);
# SSPR_COOKIE_DOMAIN, which may be missing, the domain of its cookies.
import os
from pathlib import Path

FOLDER = Path(os.environ["SSPR_SITE"])
SECRET_KEY = "the site lives for one test"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "urls"

INSTALLED_APPS = [
    # The administration is here for its templates, which are those of the reset of contrib.auth.
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
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
    }
]
STATIC_URL = "static/"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db"}}
# The tables as they are now, not as they came to be: it starts in half the time.
MIGRATION_MODULES = {name: None for name in ("account", "admin", "auth", "contenttypes", "sessions")}

# What a new project has.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_DOMAIN = CSRF_COOKIE_DOMAIN = os.environ.get("SSPR_COOKIE_DOMAIN")

# Mail is printed.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# As many as by default, but in an hour: in a minute no busy machine may be able to do so many.
ACCOUNT_RATE_LIMITS = {"reset_password": "5/h/key"}
# After a sign-in.
LOGIN_REDIRECT_URL = "/signed-in/"
