"""One machine, SQLite in a folder of its own: the demo."""

from __future__ import annotations

import os
from pathlib import Path

from tazuna_web.keys import key_from
from tazuna_web.site.settings.shared import *  # noqa: F403
from tazuna_web.site.settings.shared import SQLITE_OPTIONS

DATA = Path(os.environ.get("TAZUNA_DATA", ".tazuna-demo")).resolve()
DEMO = True
DEBUG = False
SECRET_KEY = key_from(DATA / "secret.key")
PSEUDONYM_KEY_FILE = DATA / "pseudonym.key"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "tazuna.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, [os.environ.get("TAZUNA_LAN_HOST")])]
CSRF_TRUSTED_ORIGINS: list[str] = []
