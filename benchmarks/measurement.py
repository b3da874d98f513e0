"""How fast answers are calibrated: graded responses against ``girth``, WLSMV beside R's ``lavaan``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from benchmarks.measurement_data import (
    CATEGORIES,
    ORDERED_PEOPLE,
    PEOPLE,
    QUESTIONS,
    factor_model,
    write_graded,
    write_ordered,
)
from benchmarks.measuring import Measurement
from benchmarks.table import Row, Words
from benchmarks.tasks import ROOT, TWINS, Found, run_task

LIKELIHOOD_EQUAL, CHI2_EQUAL = 1e-6, 1e-4
"""Relative."""
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Of the linear algebra, on both sides: with more, threads for small matrices wait for each other."""
RSCRIPT = shutil.which("Rscript")
LAVAAN = ROOT / "benchmarks" / "lavaan_wlsmv.R"


def measurement_rows(folder: Path) -> Iterator[Row]:
    """Every row of measurement in turn; the answers are in ``folder``."""
    one, five = folder / "graded.npy", folder / "ordered.npy"
    write_graded(one)
    write_ordered(five)
    yield from graded_rows(one)
    yield from ordered_rows(five)


def graded_rows(answers: Path) -> Iterator[Row]:
    """The graded response model, and the peer on the same answers.

    Raises
    ------
    RuntimeError
        The peer's parameters have another likelihood.
    """
    ours, facts = run_task("benchmarks.measurement_tasks", "graded", answers, 3, environment=ONE_THREAD)
    size = f"{PEOPLE:,} × {QUESTIONS} × {CATEGORIES}"
    yield Row(
        {
            "en": f"graded response model, {size}, with standard errors",
            "ja": f"段階反応モデル、{size}、標準誤差を含む",
        },
        ours,
        limit={"en": "at most 3 s", "ja": "3秒以内"},
    )
    if not TWINS.exists():
        print(f"{TWINS} is not there: girth is left out", file=sys.stderr)
        return
    peer, theirs = run_task(
        "benchmarks.measurement_twins", "girth", answers, 1, python=TWINS, environment=ONE_THREAD
    )
    parameters = answers.with_suffix(".girth.json")
    parameters.write_text(json.dumps(theirs["parameters"]))
    there = run_task("benchmarks.measurement_tasks", "log_likelihood", answers, parameters)[1]
    _expect_equal("girth", facts["log_likelihood"], there["log_likelihood"], LIKELIHOOD_EQUAL)
    yield Row(
        {
            "en": "package `girth`, the same, no standard errors; log-likelihood equal to a millionth",
            "ja": "パッケージ `girth`、同じ回答、標準誤差なし、対数尤度は100万分の1まで一致",
        },
        peer,
        _times(peer, ours),
        {"en": "at least 15 ×", "ja": "15倍以上"},
    )


def ordered_rows(answers: Path) -> Iterator[Row]:
    """WLSMV with five factors, and lavaan where R has it.

    Raises
    ------
    RuntimeError
        Lavaan gives another χ².
    """
    ours, facts = run_task("benchmarks.measurement_tasks", "wlsmv", answers, 3, environment=ONE_THREAD)
    size = f"{QUESTIONS} × {ORDERED_PEOPLE:,}"
    yield Row(
        {"en": f"WLSMV, {size}, five factors", "ja": f"WLSMV、{size}、5因子"},
        ours,
        limit={"en": "at most 2 s", "ja": "2秒以内"},
    )
    found = _lavaan(answers.with_suffix(".csv"))
    if found is None:
        return
    peer, theirs = found
    for figure in ("chi2", "scaled"):
        _expect_equal("lavaan", facts[figure], theirs[figure], CHI2_EQUAL)
    yield Row(
        {
            "en": f"R's `lavaan` {theirs['version']}, the same; both χ² equal to a ten-thousandth",
            "ja": f"Rの `lavaan` {theirs['version']}、同じ回答、2つのχ²は1万分の1まで一致",
        },
        peer,
        _times(peer, ours),
    )


def _lavaan(answers: Path) -> tuple[Measurement, Found] | None:
    """What lavaan finds, one run; None, said aloud, where there is no R or no lavaan."""
    if RSCRIPT is None or subprocess.run([RSCRIPT, "-e", "library(lavaan)"], capture_output=True).returncode:
        print("R with lavaan is not there: lavaan is left out", file=sys.stderr)
        return None
    model = answers.with_suffix(".lavaan")
    model.write_text(factor_model())
    said = subprocess.run(
        [RSCRIPT, LAVAAN, answers, model],
        env={**os.environ, **ONE_THREAD},
        check=True,
        capture_output=True,
        text=True,
    )
    facts: Found = json.loads(said.stdout.splitlines()[-1])
    return Measurement(**{field.name: facts[field.name] for field in fields(Measurement)}), facts


def _expect_equal(peer: str, ours: float, theirs: float, tolerance: float) -> None:
    away = abs(ours - theirs) / abs(ours)
    if not away <= tolerance:
        raise RuntimeError(f"{peer} gives {theirs}, Tazuna {ours}: {away} apart, more than {tolerance}")


def _times(peer: Measurement, ours: Measurement) -> Words:
    ratio = peer.seconds / ours.seconds
    return {"en": f"{ratio:,.1f} × to ours", "ja": f"こちらに対して{ratio:,.1f}倍"}
