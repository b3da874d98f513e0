"""``tazuna evaluate``: what a programme did, by the highest design that the data carry."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, message, translator

if TYPE_CHECKING:
    from tazuna.evaluation.deviations import PublishedDraw
    from tazuna.evaluation.effect import Effect
    from tazuna.evaluation.ladder import Analysis
    from tazuna.evaluation.preregistration import Registration

DESIGN = Literal[
    "auto", "A", "B", "C", "D", "E", "lottery", "discontinuity", "staggered", "comparison", "change"
]


def evaluate(
    study: Path,
    /,
    *,
    outcome: str,
    out: Path,
    program: str = "any",
    before: str | None = None,
    after: str | None = None,
    design: DESIGN = "auto",
    round: str | None = None,  # noqa: A002 — the option's name
    covariates: str | None = None,
    subgroups: str | None = None,
    further: str = "",
    effect: Annotated[float, Parameter(validator=Number(gt=0))] = 0.3,
    draws: Annotated[int, Parameter(validator=Number(gte=100))] = 10_000,
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    preregistration: Path | None = None,
    date: datetime.date | None = None,
    skip_faulty: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Say what a programme did, how surely, and why no better design was possible.

    Written are effect.json, balance.csv, and in the folder report one page with its figures in Japanese and
    English (HTML, PDF, SVG).

    Exit code 0: there is a result. 1: no design can be used; each says why and what would cure it.

    Parameters
    ----------
    study
        The study: a folder of tables or a .zip of one. With the files of a draw in it (what tazuna match
        wrote; of several draws a folder each in draws) the draw is an experiment.
    outcome
        What should have changed: a scale, or a column of the table outcomes.
    out
        The folder for the results; nothing is written outside it.
    program
        The programme: its id, several ids separated by commas, any for any place of the rounds, or the id of
        a measure that was rolled out.
    before
        The wave before the start (otherwise the first).
    after
        The wave after it (otherwise the last).
    design
        The highest design that the data carry, or the one named: A lottery, B discontinuity, C staggered,
        D comparison, E change.
    round
        The round (otherwise all rounds between the waves).
    covariates
        What a comparison adjusts for, separated by commas: columns of people, scales, NAME@WAVE (otherwise
        the usual ones).
    subgroups
        Also by these, separated by commas, all known before the draw: entry, age_band, baseline, tie,
        first_choice.stretch and others (otherwise the first three).
    further
        Further outcomes, separated by commas; their p-values allow for how many were looked at.
    effect
        The effect worth having, in standard deviations: how many rounds until it would show.
    draws
        How many redraws.
    threads
        How many redraws at a time (otherwise one a core); the results are the same.
    preregistration
        The registered file; what was done otherwise is listed.
    date
        The date on the report, as 2026-04-01 (otherwise today).
    skip_faulty
        Go on without the faulty rows and cells, and say so with counts in every output.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.reporting.processes import drawing_process

    process = drawing_process()  # it loads while the analysis loads
    from tazuna.commands.effect_outputs import write_effect
    from tazuna.commands.effect_screen import NoDesignError, effect_lines
    from tazuna.commands.fault_screen import skipped_lines
    from tazuna.commands.match import Redraws
    from tazuna.evaluation.asked import asked_of
    from tazuna.evaluation.deviations import published_draws
    from tazuna.evaluation.ladder import DESIGNS, Analysis, NoDesign
    from tazuna.evaluation.ladder import evaluate as evaluated
    from tazuna.evaluation.preregistration import read_preregistration
    from tazuna.study.folder import open_study

    language: Language = lang or chosen_language()
    today = date or datetime.datetime.now().astimezone().date()
    with process, steps(language) as step:
        opened = open_study(study, skip_faulty=skip_faulty, progress=step)
        opened.require_sound()
        asked = asked_of(
            opened,
            outcome,
            program=program,
            before=before,
            after=after,
            round_=round,
            further=listed(further),
        )
        registered = None if preregistration is None else read_preregistration(preregistration)
        analysis = Analysis(
            covariates=None if covariates is None else listed(covariates),
            modifiers=None if subgroups is None else listed(subgroups),
            preregistered=() if registered is None else registered.modifiers,
            draws=draws,
            threads=threads,
            effect_of_interest=effect,
        )
        step(message("Comparing by every design …"))
        redraws = Redraws(step, draws * max(1, len(asked.question.rounds)))
        found = evaluated(opened, study, asked, analysis, design=DESIGNS.get(design), progress=redraws)
        if isinstance(found, NoDesign):
            raise NoDesignError(found)
        if registered is not None:
            draws_held = published_draws(opened, study, found.question.rounds)
            found = held_against(registered, found, analysis, draws_held)
        step(message("Writing the report …"))
        names = write_effect(opened, found, analysis, out, today, process)
    t = translator(language)
    say(
        *skipped_lines(opened, language),
        t("Written to {path}: {files}", path=out, files=", ".join(names)),
        *effect_lines(found, language),
    )
    return 0


def held_against(
    registered: Registration, found: Effect, analysis: Analysis, draws: tuple[PublishedDraw, ...]
) -> Effect:
    """The effect with the hash of what was registered, and where the analysis was another."""
    from dataclasses import replace

    from tazuna.evaluation.deviations import deviations

    return replace(
        found,
        deviations=deviations(registered, found, covariates=analysis.covariates, draws=draws),
        preregistration_sha256=registered.sha256,
    )


def listed(names: str) -> tuple[str, ...]:
    """Names separated by commas; blanks around them do not count."""
    return tuple(name.strip() for name in names.split(",") if name.strip())
