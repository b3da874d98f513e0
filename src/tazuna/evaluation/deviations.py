"""Deviations (事前登録との違い): where an analysis is not what was registered, one sentence each."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tazuna.evaluation.draw_folders import draws_in
from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate, Inference
from tazuna.evaluation.preregistration import Registration, Statistic
from tazuna.evaluation.refusal import Refusal
from tazuna.language import Message, message
from tazuna.study import Study

_JUDGED_BY: Mapping[Statistic, tuple[Inference, ...]] = {
    "studentised": ("redraws",),
    "wald": ("t", "normal", "bootstrap"),
}


@dataclass(frozen=True, slots=True)
class PublishedDraw:
    """What the record of a draw says about when it was published and what was registered before.

    Parameters
    ----------
    round
        Its name.
    published_at
        None where the record does not say; without a time zone, where it says none.
    preregistration_sha256
        Bound into the record when it was drawn; None where nothing was.
    """

    round: str
    published_at: datetime.datetime | None
    preregistration_sha256: str | None

    @classmethod
    def of_record(cls, record: Mapping[str, object]) -> PublishedDraw:
        """From the content of ``draw.json``."""
        bound = record.get("preregistration_sha256")
        try:
            at = datetime.datetime.fromisoformat(str(record.get("published_at")))
        except ValueError:
            at = None
        return cls(
            round=str(record.get("round", "")),
            published_at=at,
            preregistration_sha256=None if bound is None else str(bound),
        )


def published_draws(study: Study, path: Path, rounds: Collection[str]) -> tuple[PublishedDraw, ...]:
    """The draws of these rounds in a study folder; none where no record can be read.

    Parameters
    ----------
    path
        The folder, .zip or workbook of the study.
    rounds
        Names.
    """
    found = draws_in(study, path)
    if isinstance(found, Refusal):
        return ()
    return tuple(PublishedDraw.of_record(folder.record) for folder in found if folder.round in rounds)


def deviations(
    registered: Registration,
    effect: Effect,
    *,
    covariates: Collection[str] | None = None,
    draws: Sequence[PublishedDraw] = (),
) -> tuple[Message, ...]:
    """Where the analysis behind an effect is not the registered one.

    Parameters
    ----------
    registered
        From `preregistration.read_preregistration`.
    effect
        What was found.
    covariates
        Columns that were adjusted for beside the outcome before the round; None where nobody tells.
    draws
        The published draws of the rounds; a time without a zone is read in that of the registration.

    Returns
    -------
    tuple of Message
        Each names what was registered and what was done; none where all is as registered.
    """
    return (
        *_question(registered, effect),
        *_analysis(registered, effect, covariates),
        *_outcomes(registered, effect),
        *_modifiers(registered, effect),
        *_times(registered, draws),
    )


def _question(registered: Registration, effect: Effect) -> Iterator[Message]:
    asked = effect.question
    yield from _unlike(message("rounds"), _listed(sorted(registered.rounds)), _listed(sorted(asked.rounds)))
    yield from _unlike(message("programme"), _programs(registered.program), _programs(asked.program))
    yield from _unlike(message("primary outcome"), registered.primary_outcome, asked.outcome)
    yield from _unlike(message("wave before"), registered.before, asked.before)
    yield from _unlike(message("wave after"), registered.after, asked.after)


def _analysis(
    registered: Registration, effect: Effect, covariates: Collection[str] | None
) -> Iterator[Message]:
    yield from _unlike(message("design"), registered.design, effect.rung)
    if effect.estimate.inference not in _JUDGED_BY[registered.statistic]:
        done = next(name for name, by in _JUDGED_BY.items() if effect.estimate.inference in by)
        yield from _unlike(message("statistic"), registered.statistic, done)
    if effect.rung == "A" == registered.design:
        yield from _unlike(message("redraws"), f"{registered.draws:,}", f"{effect.redraws:,}")
        yield from _unreported_estimand(registered, effect)
    if covariates is not None:
        yield from _unlike(
            message("covariates"), _listed(sorted(registered.covariates)), _listed(sorted(covariates))
        )


def _unreported_estimand(registered: Registration, effect: Effect) -> Iterator[Message]:
    found = {
        "offer": effect.estimate,
        "participation": effect.participation,
        "hours": effect.per_hour,
    }[registered.estimand]
    if not isinstance(found, Estimate):
        yield message(
            "Registered was the estimand “{registered}”; it could not be estimated.",
            registered=registered.estimand,
        )


def _outcomes(registered: Registration, effect: Effect) -> Iterator[Message]:
    done = [further.outcome for further in effect.further_outcomes]
    for outcome in registered.further_outcomes:
        if outcome not in (*done, effect.question.outcome):
            yield message("Registered was the further outcome “{name}”; it is not reported.", name=outcome)
    for outcome in done:
        if outcome not in (*registered.further_outcomes, registered.primary_outcome):
            yield message(
                "The further outcome “{name}” was not registered; read it as a search for new questions.",
                name=outcome,
            )


def _modifiers(registered: Registration, effect: Effect) -> Iterator[Message]:
    done = list(dict.fromkeys(subgroup.modifier for subgroup in effect.subgroups))
    for modifier in registered.modifiers:
        if modifier not in done:
            yield message("Registered was a split by “{name}”; it is not reported.", name=modifier)
    for modifier in done:
        if modifier not in registered.modifiers:
            yield message(
                "The split by “{name}” was not registered; read it as a search for new questions.",
                name=modifier,
            )


def _times(registered: Registration, draws: Sequence[PublishedDraw]) -> Iterator[Message]:
    for draw in draws:
        bound = draw.preregistration_sha256
        if bound is not None and bound != registered.sha256:
            yield message(
                "The draw of {round} was bound to the registration {bound}; the one given is {found}.",
                round=draw.round,
                bound=bound,
                found=registered.sha256,
            )
        published = draw.published_at
        if published is not None and published.tzinfo is None:
            published = published.replace(tzinfo=registered.registered_at.tzinfo)
        if published is not None and registered.registered_at >= published:
            yield message(
                "Registered at {registered}, which is not before the draw of {round} was published "
                "({published}).",
                registered=registered.registered_at.isoformat(),
                round=draw.round,
                published=published.isoformat(),
            )


def _unlike(what: Message, registered: str, done: str) -> Iterator[Message]:
    if registered != done:
        yield message(
            "{what}: registered was {registered}, done was {done}.",
            what=what,
            registered=registered or message("none"),
            done=done or message("none"),
        )


def _programs(program: str) -> str:
    """Ids in one order, so that it does not matter in which they were asked."""
    return _listed(sorted(name.strip() for name in program.split(",")))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
