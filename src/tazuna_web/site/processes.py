"""One process tree: parts that are started together, started again when they die, and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from tazuna.errors import TazunaError
from tazuna.language import Message, message

LOOK_SECONDS = 0.25
GRACE_SECONDS = 2.0
MOST_RESTARTS = 3
RESTARTS_WITHIN_SECONDS = 60.0


class PartLostError(TazunaError):
    """A part of the tree ended again and again, or could not do what it was started for."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One process of the tree.

    Parameters
    ----------
    name
        For people, in the language of the tree.
    arguments
        Of ``python -m tazuna_web.site.part``.
    """

    name: Message
    arguments: tuple[str, ...]


class ParentWatch:
    """Tells whether the process that started this one is still there."""

    def __init__(self) -> None:
        self._parent = os.getppid()

    def is_gone(self) -> bool:
        """Whether the parent has ended; an orphan is given to another parent."""
        return os.getppid() != self._parent


class ProcessTree:
    """Parts that live as long as the block that holds them, and never longer than this process.

    Parameters
    ----------
    parts
        In the order of starting.
    environment
        Of every part.
    say
        Told when a part is started again.
    """

    def __init__(
        self, parts: Sequence[Part], environment: Mapping[str, str], say: Callable[[Message], None]
    ) -> None:
        self._parts = tuple(parts)
        self._environment = dict(environment)
        self._say = say
        self._running: dict[Part, subprocess.Popen[bytes]] = {}
        self._restarts: dict[Part, list[float]] = {part: [] for part in parts}
        self._parent = ParentWatch()

    def __enter__(self) -> Self:
        for part in self._parts:
            self._running[part] = start(part, self._environment)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def watch(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Keep the parts running until ``until`` holds or this process's parent is gone.

        Returns
        -------
        bool
            Whether ``until`` holds; False when the parent is gone.

        Raises
        ------
        PartLostError
            A part ended more than `MOST_RESTARTS` times within a minute.
        """
        while not until():
            if self._parent.is_gone():
                return False
            for part in self._parts:
                if self._running[part].poll() is not None:
                    self._start_again(part)
            time.sleep(LOOK_SECONDS)
        return True

    def stop(self) -> None:
        """Ask every part to end, and end those that do not within a few seconds."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self._running.values():
            end(process, deadline - time.monotonic())

    def _start_again(self, part: Part) -> None:
        now = time.monotonic()
        recent = [moment for moment in self._restarts[part] if now - moment < RESTARTS_WITHIN_SECONDS]
        if len(recent) >= MOST_RESTARTS:
            raise PartLostError(
                message("{part} ended {times} times within a minute.", part=part.name, times=len(recent) + 1),
                message("The lines above say why. Everything was stopped; your data is safe."),
            )
        self._restarts[part] = [*recent, now]
        self._say(message("{part} ended unexpectedly and is started again.", part=part.name))
        end(self._running[part], 0)
        self._running[part] = start(part, self._environment)


def start(part: Part, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a part on a leash: its standard input, which closes when this process ends.

    It gets a session of its own, so that Ctrl-C reaches this process alone, which then ends the parts.
    """
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", "-m", "tazuna_web.site.part", *part.arguments],
        stdin=subprocess.PIPE,
        env={**os.environ, **environment},
        start_new_session=True,
    )


def run(part: Part, environment: Mapping[str, str]) -> bool:
    """Run a part to its end; False when this process's parent went first.

    Raises
    ------
    PartLostError
        The part failed.
    """
    parent = ParentWatch()
    process = start(part, environment)
    try:
        while process.poll() is None:
            if parent.is_gone():
                return False
            time.sleep(LOOK_SECONDS / 5)
    finally:
        end(process, 0)
    if process.returncode:
        raise PartLostError(
            message("{part} failed (exit code {code}).", part=part.name, code=process.returncode),
            message("The lines above say why."),
        )
    return True


def end(process: subprocess.Popen[bytes], patience: float) -> None:
    """Wait ``patience`` seconds for a process to end, then kill it; let go of its leash either way."""
    try:
        process.wait(max(patience, 0))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def stop_when_asked() -> None:
    """Let Ctrl-C, a request to end and a closed terminal all raise KeyboardInterrupt in this process."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
