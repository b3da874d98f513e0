"""What ``reliability.json`` says of a scale."""

from __future__ import annotations

from tazuna.commands.score import scale_facts
from tazuna.language import message
from tazuna.measurement.comparing import Comparability
from tazuna.measurement.factor.verdict import GroupDifference, Invariance
from tazuna.measurement.overview import WaveReliability
from tazuna.measurement.reliability import Reliability


def test_how_far_single_departments_lie_apart_is_not_told_beside_the_protected_figures() -> None:
    difference = GroupDifference("D02", "scale", 0.4, 0.2)
    says = message("q works differently")
    found = Invariance(("D01", "D02"), (300, 300), (), ("ms3",), (difference,), "comparable_in_part", says)
    reliability = WaveReliability("W1", Reliability(0.8, 0.7, 0.9, 600, {}))
    facts = scale_facts(
        reliability, [Comparability("ms", "department", found), Comparability("ms", "wave", found)]
    )
    assert facts["invariance"]["department"]["differences"] == []
    assert facts["invariance"]["department"]["freed"] == ["ms3"]
    assert facts["invariance"]["wave"]["differences"] == [{"group": "D02", "full": 0.4, "partial": 0.2}]
