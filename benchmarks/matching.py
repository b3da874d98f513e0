"""How fast a round is drawn, and everybody's chance found: by size, by threads, against ``matching``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.matching_market import large_market
from benchmarks.measuring import Measurement, measure_command
from benchmarks.table import Row, Words
from benchmarks.tasks import Found, run_task
from tazuna.matching.market import Market

ONE_RUN = {10_000: 100, 100_000: 1_000, 1_000_000: 10_000}
"""People → programmes, each person with ten choices."""
AGAINST_PEER = {1_000: 50, 5_000: 250}
REDRAWN = (10_000, 100, 10, 1_000)
PEER_NEEDED = 500


def matching_rows(folder: Path, tazuna: Sequence[str | Path]) -> Iterator[Row]:
    """Every row of matching in turn."""
    yield from one_run_rows()
    yield from redraw_rows()
    yield from peer_rows()
    yield from ranking_rows()
    yield from command_rows(folder, tazuna)


def one_run_rows() -> Iterator[Row]:
    """One draw; from each size to the next there are ten times as many people."""
    fewer: float | None = None
    for people, programs in ONE_RUN.items():
        found, _ = _task("one_run", people, programs, 10, 5)
        what: Words = {
            "en": f"one draw, {people:,} × {programs:,} × 10; memory beyond the tables",
            "ja": f"抽選1回、{people:,} × {programs:,} × 10（メモリーは表を除く）",
        }
        limit: Words = {"en": "at most 1.0 s, 1 GB", "ja": "1.0秒、1 GB以内"}
        ratio = (
            None
            if fewer is None
            else _times(found.seconds / fewer, "to a tenth of the people", "人数が10分の1のときに対して")
        )
        yield Row(what, found, ratio, limit if people == max(ONE_RUN) else None)
        fewer = found.seconds


def redraw_rows() -> Iterator[Row]:
    """A thousand redraws on one thread and on two, which must count the same.

    Raises
    ------
    RuntimeError
        They do not.
    """
    people, programs, choices, draws = REDRAWN
    one, facts = _task("redraws", *REDRAWN, 1, 3)
    two, others = _task("redraws", *REDRAWN, 2, 3)
    if facts["digest"] != others["digest"]:
        raise RuntimeError("two threads count other chances than one")
    for threads, found in ((1, one), (2, two)):
        what: Words = {
            "en": f"{draws:,} redraws, {people:,} × {programs} × {choices}, threads: {threads}",
            "ja": f"抽選のやり直し{draws:,}回、{people:,} × {programs} × {choices}、スレッド数{threads}",
        }
        if threads == 1:
            yield Row(what, found, limit={"en": "at most 1.5 s", "ja": "1.5秒以内"})
        else:
            yield Row(what, found, _times(found.seconds / one.seconds, "to one thread", "1スレッドに対して"))


def peer_rows() -> Iterator[Row]:
    """The package ``matching`` on the same markets without ties: the same places.

    Raises
    ------
    RuntimeError
        Somebody got another place.
    """
    for people, programs in AGAINST_PEER.items():
        ours, _ = _task("strict", people, programs, 10, 5)
        theirs, facts = _task("strict_by_peer", people, programs, 10, 1)
        if not facts["same"]:
            raise RuntimeError("the package matching gives other places")
        size = f"{people:,} × {programs} × 10"
        what = {
            "en": f"a market without ties, {size}, from arrays",
            "ja": f"同順位のない市場、{size}（配列から）",
        }
        yield Row({"en": what["en"], "ja": what["ja"]}, ours)
        yield Row(
            {
                "en": "package `matching`, the same from dictionaries, same places",
                "ja": "パッケージ `matching`、同じ市場（辞書から）、同じ結果",
            },
            theirs,
            _times(theirs.seconds / ours.seconds, "to ours", "こちらに対して"),
            {"en": f"at least {PEER_NEEDED} ×", "ja": f"{PEER_NEEDED}倍以上"},
        )


def ranking_rows() -> Iterator[Row]:
    """The chance of a ranking that somebody tries out on the screen."""
    for people, programs, english, japanese in (
        (5_000, 50, "at most 0.15 s", "0.15秒以内"),
        (10_000, 100, "at most 0.005 s", "0.005秒以内"),
    ):
        found, _ = _task("ranking", people, programs, 10, 5)
        what: Words = {
            "en": f"chance of a ranking as it stands, {people:,} people",
            "ja": f"いまの希望順位での確率、{people:,}人",
        }
        yield Row(what, found, limit={"en": english, "ja": japanese})


def command_rows(folder: Path, tazuna: Sequence[str | Path]) -> Iterator[Row]:
    """``tazuna match`` from Parquet to all its files, and on a small study with nothing compiled yet."""
    large, small = folder / "round-large", folder / "round-small"
    write_round(large_market(100_000, 1_000, 10), large)
    write_round(large_market(200, 20, 3), small)

    def match(study: Path, name: str) -> list[str | Path]:
        return [*tazuna, "match", study, "--round", "R1", "--seed", "1", "--out", folder / name]

    found = measure_command(match(large, "matched-large"), runs=1)
    yield Row(
        {
            "en": "`match`, 100,000 people × 10 choices, 1,000 redraws",
            "ja": "`match`、100,000人 × 10希望、やり直し1,000回",
        },
        found,
    )
    first = measure_command(
        match(small, "matched-first"), runs=1, environment={"NUMBA_CACHE_DIR": str(folder / "no-cache")}
    )
    limit: Words = {"en": "at most 4 s", "ja": "4秒以内"}
    yield Row(
        {"en": "`match`, 200 people, first call: compiles", "ja": "`match`、200人、初回（コンパイルを含む）"},
        first,
        limit=limit,
    )
    again = measure_command(match(small, "matched-again"), runs=3)
    yield Row({"en": "`match`, 200 people, later calls", "ja": "`match`、200人、2回目から"}, again)


def write_round(market: Market, folder: Path) -> None:
    """A study with this round as Parquet files; one age band and worksite in turn."""
    folder.mkdir()
    people = np.arange(len(market.applicants))
    owner = market.applicant_of_edge()
    tables: dict[str, dict[str, Any]] = {
        "organisations": {"organisation_id": ["C01"], "name": ["C01"], "kind": ["company"]},
        "people": {
            "person_id": market.applicants,
            "organisation_id": ["C01"] * people.size,
            "birth_year": (1965 + people % 35).astype(np.int64),
            "worksite": np.where(people % 3 == 0, "field", "office"),
        },
        "programs": {
            "program_id": market.programs,
            "round": ["R1"] * len(market.programs),
            "kind": ["side_work"] * len(market.programs),
            "organisation_id": ["C01"] * len(market.programs),
            "title": market.programs,
            "capacity": market.capacity,
        },
        "applications": {
            "person_id": pl.Series(market.applicants)[owner],
            "program_id": pl.Series(market.programs)[market.program],
            "rank": market.rank.astype(np.int64),
        },
        "priorities": {
            "program_id": pl.Series(market.programs)[market.program],
            "person_id": pl.Series(market.applicants)[owner],
            "tier": market.tier.astype(np.int64),
        },
    }
    for name, columns in tables.items():
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")


def _task(name: str, *size: int) -> tuple[Measurement, Found]:
    return run_task("benchmarks.matching_tasks", name, *size)


def _times(ratio: float, english: str, japanese: str) -> Words:
    return {"en": f"{ratio:,.1f} × {english}", "ja": f"{japanese}{ratio:,.1f}倍"}
