"""Filling in a registration (事前登録の作成) from what a plan asks, and holding one against its study."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from tazuna.errors import MissingInputError, StudyError
from tazuna.evaluation.asked import unknown_name
from tazuna.evaluation.before_the_study import Outlook
from tazuna.evaluation.lottery.modifiers import fault_of_modifier
from tazuna.evaluation.past_waves import source_named
from tazuna.evaluation.preregistration import ESTIMANDS, STATISTICS, Registration, Role, registration_in
from tazuna.intake.faults import listed
from tazuna.language import message
from tazuna.matching.drawing import Ready
from tazuna.study import Study


def filled_registration(
    study: Study,
    outlook: Outlook,
    outcome: str,
    *,
    hypothesis: str,
    registered_at: datetime.datetime,
    registered_by: Role,
    after: str | None = None,
    further: Sequence[str] = (),
    modifiers: Sequence[str] = (),
    covariates: Sequence[str] = (),
) -> Registration:
    """A registration of what an outlook asks, by the highest design that could be used.

    Where none could, it is a lottery all the same: rounds may be put together later.

    Parameters
    ----------
    outcome
        The primary one.
    hypothesis
        In words.
    registered_at
        With its time zone.
    after
        The wave after the round, which need not be in the study yet; by default the one that follows.
    further, modifiers, covariates
        As in `Registration`.

    Raises
    ------
    MissingInputError
        The study has no wave for the baseline, or none that follows it and none is named.
    StudyError
        An entry is not possible, such as a modifier from after the draw.
    """
    before = outlook.past.before
    if before is None:
        raise MissingInputError(
            message(
                "{title} has no wave, so nothing can be the baseline of a registration.", title=study.title
            ),
            message("Ask the outcome before the draw, or leave --outcome out."),
        )
    design = "A" if outlook.highest is None else outlook.highest.rung
    written = Registration(
        registered_at=registered_at.replace(microsecond=0),
        registered_by=registered_by,
        hypothesis=hypothesis,
        rounds=(outlook.round,),
        program=outlook.program,
        primary_outcome=outcome,
        before=before,
        after=after or wave_after(study, before),
        design=design,
        estimand=ESTIMANDS[design][0],
        statistic=STATISTICS[design],
        effect_of_interest=outlook.effect,
        further_outcomes=tuple(further),
        modifiers=tuple(modifiers),
        covariates=tuple(covariates),
    )
    # Read back like any file, so that what was typed is checked as strictly as what was written.
    return registration_in(written.canonical_text)


def wave_after(study: Study, before: str) -> str:
    """The wave that follows ``before``.

    Raises
    ------
    MissingInputError
        There is none yet.
    """
    order = [wave.wave for wave in study.waves]
    following = order[order.index(before) + 1 :]
    if not following:
        raise MissingInputError(
            message("No wave after {before} is in the study yet.", before=before),
            message("Name the wave that will ask again with --after, such as --after next_year."),
        )
    return following[0]


def expect_in_study(registered: Registration, study: Study, ready: Ready) -> None:
    """Refuse names that the study does not have: a slip of the pen could not be mended after the draw.

    Raises
    ------
    StudyError
        The round is not registered, an outcome or the wave before is not known to the study, or an effect
        cannot be split by a modifier.
    """
    round_ = ready.prepared.round
    if round_ not in registered.rounds:
        raise StudyError(
            message(
                "The registration is about {rounds}, not about {round}.",
                rounds=listed(registered.rounds),
                round=round_,
            ),
            message("Name one of these rounds with --round, or correct rounds in the file."),
        )
    expect_wave(study, registered.before)
    for outcome in (registered.primary_outcome, *registered.further_outcomes):
        source_named(study, outcome)
    for modifier in registered.modifiers:
        refused = fault_of_modifier(modifier)
        if refused is not None:
            raise StudyError(refused.problem, refused.cure)


def expect_wave(study: Study, wave: str) -> None:
    """Refuse a wave that the study does not have."""
    order = [known.wave for known in study.waves]
    if wave not in order:
        raise unknown_name(message("There is no wave “{found}”.", found=wave), wave, order)
