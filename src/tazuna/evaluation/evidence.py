"""Evidence (エビデンス): what the studies say together about each measure (打ち手), rung by rung."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.partial_pooling import PooledMeasures, pool_measures
from tazuna.language import Message, message

Rung = Literal["A", "B", "C", "D", "E"]
"""Lottery, discontinuity, staggered roll-out, adjusted comparison, before and after."""
Sureness = Literal["strong", "moderate", "weak", "none"]

RUNGS_THAT_COUNT: tuple[Rung, ...] = ("A", "B", "C", "D")
"""A change without a comparison (E) says nothing about what the measure did."""
_STEPS: tuple[Sureness, ...] = ("none", "weak", "moderate", "strong")
_SURE, _LIKELY = 0.9, 0.75
_LARGEST_CONTEXT = 3.0


@dataclass(frozen=True, slots=True)
class StudyEffect:
    """The result of one study of one measure by one design.

    Parameters
    ----------
    study_id, measure_id
        Codes.
    rung
        The design.
    size, std_error
        In standard deviations of the outcome; positive where people are better off.
    context
        Features of the place as numbers, such as the logarithm of the head count; may be incomplete.
    """

    study_id: str
    measure_id: str
    rung: Rung
    size: float
    std_error: float
    context: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RungEvidence:
    """What the studies of one rung say about a measure in a new place.

    Parameters
    ----------
    rung
        The design.
    probability
        That it helps (effect above 0).
    size, lower, upper
        Expected effect in standard deviations and its 95% prediction interval.
    studies
        Codes of the studies of this measure; empty where the figures come from its family only.
    """

    rung: Rung
    probability: float
    size: float
    lower: float
    upper: float
    studies: tuple[str, ...]

    @property
    def borrowed(self) -> bool:
        """Whether only other measures of the family were studied."""
        return not self.studies


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about one measure, for a new place.

    Parameters
    ----------
    measure_id
        Code of the measure.
    probability, size, lower, upper
        Of the leading rung (`RungEvidence`); None where no rung that counts has a study.
    sureness
        How far the figures carry.
    rung
        The leading one: the highest with a study of the measure itself, else the highest with a study of its
        family; None where there is neither.
    borrowed
        Whether the figures come from other measures of the family only.
    by_rung
        Each rung that counts and has a study of the family, apart, highest first.
    studies
        Codes of the studies of this measure on all rungs, E included.
    sentence
        The same in a sentence.
    """

    measure_id: str
    probability: float | None
    size: float | None
    lower: float | None
    upper: float | None
    sureness: Sureness
    rung: Rung | None
    borrowed: bool
    by_rung: tuple[RungEvidence, ...]
    studies: tuple[str, ...]
    sentence: Message


def gather_evidence(
    families: Mapping[str, str],
    studies: Sequence[StudyEffect],
    here: Mapping[str, float] | None = None,
) -> dict[str, Evidence]:
    """The evidence for every measure of the catalogue.

    Rungs are pooled each for itself, so that many weak studies never outvote a lottery; within a rung the
    measures of a family inform each other (`partial_pooling`).

    Parameters
    ----------
    families
        Family of each measure, by the measure's code.
    studies
        All studies; those of measures that are not in ``families`` are not used.
    here
        Features of the place to predict for, named as in the studies' context.

    Returns
    -------
    dict
        `Evidence` by measure.

    Raises
    ------
    ValueError
        If a study states two results of one measure by one design, or a standard error that is not positive.
    """
    _check(studies)
    found: dict[str, dict[Rung, RungEvidence]] = {measure: {} for measure in families}
    for family in dict.fromkeys(families.values()):
        measures = [measure for measure, of in families.items() if of == family]
        for rung in RUNGS_THAT_COUNT:
            some = [study for study in studies if study.rung == rung and study.measure_id in measures]
            for one, measure in zip(_rung(rung, measures, some, here or {}), measures, strict=bool(some)):
                found[measure][rung] = one
    return {measure: _evidence(measure, tuple(by.values()), studies) for measure, by in found.items()}


def _check(studies: Sequence[StudyEffect]) -> None:
    keys = [(study.study_id, study.measure_id, study.rung) for study in studies]
    if len(set(keys)) < len(keys):
        raise ValueError("a study states two results of one measure by one design")
    if not all(study.std_error > 0 and np.isfinite(study.size) for study in studies):
        raise ValueError("a study states a standard error that is not positive")


def _rung(
    rung: Rung, measures: Sequence[str], studies: Sequence[StudyEffect], here: Mapping[str, float]
) -> list[RungEvidence]:
    if not studies:
        return []
    context, place = _context(studies, here)
    pooled: PooledMeasures = pool_measures(
        np.array([study.size for study in studies]),
        np.array([study.std_error**2 for study in studies]),
        np.array([measures.index(study.measure_id) for study in studies]),
        len(measures),
        context,
        place,
    )
    out = []
    for i, measure in enumerate(measures):
        lower, upper = pooled.interval(i)
        own = tuple(study.study_id for study in studies if study.measure_id == measure)
        out.append(
            RungEvidence(rung, float(pooled.probabilities[i]), float(pooled.sizes[i]), lower, upper, own)
        )
    return out


def _context(studies: Sequence[StudyEffect], here: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Features in standard deviations from their mean over the studies; unknown ones count as average."""
    columns, place = [], []
    for name in sorted(set(here) & {name for study in studies for name in study.context}):
        values = np.array([study.context.get(name, np.nan) for study in studies])
        spread = float(np.nanstd(values))
        if spread > 0:
            columns.append(np.nan_to_num((values - np.nanmean(values)) / spread))
            distance = (here[name] - float(np.nanmean(values))) / spread
            # A place unlike any studied one is treated as the most unlike that was.
            place.append(float(np.clip(distance, -_LARGEST_CONTEXT, _LARGEST_CONTEXT)))
    return np.array(columns).reshape(len(columns), len(studies)).T, np.array(place)


def _evidence(measure: str, by_rung: tuple[RungEvidence, ...], studies: Sequence[StudyEffect]) -> Evidence:
    own = tuple(dict.fromkeys(study.study_id for study in studies if study.measure_id == measure))
    leading = next((one for one in by_rung if not one.borrowed), by_rung[0] if by_rung else None)
    if leading is None:
        return Evidence(measure, None, None, None, None, "none", None, False, (), own, _nothing(bool(own)))
    sureness = _sureness(leading)
    return Evidence(
        measure_id=measure,
        probability=leading.probability,
        size=leading.size,
        lower=leading.lower,
        upper=leading.upper,
        sureness=sureness,
        rung=leading.rung,
        borrowed=leading.borrowed,
        by_rung=by_rung,
        studies=own,
        sentence=_sentence(leading, sureness),
    )


def _sureness(leading: RungEvidence) -> Sureness:
    """The rung sets the most that can be said, the probability how much of it."""
    if leading.borrowed or leading.rung == "D":
        most = 1
    else:
        most = 3 if leading.rung == "A" and len(leading.studies) > 1 else 2
    decided = max(leading.probability, 1 - leading.probability)
    return _STEPS[most if decided >= _SURE else max(most - 1, 0) if decided >= _LIKELY else 0]


def _nothing(only_changes: bool) -> Message:
    if only_changes:
        return message("Only changes without a comparison are known; whether it helps is open.")
    return message("No study yet; whether it helps is open.")


def _sentence(leading: RungEvidence, sureness: Sureness) -> Message:
    figures = {
        "percent": f"{100 * leading.probability:.0f}",
        "size": f"{leading.size:+.2f}",
        "lower": f"{leading.lower:+.2f}",
        "upper": f"{leading.upper:+.2f}",
    }
    if leading.borrowed:
        return message(
            "Not studied itself; by similar measures it helps here with {percent}% probability "
            "(expected {size} SD, {lower} to {upper}).",
            **figures,
        )
    if sureness == "none":
        return message(
            "Still open: it helps here with {percent}% probability (expected {size} SD, {lower} to {upper}).",
            **figures,
        )
    return message(
        "It helps here with {percent}% probability (expected {size} SD, {lower} to {upper}).", **figures
    )
