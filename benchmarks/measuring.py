"""Running a command several times and keeping the median time and the largest memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measurement:
    """Of several runs of a command.

    Parameters
    ----------
    seconds, processor_seconds
        Medians: by the clock, and spent by all cores together.
    megabytes
        Largest resident set of any run.
    runs
        How many.
    """

    seconds: float
    processor_seconds: float
    megabytes: float
    runs: int


def measure_command(
    command: Sequence[str | Path],
    *,
    runs: int = 3,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Measurement:
    """Run ``command`` to its end ``runs`` times.

    Parameters
    ----------
    folder, environment
        Where to run it, and what to add to the environment.

    Raises
    ------
    RuntimeError
        The command failed; with the end of what it said.
    """
    seconds, processor, megabytes = [], [], []
    for _ in range(runs):
        start = time.perf_counter()
        with subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stderr is not None
            said = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds.append(time.perf_counter() - start)
        processor.append(usage.ru_utime + usage.ru_stime)
        megabytes.append(usage.ru_maxrss / 1024)
        if status:
            raise RuntimeError(f"{command} failed: {said.decode(errors='replace')[-500:]}")
    return Measurement(statistics.median(seconds), statistics.median(processor), max(megabytes), runs)
