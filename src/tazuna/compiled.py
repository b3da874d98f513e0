"""The one way in which loops are compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile ``function`` at its first call, keep it on disk, and let other threads run meanwhile.

    Numba itself is loaded by that call: it takes longer than many a small job, which then does without.

    Never numba's parallel mode: compiling it takes longer than a small job, and threads over chunks of
    the work use the second core as well.
    """
    return cast(Function, _AtFirstCall(function))


def is_loaded() -> bool:
    """Whether the process has Numba already, so that one more compiled loop is ready in milliseconds."""
    return "numba" in sys.modules


class _AtFirstCall:
    """A function that another compiled one may call, too: Numba asks it for its type."""

    def __init__(self, function: Callable[..., object]) -> None:
        update_wrapper(self, function)
        self._function = function
        self._lock = Lock()
        self._dispatcher: Any = None

    def __call__(self, *arguments: object) -> object:
        return (self._dispatcher or self._made())(*arguments)

    @property
    def _numba_type_(self) -> object:
        return self._made()._numba_type_

    def _made(self) -> Any:
        """Numba's form of the function; one, however many threads call at once."""
        with self._lock:
            if self._dispatcher is None:
                from numba import njit

                try:
                    self._dispatcher = njit(cache=True, nogil=True)(self._function)
                except RuntimeError:  # no folder for the cache may be written: compile anew in each process
                    self._dispatcher = njit(nogil=True)(self._function)
            return self._dispatcher
