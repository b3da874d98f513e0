"""A release with hardly anything in it, for tests of who may see it."""

from __future__ import annotations

import io
from typing import Any

import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna_web.overview.acts import store_release, system_acting
from tazuna_web.overview.making import Drawn, Made
from tazuna_web.surveys.models import Wave

PICTURE, TABLE = "score", "score-table"


def release_by_hand(wave: Wave) -> None:
    """Store an empty release of the wave, in both languages; needs scopes disabled."""
    figures = io.BytesIO()
    pl.DataFrame(schema=CELL_SCHEMA).write_parquet(figures)
    editions = tuple(
        Drawn(language, _content(), {PICTURE: "<svg/>"}, {"report.html": b"<!doctype html>"})
        for language in ("ja", "en")
    )
    made = Made(figures.getvalue(), facts={}, input_sha256="0" * 64, seed=1, editions=editions)  # type: ignore[arg-type]
    store_release(acting=system_acting(wave), wave=wave, made=made)


def _content() -> dict[str, Any]:
    missing = {"block": "missing", "what": "何もない", "why": "試験のため", "how": "回答する"}
    table = {
        "block": "table",
        "code": TABLE,
        "caption": "表",
        "columns": [{"label": "部署", "kind": "text"}],
        "rows": [],
    }
    section = {"block": "section", "code": "all", "title": "全体", "blocks": [table]}
    return {
        "front": {
            "sentences": [],
            "figure": missing,
            "cards": [],
            "decision": {"heading": "", "question": "", "reason": "", "rule": ""},
            "facts": [],
            "notes": [],
        },
        "parts": [{"code": "part", "title": "部", "lead": "", "sections": [section]}],
        "provenance": [],
        "answer_check": {"held": 0, "judged": 0, "figures": []},
    }
