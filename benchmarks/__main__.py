"""``make bench``: every benchmark, as a table on the screen."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import measure_command

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data" / "big5.tsv"
TAZUNA = [sys.executable, "-m", "tazuna.commands.main"]
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


def main() -> None:
    """Print seconds (median of 3), memory (largest) and the ratio to the peer of the same run."""
    print(f"{'what':<52}{'seconds':>9}{'MB':>7}{'ratio':>8}")
    helped = measure_command([*TAZUNA, "--help"])
    bare = measure_command([sys.executable, "-c", "pass"])
    print(
        f"{'tazuna --help (ratio: to python -c pass)':<52}{helped.seconds:>9.2f}{helped.megabytes:>7.0f}",
        end="",
    )
    print(f"{helped.seconds / bare.seconds:>8.1f}")
    if not DATA.exists():
        print("big5.tsv is not beside this checkout: the Big Five benchmark is left out")
        return
    with tempfile.TemporaryDirectory() as folder:
        study, out = Path(folder) / "study", Path(folder) / "out"
        prepare = ROOT / "examples" / "big5" / "prepare.py"
        subprocess.run([sys.executable, str(prepare), str(DATA), str(study)], check=True)
        score = [*TAZUNA, "score", str(study), "--skip-faulty", "--out", str(out)]
        ours = measure_command(score)
        peer_script = [sys.executable, "-m", "benchmarks.pandas_group_figures"]
        peer = measure_command([*peer_script, str(study), str(Path(folder) / "peer.csv"), *scale_arguments()])
        print(
            f"{'tazuna score, Big Five, 19,719 people x 50':<52}{ours.seconds:>9.2f}{ours.megabytes:>7.0f}",
            end="",
        )
        print(f"{ours.seconds / peer.seconds:>8.1f}")
        print(f"{'  peer: pandas, fewer figures, no checks':<52}{peer.seconds:>9.2f}{peer.megabytes:>7.0f}")


if __name__ == "__main__":
    main()
