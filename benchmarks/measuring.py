"""Running a command several times and keeping the median time and the largest memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """``seconds``: median of the runs; ``megabytes``: largest resident set of any run."""

    seconds: float
    megabytes: float


def measure_command(command: Sequence[str], *, runs: int = 3) -> Measurement:
    """Run ``command`` to its end ``runs`` times.

    Raises
    ------
    RuntimeError
        The command failed.
    """
    seconds, megabytes = [], []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        megabytes.append(usage.ru_maxrss / 1024)
        if status:
            raise RuntimeError(f"{' '.join(command)} failed")
    return Measurement(statistics.median(seconds), max(megabytes))
