"""Compiled loops: loaded by their first call, once for all threads, and callable from one another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numba
import pytest

from tazuna.compiled import compiled, is_loaded


def _twice(number: int) -> int:
    return 2 * number


_twice_compiled = compiled(_twice)


@compiled
def _four_times(number: int) -> int:
    return _twice_compiled(_twice_compiled(number))


def test_a_compiled_loop_may_call_another() -> None:
    assert _four_times(3) == 12
    assert _four_times.__name__ == "_four_times"
    assert is_loaded()


def test_threads_that_call_at_once_share_one_compiled_form(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    together = Barrier(4)

    def counting(**options: bool) -> object:
        made.append(options)
        return lambda function: function

    monkeypatch.setattr(numba, "njit", counting)
    late = compiled(_twice)

    def call(number: int) -> int:
        together.wait()
        return late(number)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(call, range(4))) == [0, 2, 4, 6]
    assert made == [{"cache": True, "nogil": True}]


def test_without_a_folder_for_the_cache_loops_compile_in_each_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without_cache(*, nogil: bool, cache: bool = False) -> object:
        assert nogil
        if cache:
            raise RuntimeError("cannot cache function")
        return lambda function: function

    monkeypatch.setattr(numba, "njit", without_cache)
    assert compiled(_twice)(5) == 10
