"""Tests: SQLite by default, PostgreSQL where DATABASE_URL names one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tazuna_web.site.databases import database_from
from tazuna_web.site.settings.shared import *  # noqa: F403

_FOLDER = Path(tempfile.mkdtemp(prefix="tazuna-tests-"))
DEBUG = False
DEMO = True
SECRET_KEY = "only-for-tests"  # noqa: S105
PSEUDONYM_KEY_FILE = _FOLDER / "pseudonym.key"
DATABASES = {
    "default": database_from(os.environ.get("DATABASE_URL", f"sqlite:///{_FOLDER / 'tests.sqlite3'}"))
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: a live server answers on several threads.
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "live.sqlite3")}
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are looked up when asked for; each test's client would list them all before its first page.
WHITENOISE_AUTOREFRESH = True
