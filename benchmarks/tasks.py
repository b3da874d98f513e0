"""Tasks that each run in a process of their own, time themselves and print what they found as JSON."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measurement

ROOT = Path(__file__).parent.parent
TWINS = Path(os.environ.get("TWINS", ROOT / ".twins")) / "bin" / "python"
"""Interpreter that has the peers of other environments; `TWINS` names another folder than ``.twins``."""
Found = dict[str, Any]


def run_task(
    module: str,
    name: str,
    *arguments: object,
    python: str | Path = sys.executable,
    environment: Mapping[str, str] | None = None,
) -> tuple[Measurement, Found]:
    """Run a task of ``module`` and give what it measured, and all that it printed.

    Parameters
    ----------
    python, environment
        By which interpreter, and what to add to its environment.

    Raises
    ------
    RuntimeError
        The task failed; with the end of what it said.
    """
    done = subprocess.run(
        [str(python), "-m", module, name, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {name} failed: {done.stderr[-500:]}")
    facts: Found = json.loads(done.stdout.splitlines()[-1])
    return Measurement(**{field.name: facts[field.name] for field in fields(Measurement)}), facts


def measured(times: tuple[float, float], runs: int, **facts: object) -> Found:
    """What a task prints: medians as `timed` gives them, memory of this process, and ``facts``."""
    return {
        "seconds": times[0],
        "processor_seconds": times[1],
        "megabytes": resident(),
        "runs": runs,
        **facts,
    }


def timed(work: Callable[[], object], runs: int, *, warm: bool = True) -> tuple[float, float]:
    """Medians by the clock and of the processor; a first, untimed run fills caches."""
    if warm:
        work()
    seconds, processor = [], []
    for _ in range(runs):
        start, spent = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - spent)
    return statistics.median(seconds), statistics.median(processor)


def resident() -> float:
    """Largest resident set of this process in MB, since it began or 5 was written to its ``clear_refs``."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def print_task(tasks: Mapping[str, Callable[..., Found]], arguments: Sequence[object]) -> None:
    """Run the task named by the first argument with the others, and print what it found as the last line."""
    print(json.dumps(tasks[str(arguments[0])](*arguments[1:])))
