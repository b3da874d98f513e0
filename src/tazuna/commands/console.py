"""What a command shows while it works and when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tazuna.language import Language, Message, translator

if TYPE_CHECKING:
    from rich.console import Console


class Steps:
    """Progress of a long command on standard error: a spinner on a terminal, one line a step elsewhere.

    Parameters
    ----------
    language
        Of the words shown.
    console
        Where to show them.
    """

    def __init__(self, language: Language, console: Console) -> None:
        self._t = translator(language)
        self._language: Language = language
        self._console = console
        self._status = console.status("") if console.is_terminal else None

    def __call__(self, step: Message) -> None:
        """Say what is being done now."""
        words = step.text(self._language)
        if self._status is None:
            self._console.print(words, markup=False, highlight=False)
        else:
            self._status.update(words)

    def __enter__(self) -> Steps:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()


@contextmanager
def steps(language: Language) -> Iterator[Steps]:
    """Progress on standard error for the length of the block."""
    from rich.console import Console

    with Steps(language, Console(stderr=True, soft_wrap=True)) as shown:
        yield shown


def say(*lines: str) -> None:
    """Print lines of the result to standard output, exactly as they are."""
    for line in lines:
        print(line)  # noqa: T201
