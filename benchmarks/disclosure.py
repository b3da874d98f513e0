"""How fast small groups are protected, and how much is hidden: by size, beside a rule of thumb and τ-Argus.

The peer ``pytauargus`` is in the environment of the other twins, ``.twins``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.disclosure_tables import MEASURES, TABLES, K, cells, known_within, people
from benchmarks.disclosure_tasks import TRIED
from benchmarks.measuring import Measurement
from benchmarks.table import Row, Words
from benchmarks.tasks import TWINS, Found, run_task

SIZES = {1_000: 3, 5_000: 1, 20_000: 1}
"""People of the company → runs."""
COMPARED = 5_000


def disclosure_rows(folder: Path) -> Iterator[Row]:
    """Every row of protection in turn; what the peer reads and writes is in ``folder``."""
    fewer: Measurement | None = None
    for size, runs in SIZES.items():
        found, facts = _task("joint", size, runs)
        what: Words = {
            "en": f"joint hiding and audit, {size:,} people, {len(TABLES)} linked tables, {len(MEASURES)} "
            f"measures: {facts['small']:,} figures of fewer than {K}, {facts['hidden']:,} of "
            f"{facts['figures']:,} hidden",
            "ja": f"まとめて行う秘匿と監査、{size:,}人、つながった{len(TABLES)}表、{len(MEASURES)}指標："
            f"{K}人未満の値{facts['small']:,}件、{facts['figures']:,}件中{facts['hidden']:,}件を非表示",
        }
        against: Words = {"en": "to the size before", "ja": "1つ前の人数に対して"}
        ratio = None if fewer is None else _times(found, fewer, against)
        limit: Words | None = {"en": "at most 10 s", "ja": "10秒以内"} if size == COMPARED else None
        yield Row(what, found, ratio, limit)
        fewer = found
    yield from comparison_rows(folder)


def comparison_rows(folder: Path) -> Iterator[Row]:
    """One measure of the same company, hidden by the rule of thumb and by the peer."""
    found, facts = _task("counted", COMPARED)
    yield Row(
        {
            "en": f"hiding the next smallest instead, one measure, {facts['cells']:,} cells: "
            f"{facts['next_smallest']:,} hidden against {facts['joint']:,} jointly; of {TRIED} small ones "
            f"{facts['given_away_next_smallest']} known within {K} people against "
            f"{facts['given_away_joint']}",
            "ja": f"次に小さいセルを隠す方法、1指標、{facts['cells']:,}セル：非表示"
            f"{facts['next_smallest']:,}件（まとめて行う秘匿では{facts['joint']:,}件）。小さいセル{TRIED}件の"
            f"うち{facts['given_away_next_smallest']}件が{K}人より狭い幅で分かる"
            f"（同{facts['given_away_joint']}件）",
        },
        found,
    )
    if TWINS.exists():
        yield peer_row(folder)


def peer_row(folder: Path) -> Row:
    """The peer on the same people and tables."""
    everybody = people(COMPARED)
    answered = everybody.filter(pl.col("answered") < MEASURES["co"])
    groups = {name: answered[name].to_list() for table in TABLES for name in table}
    asked, written = folder / "tables.json", folder / "hidden.json"
    asked.write_text(json.dumps({"tables": TABLES, "people": groups}), encoding="utf-8")
    found, _ = run_task("benchmarks.disclosure_twin", "tauargus", asked, written, K, python=TWINS)
    labels = cells(everybody).filter(measure="co").select("group_by", "group", "n").iter_rows()
    counts = {(grouping, group): n for grouping, group, n in labels}
    hidden = {(grouping, group) for grouping, group in json.loads(written.read_text(encoding="utf-8"))}
    known = known_within(counts, hidden, TRIED)
    return Row(
        {
            "en": f"package `pytauargus` on the same tables, each for itself (it cannot link them), empty "
            f"cells shown: {len(hidden):,} hidden; of {TRIED} small ones {known} known within {K} people",
            "ja": f"パッケージ `pytauargus`、同じ表を1つずつ（表どうしの連動は不可）、0人のセルは表示："
            f"非表示{len(hidden):,}件。小さいセル{TRIED}件のうち{known}件が{K}人より狭い幅で分かる",
        },
        found,
    )


def _task(name: str, *arguments: object) -> tuple[Measurement, Found]:
    return run_task("benchmarks.disclosure_tasks", name, *arguments)


def _times(found: Measurement, other: Measurement, against: Words) -> Words:
    ratio = found.processor_seconds / other.processor_seconds
    return {"en": f"{ratio:.1f} × {against['en']}", "ja": f"{against['ja']}{ratio:.1f}倍"}
