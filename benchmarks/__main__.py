"""``make bench``: every benchmark, on the screen and as tables in ``docs/reference/speed.md``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.agreement import agreement, write_asked
from benchmarks.big_five import big_five_rows
from benchmarks.disclosure import disclosure_rows
from benchmarks.evaluation import evaluation_rows
from benchmarks.matching import matching_rows
from benchmarks.measurement import measurement_rows
from benchmarks.measuring import Measurement, measure_command
from benchmarks.table import Row, Words, write_tables

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
TAZUNA = [sys.executable, "-m", "tazuna.commands.main"]
PEER = [sys.executable, "-m", "benchmarks.pandas_sample_figures"]
SIZES = {10_000: 3, 100_000: 3, 1_000_000: 1}
"""People of the sample → runs."""
COMPARED = {10_000: 3, 100_000: 1}
"""The same for the peer, which needs more memory than most machines have for a million."""


def main(asked: Sequence[str]) -> None:
    """Measure the rooms asked for, or all: print each row when it is there, and write each room's table."""
    unknown = set(asked) - set(ROOMS)
    if unknown:
        sys.exit(f"{', '.join(sorted(unknown))}: not measured; there are {', '.join(ROOMS)}")
    for room in asked or ROOMS:
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for row in ROOMS[room](Path(folder)):
                print(row.text("en"), flush=True)
                rows.append(row)
        write_tables(room, rows, REFERENCE)


def file_rows(folder: Path) -> Iterator[Row]:
    """From a study's files to its figures and report; what is made on the way is in ``folder``."""
    yield from command_rows(folder)
    ours: dict[int, Measurement] = {}
    for people, runs in SIZES.items():
        study = folder / f"sample-{people}"
        subprocess.run([*TAZUNA, "sample", study, "--people", str(people)], check=True, capture_output=True)
        yield from sample_rows(study, people, runs, ours)
    yield from big_five_rows(ROOT, folder, TAZUNA)


def command_rows(folder: Path) -> Iterator[Row]:
    """The help, and an installation with nothing in any cache."""
    helped = measure_command([*TAZUNA, "--help"], runs=5)
    bare = measure_command([sys.executable, "-c", "pass"], runs=5)
    against: Words = {"en": "to `python -c pass`", "ja": "`python -c pass` に対して"}
    yield Row(
        both("`tazuna --help`"),
        helped,
        times(helped.seconds / bare.seconds, against),
        within("0.5 s", "0.5秒"),
    )
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    empty = {"UV_CACHE_DIR": str(folder / "uv"), "PIP_CACHE_DIR": str(folder / "pip")}
    make = ["make", "install", f"PYTHON={sys._base_executable}"]  # type: ignore[attr-defined]
    try:
        installed = measure_command(make, runs=1, folder=clone, environment=empty)
    except RuntimeError as error:
        print(f"make install is left out, since packages cannot be fetched here: {error}", file=sys.stderr)
        return
    what: Words = {
        "en": "`make install` in a fresh clone, empty caches",
        "ja": "`make install`（クローン直後、キャッシュなし）",
    }
    yield Row(what, installed, limit=within("60 s", "60秒"))


def sample_rows(study: Path, people: int, runs: int, ours: dict[int, Measurement]) -> Iterator[Row]:
    """``check``, ``score`` and, for some sizes, ``report`` and the peer on one sample."""
    size: Words = {"en": f"{people:,} people", "ja": f"{people:,}人"}
    out = study.with_suffix(".out")
    checked = measure_command([*TAZUNA, "check", study], runs=runs)
    yield Row({lang: f"`check`, {words}" for lang, words in size.items()}, checked)
    scored = measure_command([*TAZUNA, "score", study, "--out", out], runs=runs)
    ours[people] = scored
    fewer = ours.get(people // 10)
    against: Words = {"en": "to a tenth of the people", "ja": "人数が10分の1のときに対して"}
    yield Row(
        {lang: f"`score`, {words}" for lang, words in size.items()},
        scored,
        times(scored.seconds / fewer.seconds, against) if fewer else None,
        within("60 s, 6 GB", "60秒、6 GB") if people == max(SIZES) else None,
    )
    if people == 100_000:
        reported = measure_command(
            [*TAZUNA, "report", study, "--organisation", "C01", "--out", study.with_suffix(".report")],
            runs=runs,
        )
        yield Row(
            {lang: f"`report`, {words}" for lang, words in size.items()},
            reported,
            limit=within("30 s", "30秒"),
        )
    if people in COMPARED:
        yield peer_row(study, size, scored, COMPARED[people])


def peer_row(study: Path, size: Words, scored: Measurement, runs: int) -> Row:
    """The peer on the same sample, after its figures were compared with ours."""
    asked, figures = study.with_suffix(".asked.json"), study.with_suffix(".peer.csv")
    write_asked(asked)
    peer = measure_command([*PEER, study, asked, figures], runs=runs)
    found = agreement(study.with_suffix(".out") / "groups.csv", figures)
    what: Words = {
        "en": f"pandas script, {size['en']}: {found.same:,} of our {found.shown:,} figures, all equal",
        "ja": f"pandasのスクリプト、{size['ja']}：{found.shown:,}件のうち{found.same:,}件を計算、すべて一致",
    }
    against: Words = {"en": "to `score`", "ja": "`score` に対して"}
    return Row(what, peer, times(peer.seconds / scored.seconds, against), within("5 ×", "5倍", least=True))


def both(words: str) -> Words:
    """The same in both languages."""
    return {"en": words, "ja": words}


def times(ratio: float, against: Words) -> Words:
    """A ratio with what it compares with."""
    return {"en": f"{ratio:.1f} × {against['en']}", "ja": f"{against['ja']}{ratio:.1f}倍"}


def within(english: str, japanese: str, *, least: bool = False) -> Words:
    """What is required."""
    if least:
        return {"en": f"at least {english}", "ja": f"{japanese}以上"}
    return {"en": f"at most {english}", "ja": f"{japanese}以内"}


ROOMS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "files": file_rows,
    "matching": lambda folder: matching_rows(folder, TAZUNA),
    "evaluation": lambda folder: evaluation_rows(folder, TAZUNA),
    "measurement": measurement_rows,
    "disclosure": disclosure_rows,
}
"""What is measured, each in a table of its own: ``python -m benchmarks measurement`` measures one."""

if __name__ == "__main__":
    main(sys.argv[1:])
