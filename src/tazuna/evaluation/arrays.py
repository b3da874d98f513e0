"""What designs calculate with: arrays of a study, made once, one dataclass a design.

N are people of the study, n rows of a design. Codes of people index `PeopleArrays.person`, which never enters
an output.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from tazuna.evaluation.effect import Better, Question
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Draws, Offers
from tazuna.evaluation.refusal import Caution
from tazuna.evaluation.staggered import Panel
from tazuna.language import Message
from tazuna.study.settings import DEFAULT_K

UNKNOWN = -1
"""Code of a department, an organisation or a group that is not known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome (結果の指標).

    Parameters
    ----------
    code
        Of a scale of the study's instruments, or the name of a column of the table outcomes.
    label
        For readers.
    kind
        ``scale``: scored from answers, 0–100. ``column``: as the table outcomes has it.
    better
        Which end is wished for, where the instrument says so.
    rater
        Whose figures are used, of a column that says who rated.
    """

    code: str
    label: Message
    kind: Literal["scale", "column"]
    better: Better
    rater: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The question with everything that it means in this study.

    Parameters
    ----------
    question
        For the result. Its wave before is empty where no wave comes before the one after.
    programs
        Ids of the programmes asked about: every programme of the rounds where any place is meant. Empty where
        a measure is asked about, and in a study without programmes.
    any_place
        Whether any place of the rounds is meant.
    outcome
        The primary one.
    further
        Secondary outcomes, whose p-values are adjusted.
    starts_on
        First day of the earliest programme asked about; None where no date is given.
    measure
        Id of the measure asked about, whose roll-out the table adoptions has; None where places are meant.
    cautions
        What the question leaves out.
    k
        Threshold: no figure of fewer people is shown.
    """

    question: Question
    programs: tuple[str, ...]
    any_place: bool
    outcome: Outcome
    further: tuple[Outcome, ...]
    starts_on: date | None
    measure: str | None = None
    cautions: tuple[Caution, ...] = ()
    k: int = DEFAULT_K


@dataclass(frozen=True, slots=True)
class OutcomeArrays:
    """An outcome of N people, or of the rows of a design.

    Parameters
    ----------
    y
        Float64, at the wave after: NaN where there is no answer or no consent.
    baseline
        Float64, at the wave before: NaN also where it was answered after the publication or the start.
    """

    outcome: Outcome
    y: Floats
    baseline: Floats

    def among(self, rows: Flags | Integers) -> OutcomeArrays:
        """Of some rows, in their order."""
        return OutcomeArrays(self.outcome, self.y[rows], self.baseline[rows])


@dataclass(frozen=True, slots=True)
class Covariates:
    """What was known before the start.

    Parameters
    ----------
    x
        Float64, (N, k), without missing values: an unknown number is the mean, with a column
        ``NAME:missing`` that says so; a text is a column ``NAME=VALUE`` for each value but the most frequent.
    names
        Of the k columns.
    labels
        Of the k columns, for readers.
    named
        Whether somebody named them, so that none may be dropped without a word.
    """

    x: Floats
    names: tuple[str, ...]
    labels: tuple[Message, ...]
    named: bool = False

    def among(self, rows: Flags | Integers) -> Covariates:
        """Of some rows, in their order."""
        return replace(self, x=self.x[rows])

    def only(self, columns: Flags | Integers) -> Covariates:
        """Some of the columns, in their order."""
        kept = np.arange(len(self.names))[columns]
        return replace(
            self,
            x=np.ascontiguousarray(self.x[:, kept]),
            names=tuple(self.names[at] for at in kept),
            labels=tuple(self.labels[at] for at in kept),
        )


@dataclass(frozen=True, slots=True)
class PeopleArrays:
    """Everybody as of the wave before, whether or not they applied, took part or answered.

    Parameters
    ----------
    person
        N ids, sorted.
    outcome, further
        See `OutcomeArrays`; further ones in the order of `Asked.further`.
    covariates
        See `Covariates`; without the outcome's own baseline.
    department, organisation
        Int64, (N,): index in ``departments`` (ids of today's) and ``organisations``, or `UNKNOWN`.
    applied
        Bool, (N,): to any programme asked about.
    took_part
        Bool, (N,): completed a place asked about.
    hours
        Float64, (N,): hours in the places asked about, 0 for those who did not come, NaN where not recorded.
    consenting
        Bool, (N,): to evaluation; everybody where consent is not tracked.
    cautions
        What was left out.
    """

    person: tuple[str, ...]
    outcome: OutcomeArrays
    further: tuple[OutcomeArrays, ...]
    covariates: Covariates
    department: Integers
    departments: tuple[str, ...]
    organisation: Integers
    organisations: tuple[str, ...]
    applied: Flags
    took_part: Flags
    hours: Floats
    consenting: Flags
    cautions: tuple[Caution, ...] = ()

    @property
    def answered(self) -> Flags:
        """Bool, (N,): whose outcome is known at the wave after."""
        return np.isfinite(self.outcome.y)

    @property
    def clusters(self) -> Integers:
        """Int64, (N,): departments; those of nobody's department are clusters of their own."""
        alone = len(self.departments) + np.arange(len(self.person))
        return np.where(self.department >= 0, self.department, alone).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Modifier:
    """Something known before the draw by which an effect may differ.

    Parameters
    ----------
    code
        E.g. ``age_band``, ``entry``, ``first_choice.stretch``.
    label
        For readers.
    group
        Int64, (n,): index in ``groups``, or `UNKNOWN`.
    groups
        Codes of the groups, and what readers call them.
    """

    code: str
    label: Message
    group: Integers
    groups: tuple[str, ...]
    group_labels: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class LotteryArrays:
    """Rung A: one row for each applicant of each round that was drawn, n rows as in `Draws`.

    Parameters
    ----------
    draws, offers
        Who was offered which place, and a place asked about.
    row
        Int64, (n,): index of the row's person in ``people``.
    people
        Everybody.
    outcome, further, covariates
        At the n rows.
    took_part
        Bool, (n,): completed a place asked about in the row's round.
    took_other
        Bool, (n,): completed another place of the row's round.
    hours
        Float64, (n,): in the places asked about of the row's round; NaN where not recorded.
    consenting
        Bool, (n,).
    modifiers
        Known before the draw.
    cautions
        What was left out.
    """

    draws: Draws
    offers: Offers
    row: Integers
    people: PeopleArrays
    outcome: OutcomeArrays
    further: tuple[OutcomeArrays, ...]
    covariates: Covariates
    took_part: Flags
    took_other: Flags
    hours: Floats
    consenting: Flags
    modifiers: tuple[Modifier, ...]
    cautions: tuple[Caution, ...]

    @property
    def answered(self) -> Flags:
        """Bool, (n,): whose outcome is known."""
        return np.isfinite(self.outcome.y)

    @property
    def analysed(self) -> Flags:
        """Bool, (n,): the analysis sample, at risk with an outcome and consenting to evaluation."""
        return self.offers.at_risk & self.answered & self.consenting

    @property
    def clusters(self) -> Integers | None:
        """Int64, (n,): codes of people where somebody is in two rounds; None where nobody is."""
        return self.row if len(np.unique(self.row)) < len(self.row) else None

    @property
    def department(self) -> Integers:
        """Int64, (n,): index in ``people.departments``, or `UNKNOWN`."""
        return self.people.department[self.row]


@dataclass(frozen=True, slots=True)
class ComparisonArrays:
    """Rung D: took part against everybody else with both answers, applicants or not.

    Parameters
    ----------
    y
        Float64, (n,).
    treated
        Bool, (n,): took part.
    x
        Float64, (n, k): baseline first, then covariates from before the start; no constant, no collinear
        column.
    names, labels
        Of the k columns.
    clusters
        Int64, (n,): departments.
    row
        Int64, (n,): index in ``people``.
    people
        Everybody.
    cautions
        What was left out.
    """

    y: Floats
    treated: Flags
    x: Floats
    names: tuple[str, ...]
    labels: tuple[Message, ...]
    clusters: Integers
    row: Integers
    people: PeopleArrays
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class CutoffArrays:
    """Rung B: interview scores around the cut-off of programmes that chose by score.

    Parameters
    ----------
    y
        Float64, (n,).
    score
        Float64, (n,): the interview score less the cut-off of its programme, so that the cut-off is 0.
    treated
        Bool, (n,): got the place.
    cutoff
        0.
    program
        Int64, (n,): index in ``programs`` (ids).
    clusters
        Int64, (n,): people, who may have been interviewed by several programmes.
    row, people, cautions
        As in `ComparisonArrays`.
    """

    y: Floats
    score: Floats
    treated: Flags
    cutoff: float
    program: Integers
    programs: tuple[str, ...]
    clusters: Integers
    row: Integers
    people: PeopleArrays
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class PanelArrays:
    """Rung C: departments or companies over waves.

    Parameters
    ----------
    panel
        Mean outcome of each unit and wave; periods are 0, 1, … in the order of ``waves``.
    level
        What a unit is.
    units
        Ids, as the rows of the panel.
    waves
        Names, as its columns.
    people
        Int64, (units, waves): answers behind each mean.
    cautions
        What was left out.
    """

    panel: Panel
    level: Literal["department", "organisation"]
    units: tuple[str, ...]
    waves: tuple[str, ...]
    people: Integers
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class ChangeArrays:
    """Rung E: before and after.

    Parameters
    ----------
    before, after
        Float64, (N,), NaN where there is no answer.
    group
        Bool, (N,): took part.
    clusters, people, cautions
        As in `ComparisonArrays`, but N.
    """

    before: Floats
    after: Floats
    group: Flags
    clusters: Integers
    people: PeopleArrays
    cautions: tuple[Caution, ...]
