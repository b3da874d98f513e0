"""The process tree gives up on a part that ends again and again."""

from __future__ import annotations

import pytest

from tazuna.language import Message, message
from tazuna_web.site.processes import MOST_RESTARTS, Part, PartLostError, ProcessTree, run

NONSENSE = Part(message("The worker"), ("nonsense",))


def test_a_part_that_cannot_run_ends_everything_with_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[Message] = []
    with pytest.raises(PartLostError) as raised, ProcessTree([NONSENSE], {}, told.append) as tree:
        tree.watch()
    assert raised.value.text("en").startswith(f"The worker ended {MOST_RESTARTS + 1} times within a minute.")
    assert len(told) == MOST_RESTARTS
    assert "no such part: nonsense" in capfd.readouterr().err


def test_a_part_that_fails_at_its_only_task_says_so() -> None:
    with pytest.raises(PartLostError, match="failed"):
        run(NONSENSE, {})
