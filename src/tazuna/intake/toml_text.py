"""TOML as text: quoted keys and values, a section at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

_BARE = re.compile(r"[A-Za-z0-9_-]+")

TomlValue = str | int | bool | Sequence[str]


def toml_key(name: str) -> str:
    """A key, quoted where TOML wants it.

    Examples
    --------
    >>> toml_key("people"), toml_key("社員番号")
    ('people', '"社員番号"')
    """
    return name if _BARE.fullmatch(name) else toml_text(name)


def toml_text(text: str) -> str:
    """A basic string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_line(name: str, value: TomlValue) -> str:
    """``name = value``."""
    if isinstance(value, str):
        words = toml_text(value)
    elif isinstance(value, bool):
        words = str(value).lower()
    elif isinstance(value, int):
        words = str(value)
    else:
        words = f"[{', '.join(toml_text(part) for part in value)}]"
    return f"{toml_key(name)} = {words}"


def toml_table(header: str, values: Mapping[str, TomlValue]) -> list[str]:
    """An empty line, ``[header]`` and a line a value; nothing where there are no values."""
    return ["", f"[{header}]", *(toml_line(name, value) for name, value in values.items())] if values else []
