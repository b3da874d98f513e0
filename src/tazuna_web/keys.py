"""Keys in files, made once, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def key_from(path: Path) -> str:
    """The key in the file, made on first use.

    Two processes may come first together: the file is created exclusively, and the loser reads it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
