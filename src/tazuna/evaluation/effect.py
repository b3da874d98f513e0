"""The effect (効果) that an evaluation found: what every design reports, and the report shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tazuna.evaluation.balance import Balance
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.evidence import Rung, Sureness
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.language import Message

Better = Literal["high", "low", "unknown"]
"""Which end of an outcome is wished for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: did these places change this outcome between these waves?

    Parameters
    ----------
    rounds
        Names of the rounds whose places are meant.
    program
        As asked: ``any``, or ids of programmes separated by commas.
    program_label
        For readers, e.g. the programme's title.
    outcome
        Code of a scale or name of a column of the table outcomes.
    outcome_label
        For readers, ja and en.
    before, after
        Waves; ``before`` is empty where no wave comes before.
    in_points
        Whether the outcome is a scale of 0 to 100 points, and not a column with a unit of its own.
    better
        Which end of the outcome is wished for, where its instrument says so.
    """

    rounds: tuple[str, ...]
    program: str
    program_label: Message
    outcome: str
    outcome_label: Message
    before: str
    after: str
    in_points: bool = True
    better: Better = "unknown"


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a reader must believe, and how it was checked.

    ``held`` is None where no data can tell.
    """

    code: str
    says: Message
    check: Message
    held: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence that an executive understands and a statistician accepts, and how much it carries."""

    says: Message
    strength: Sureness


@dataclass(frozen=True, slots=True)
class FirstStage:
    """How much an offer changes taking part (share, 0–1), with the share of each side that took part."""

    estimate: Estimate
    offered_share: float
    not_offered_share: float


@dataclass(frozen=True, slots=True)
class Dose:
    """Hours that people spent, by offer; those who did not take part count as 0.

    Parameters
    ----------
    hours_offered, hours_not_offered
        Means, weighted as the effect is.
    most_hours
        Exceeded by one in twenty of those who took part: as far as an effect of hours may be drawn.
    """

    hours_offered: float
    hours_not_offered: float
    most_hours: float


@dataclass(frozen=True, slots=True)
class Needed:
    """How much it takes until an effect of a size would show in four of five cases.

    Parameters
    ----------
    effect
        In standard deviations.
    v
        Information Σ p(1-p) in all.
    rounds
        Rounds like these, in all.
    places
        Places more, drawn as those so far were.
    """

    effect: float
    v: float
    rounds: int
    places: int


@dataclass(frozen=True, slots=True)
class Attrition:
    """Who answered: shares by arm, their difference tested, and bounds that hold whatever the others said.

    Parameters
    ----------
    asked_treated, asked_comparison, answered_treated, answered_comparison
        People.
    difference
        Of the shares that answered (0–1); its p-value from redraws in a lottery; None where untold.
    lower_bound, upper_bound
        Lee bounds of the effect on those who answer either way, None where not computed.
    bounds_interval
        95% interval around the bounds.
    """

    asked_treated: int
    asked_comparison: int
    answered_treated: int
    answered_comparison: int
    difference: Estimate | None
    lower_bound: float | None = None
    upper_bound: float | None = None
    bounds_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Subgroup:
    """Effect in a part of the people, by something known before the draw.

    ``difference_p`` tests whether the effect differs between the groups of the same modifier; ``group_label``
    is what readers call the group, where that is not its code.
    """

    modifier: str
    modifier_label: Message
    group: str
    result: Estimate | Refusal
    difference_p: float | None
    preregistered: bool
    group_label: Message | None = None


@dataclass(frozen=True, slots=True)
class FurtherOutcome:
    """A secondary outcome: its effect, and its p-value after the step-down over all of them."""

    outcome: str
    outcome_label: Message
    estimate: Estimate
    adjusted_p: float


@dataclass(frozen=True, slots=True)
class AtRiskRow:
    """A characteristic among the people whom the draw decided about, all applicants, and all employees."""

    characteristic: str
    at_risk: float
    applicants: float
    everybody: float


@dataclass(frozen=True, slots=True)
class OtherDesign:
    """What a design below says of the same question; ``result`` is a refusal where it cannot be computed."""

    rung: Rung
    estimand: Message
    result: Estimate | Refusal


@dataclass(frozen=True, slots=True)
class Calibration:
    """Rung D held against rung A on the same people and weights: what self-selection leaves over.

    ``difference`` is D less A.
    """

    lottery: Estimate
    adjusted: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything that an evaluation reports.

    Parameters
    ----------
    question
        What was asked.
    rung
        The design that answers.
    estimand
        Of whom and compared with what, in words.
    estimate
        In points of the outcome; rung E: a change.
    deviation
        Standard deviation of the outcome among the comparison, by which sizes in SD divide.
    naive
        Those who took part less those who did not, unadjusted.
    participation
        Effect of taking part (2SLS) where the offer was drawn.
    per_hour
        Effect of an hour (2SLS on hours).
    dose
        The hours behind ``per_hour``; None where they were not recorded.
    first_stage
        Of the offer on taking part.
    against_no_place
        One programme against no place, beside ``estimate`` against the fallback mix.
    n_at_risk, v, n_eff, mde
        Rung A: people with 0 < p < 1, Σ p(1-p) of those with an answer, 4 v, and the smallest effect in SD
        that would have shown in four of five cases. ``mde`` may be known on other rungs.
    weights
        How people are weighted, in words.
    fallback_share
        Rung A, one programme: where people go without it, programme (or ``""`` for no place) → share.
    robustness_value
        Rung D.
    attrition, balance, subgroups, further_outcomes, at_risk, calibration
        See the classes.
    spillover
        Of the share of one's department that was seated, per 10 percentage points.
    verdict, assumptions, cautions
        What to say, and what it rests on.
    other_designs
        Rungs below.
    not_above
        Why the rungs above could not be used.
    redraws
        Number of redraws behind the inference; 0 where there are none.
    deviations
        How the analysis differs from what was registered; None where nothing was registered.
    preregistration_sha256
        Of the registered file.
    rounds_needed, places_needed
        Until an effect of the size found would show in four of five cases: rounds like these in all, and how
        many more places given by open draw; None where they cannot be told.
    needed
        The same for an effect that was named as worth having, by default .3 standard deviations.
    labels
        What readers call the covariates of ``balance`` and the characteristics of ``at_risk``, by code.
    """

    question: Question
    rung: Rung
    estimand: Message
    estimate: Estimate
    deviation: float
    naive: Estimate | Refusal
    weights: Message
    verdict: Verdict
    assumptions: tuple[Assumption, ...]
    cautions: tuple[Caution, ...]
    attrition: Attrition | None
    balance: Balance | None
    other_designs: tuple[OtherDesign, ...]
    not_above: tuple[tuple[Rung, Refusal], ...]
    participation: Estimate | Refusal | None = None
    per_hour: Estimate | Refusal | None = None
    first_stage: FirstStage | None = None
    against_no_place: Estimate | Refusal | None = None
    n_at_risk: int | None = None
    v: float | None = None
    n_eff: float | None = None
    mde: float | None = None
    fallback_share: Mapping[str, float] | None = None
    robustness_value: float | None = None
    subgroups: tuple[Subgroup, ...] = ()
    further_outcomes: tuple[FurtherOutcome, ...] = ()
    at_risk: tuple[AtRiskRow, ...] = ()
    calibration: Calibration | None = None
    spillover: Estimate | Refusal | None = None
    redraws: int = 0
    deviations: tuple[Message, ...] | None = None
    preregistration_sha256: str | None = None
    rounds_needed: int | None = None
    places_needed: int | None = None
    dose: Dose | None = None
    needed: Needed | None = None
    labels: Mapping[str, Message] = field(default_factory=dict)

    @property
    def standardised(self) -> tuple[float, float, float]:
        """Estimate and interval in standard deviations."""
        by = self.deviation
        return self.estimate.estimate / by, self.estimate.lower / by, self.estimate.upper / by
