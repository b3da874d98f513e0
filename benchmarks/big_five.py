"""The public Big Five answers, where they are beside the checkout: real data, against a pandas script."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import measure_command
from benchmarks.table import Row

REVERSED = {
    *("E2", "E4", "E6", "E8", "E10", "N2", "N4", "A1", "A3", "A5", "A7"),
    *("C2", "C4", "C6", "C8", "O2", "O4", "O6"),
}


def scale_arguments() -> list[str]:
    """The five scales as the peer takes them, reversed items with a minus."""
    items = {scale: [f"{scale}{number}" for number in range(1, 11)] for scale in "ENACO"}
    return [
        f"{scale}=" + ",".join(f"-{code}" if code in REVERSED else code for code in codes)
        for scale, codes in items.items()
    ]


def big_five_rows(root: Path, folder: Path, tazuna: Sequence[str]) -> Iterator[Row]:
    """``score`` and the peer on them; nothing, said on the screen, where they are not there."""
    data = root.parent / "shared" / "data" / "big5.tsv"
    if not data.exists():
        print("big5.tsv is not beside this checkout: the Big Five benchmark is left out", file=sys.stderr)
        return
    study, out = folder / "big-five", folder / "big-five.out"
    subprocess.run([sys.executable, root / "examples" / "big5" / "prepare.py", data, study], check=True)
    ours = measure_command([*tazuna, "score", study, "--skip-faulty", "--out", out])
    what = {
        "en": "`score`, Big Five, 19,719 people × 50 questions",
        "ja": "`score`、Big Five、19,719人 × 50問",
    }
    yield Row(what, ours)
    script = [sys.executable, "-m", "benchmarks.pandas_group_figures"]
    peer = measure_command([*script, study, folder / "big-five.csv", *scale_arguments()])
    what = {
        "en": "pandas script, Big Five: means by gender only, no checks",
        "ja": "pandasのスクリプト、Big Five：性別の平均のみ、点検なし",
    }
    ratio = peer.seconds / ours.seconds
    yield Row(what, peer, {"en": f"{ratio:.1f} × to `score`", "ja": f"`score` に対して{ratio:.1f}倍"})
