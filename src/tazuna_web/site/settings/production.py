"""Production: PostgreSQL or SQLite by DATABASE_URL, keys in files, HTTPS in front."""

from __future__ import annotations

import os
from pathlib import Path

from tazuna_web.keys import key_from
from tazuna_web.site.databases import database_from
from tazuna_web.site.settings.shared import *  # noqa: F403

DATA = Path(os.environ.get("TAZUNA_DATA", "tazuna-data")).resolve()
DEBUG = False
SECRET_KEY = key_from(DATA / "secret.key")
PSEUDONYM_KEY_FILE = DATA / "pseudonym.key"
DATABASES = {"default": database_from(os.environ.get("DATABASE_URL", ""))}
ALLOWED_HOSTS = [host for host in os.environ.get("TAZUNA_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = os.environ.get("TAZUNA_HTTPS_REDIRECT", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
