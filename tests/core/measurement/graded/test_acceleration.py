"""The combination of remembered steps, on iterations whose end is known."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.measurement.graded.acceleration import Secants
from tazuna.measurement.graded.items import Floats

PULL = np.diag([0.99, 0.9, 0.5]) + np.array([[0, 0.003, 0], [0, 0, 0.02], [0.001, 0, 0]])
END = np.array([1.0, -2.0, 0.5])


def _step(at: Floats) -> Floats:
    """f(x) - x of f(x) = END + PULL (x - END), which alone needs thousands of steps."""
    return np.asarray((PULL - np.eye(3)) @ (at - END))


def test_a_linear_iteration_ends_after_as_many_steps_as_it_has_directions() -> None:
    known, at = Secants(), np.zeros(3)
    for _ in range(5):
        at = known.propose(at, _step(at))
    assert at == pytest.approx(END, abs=1e-6)


def test_what_was_learnt_elsewhere_leads_straight_to_the_end() -> None:
    known, at = Secants(), np.zeros(3)
    for _ in range(5):
        at = known.propose(at, _step(at))
    known.leave()
    start = np.array([3.0, 1.0, -4.0])
    assert known.propose(start, _step(start)) == pytest.approx(END, abs=1e-5)


def test_after_forgetting_the_plain_step_comes_first() -> None:
    known, at = Secants(), np.zeros(3)
    for _ in range(3):
        at = known.propose(at, _step(at))
    known.forget()
    assert known.propose(at, _step(at)) == pytest.approx(at + _step(at))
