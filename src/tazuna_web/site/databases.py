"""From a DATABASE_URL to Django's settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from tazuna_web.site.settings.shared import SQLITE_OPTIONS


def database_from(url: str) -> dict[str, Any]:
    """Settings for ``postgresql://user:password@host:port/name`` or ``sqlite:///path/to/file``.

    Raises
    ------
    ImproperlyConfigured
        The address is empty or of another kind.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) if parts.path.startswith("//") else unquote(parts.path),
            "OPTIONS": SQLITE_OPTIONS,
        }
    if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
        }
    raise ImproperlyConfigured(
        "DATABASE_URL must be postgresql://user:password@host:port/name or sqlite:///path/to/file"
    )
