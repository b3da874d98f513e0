"""Several columns or files at a time: many steps of one column keep a single core busy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 3
"""More would hold more half-finished columns in memory."""
FEWEST_ROWS = 5_000
"""Of the items, below which threads wait for the interpreter longer than they compute."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_threads(function: Callable[[Item], Result], items: Iterable[Item], *, rows: int) -> list[Result]:
    """The results of ``function`` for each item, in the order of the items.

    Parameters
    ----------
    function
        Array code: it leaves the interpreter to other threads while it computes.
    rows
        How long each item is; short ones are done one after the other.

    Raises
    ------
    Exception
        Whatever ``function`` raises for the first item for which it does.
    """
    if rows < FEWEST_ROWS:
        return [function(item) for item in items]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(function, items))
