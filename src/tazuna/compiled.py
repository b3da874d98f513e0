"""The one way in which loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile ``function`` at its first call, keep it on disk, and let other threads run meanwhile.

    Never numba's parallel mode: compiling it takes longer than a small job, and threads over chunks of
    the work use the second core as well.
    """
    try:
        return cast(Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder for the cache may be written: compile anew in each process
        return cast(Function, njit(nogil=True)(function))
