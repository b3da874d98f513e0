"""How fast an effect is estimated: redraws of a lottery, adjusted comparison, staggered start; against peers.

The peers ``doubleml`` and ``csdid`` bring much along, so they have an environment of their own, ``.twins``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.evaluation_data import (
    COVARIATES,
    FOLDS,
    PEOPLE,
    PERIODS,
    UNITS,
    write_people,
    write_units,
)
from benchmarks.measuring import Measurement, measure_command
from benchmarks.table import Row, Words
from benchmarks.tasks import TWINS, Found, run_task

LOTTERY = (2_000, 10_000)
"""People and redraws."""
SAMPLED = 200
"""Redraws that the peer is timed on."""
ADJUSTED_EQUAL, ROUNDING = 1e-3, 1e-6
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""`csdid` works on small matrices, on which more threads slow it down; the same for both."""


def evaluation_rows(folder: Path, tazuna: Sequence[str | Path]) -> Iterator[Row]:
    """Every row of evaluation in turn; the data are in ``folder``."""
    yield from redraw_rows()
    if not TWINS.exists():
        print(f"{TWINS} is not there: doubleml and csdid are left out", file=sys.stderr)
    people, units = folder / "people.npz", folder / "units.npz"
    write_people(people)
    write_units(units)
    yield from adjusted_rows(people)
    yield from staggered_rows(units)
    yield from command_rows(folder, tazuna)


def redraw_rows() -> Iterator[Row]:
    """Redraws of a round with effect, p-value and interval, and one regression a redraw in NumPy.

    Raises
    ------
    RuntimeError
        The regressions give other statistics.
    """
    people, draws = LOTTERY
    ours, facts = _ours("redraw_inference", people, draws, 3)
    size: Words = {
        "en": f"{draws:,} redraws × {people:,} people",
        "ja": f"やり直し{draws:,}回 × {people:,}人",
    }
    yield Row(
        {
            "en": f"lottery: {size['en']} drawn again; effect, p-value, interval",
            "ja": f"抽選の評価：{size['ja']}、再抽選と効果・p値・区間",
        },
        ours,
        limit={"en": "at most 5 s", "ja": "5秒以内"},
    )
    seconds, processor = facts["inference"]
    inference = Measurement(seconds, processor, ours.megabytes, ours.runs)
    yield Row(
        {"en": "of these the effect, p-value and interval", "ja": "うち効果・p値・区間"},
        inference,
    )
    loop, theirs = _ours("regression_loop", people, draws, SAMPLED)
    _expect_equal("numpy.linalg.lstsq", facts["statistics"], theirs["statistics"], ROUNDING)
    yield Row(
        {
            "en": f"`numpy.linalg.lstsq` and HC2, one redraw after the other, p-value only; {SAMPLED} of "
            f"{draws:,} timed, scaled up; same statistics",
            "ja": f"`numpy.linalg.lstsq` とHC2を1回ずつ、p値のみ、{draws:,}回のうち{SAMPLED}回を計測して"
            "換算、統計量は一致",
        },
        loop,
        _times(loop, inference),
    )


def adjusted_rows(people: Path) -> Iterator[Row]:
    """Cross-fitted AIPW for everybody and for those who took part, and the peer on the same folds.

    Raises
    ------
    RuntimeError
        The peer gives another estimate.
    """
    for target, english, japanese in (
        ("ate", "everybody", "全員への効果"),
        ("att", "those who took part", "参加者への効果"),
    ):
        ours, facts = _ours("adjusted", people, target, 3)
        yield Row(
            {
                "en": f"AIPW, {PEOPLE:,} × {COVARIATES}, {FOLDS} folds, linear; {english}",
                "ja": f"AIPW、{PEOPLE:,} × {COVARIATES}、{FOLDS}分割、線形、{japanese}",
            },
            ours,
        )
        if TWINS.exists():
            peer, theirs = _twin("doubleml", people, target, 3)
            for figure in ("estimate", "std_error"):
                _expect_equal("doubleml", [facts[figure]], [theirs[figure]], ADJUSTED_EQUAL)
            yield Row(
                {
                    "en": "package `doubleml`, same folds, same estimate to 0.001",
                    "ja": "パッケージ `doubleml`、同じ分割、推定値は0.001まで一致",
                },
                peer,
                _times(peer, ours),
                _least("1"),
            )


def staggered_rows(units: Path) -> Iterator[Row]:
    """Effects by group and period with two aggregations, and the peer.

    Raises
    ------
    RuntimeError
        The peer gives other effects.
    """
    ours, facts = _ours("staggered", units, 3, environment=ONE_THREAD)
    yield Row(
        {
            "en": f"staggered start, {UNITS:,} units × {PERIODS} periods, doubly robust, bands; one thread",
            "ja": f"段階導入、{UNITS:,}単位 × {PERIODS}期、二重に頑健、同時信頼帯、1スレッド",
        },
        ours,
    )
    if TWINS.exists():
        peer, theirs = _twin("csdid", units, 1, environment=ONE_THREAD)
        _expect_equal("csdid", facts["effects"], theirs["effects"], ROUNDING)
        yield Row(
            {
                "en": "package `csdid`, same effects to a millionth",
                "ja": "パッケージ `csdid`、効果は100万分の1まで一致",
            },
            peer,
            _times(peer, ours),
            _least("3"),
        )


STUDIES: tuple[tuple[tuple[str, ...], tuple[str, ...], Words], ...] = (
    (
        ("--people", "400", "--companies", "4"),
        ("--round", "社内副業2024"),
        {
            "en": "400 people, one round, 10,000 redraws, reports in both languages",
            "ja": "400人、1ラウンド、やり直し1万回、2言語のレポートまで",
        },
    ),
    (
        (),
        (),
        {
            "en": "1,200 people, 3 rounds, 30,000 redraws, reports in both languages",
            "ja": "1,200人、3ラウンド、やり直し3万回、2言語のレポートまで",
        },
    ),
)
"""A small study, and the sample as it comes: options of ``sample`` and of ``evaluate``, and their size."""


def command_rows(folder: Path, tazuna: Sequence[str | Path]) -> Iterator[Row]:
    """``tazuna evaluate`` from files to both reports; only the small study has a limit."""
    for number, (sample, asked, size) in enumerate(STUDIES):
        study = folder / f"evaluated-{number}"
        subprocess.run([*tazuna, "sample", study, *sample], check=True, capture_output=True)
        command = [*tazuna, "evaluate", study, "--outcome", "innovation", *asked]
        command += ["--out", folder / f"effect-{number}"]
        yield Row(
            {"en": f"`evaluate`, {size['en']}", "ja": f"`evaluate`、{size['ja']}"},
            measure_command(command, runs=3),
            limit=None if number else {"en": "at most 5 s", "ja": "5秒以内"},
        )


def _ours(
    name: str, *arguments: object, environment: dict[str, str] | None = None
) -> tuple[Measurement, Found]:
    return run_task("benchmarks.evaluation_tasks", name, *arguments, environment=environment)


def _twin(
    name: str, *arguments: object, environment: dict[str, str] | None = None
) -> tuple[Measurement, Found]:
    return run_task("benchmarks.evaluation_twins", name, *arguments, python=TWINS, environment=environment)


def _expect_equal(peer: str, ours: list[float], theirs: list[float], tolerance: float) -> None:
    away = np.abs(np.array(ours) - np.array(theirs)).max()
    if not away <= tolerance:
        raise RuntimeError(f"{peer} and Tazuna differ by {away}, more than {tolerance}")


def _times(peer: Measurement, ours: Measurement) -> Words:
    ratio = peer.seconds / ours.seconds
    return {"en": f"{ratio:,.1f} × to ours", "ja": f"こちらに対して{ratio:,.1f}倍"}


def _least(ratio: str) -> Words:
    return {"en": f"at least {ratio} ×", "ja": f"{ratio}倍以上"}
