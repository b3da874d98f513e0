"""The pseudonym of a person's answers: joined to the person by a key file outside the backups."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tazuna_web.keys import key_from


@cache
def _key(path: Path) -> bytes:
    return bytes.fromhex(key_from(path))


def pseudonym_of(person: UUID, wave_id: int) -> str:
    """HMAC-SHA256 of the person's uuid and the wave, in hexadecimal: one person differs between waves."""
    return hmac.new(
        _key(settings.PSEUDONYM_KEY_FILE), f"{person}/{wave_id}".encode(), hashlib.sha256
    ).hexdigest()
