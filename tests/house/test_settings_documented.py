"""Every environment variable that the code reads is in the reference, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""["'](TAZUNA_[A-Z_]+|DATABASE_URL)["']""")


@pytest.mark.parametrize("page", ["settings.md", "settings.ja.md"])
def test_every_setting_is_documented(page: str) -> None:
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in READ.findall(path.read_text(encoding="utf-8"))
    }
    documented = set(
        re.findall(r"^\| `(\w+)`", (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8"), re.M)
    )
    assert read == documented
