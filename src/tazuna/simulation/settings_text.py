"""The sample's ``study.toml``: its waves and the rules of its rounds (募集回の決め方)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tazuna.intake.new_round import new_round_lines
from tazuna.intake.toml_text import toml_text
from tazuna.simulation.applying import HOST_TIERS


def study_settings(waves: Sequence[str], k: int, internal_round: str | None) -> str:
    """The text of ``study.toml``.

    Parameters
    ----------
    waves
        Earliest first.
    k
        Smallest group that is shown.
    internal_round
        Name of the round of internal side work, whose hosts sort nobody; None where there is none.
    """
    text = f"""schema = "tazuna/study/1"
title = "見本コンソーシアム（架空のデータ）"

[waves]
order = {json.dumps(list(waves))}

[orders]
contribution = ["D", "C", "B", "A", "S"]

[disclosure]
k = {k}

[calendar]
timezone = "Asia/Tokyo"
fiscal_year_starts = 4
"""
    return "\n".join(
        [text.rstrip(), *new_round_lines("ja", tiers=HOST_TIERS), *_internal_lines(internal_round), ""]
    )


def _internal_lines(round_: str | None) -> list[str]:
    if round_ is None:
        return []
    return [
        "",
        "# 社内副業は、受入可の応募者に順位を付けず、全員を同じ条件で抽選",
        f"[rounds.{toml_text(round_)}]",
        "tiers = 1",
        "open_share = 0",
    ]
