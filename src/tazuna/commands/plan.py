"""``tazuna plan``: what a round could show before it is drawn, and the registration of what will be asked."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, message, translator

if TYPE_CHECKING:
    from tazuna.evaluation.before_the_study import Outlook
    from tazuna.evaluation.preregistration import Registration

ROLE = Literal["secretariat", "coordinator", "hr", "executive", "host", "evaluator"]


def plan(
    study: Path,
    /,
    *,
    round: str,  # noqa: A002 — the option's name
    out: Path,
    program: str = "any",
    outcome: str | None = None,
    further: str = "",
    before: str | None = None,
    after: str | None = None,
    effect: Annotated[float, Parameter(validator=Number(gt=0))] = 0.3,
    subgroups: str = "",
    covariates: str = "",
    hypothesis: str | None = None,
    registered_by: ROLE = "secretariat",
    registered_at: datetime.datetime | None = None,
    preregistration: Path | None = None,
    draws: Annotated[int, Parameter(validator=Number(gte=2))] = 1000,
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    skip_faulty: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Say before a draw what the round could show, and register what will be asked of it.

    Written are outlook.json and, with an outcome, preregistration.toml; its hash is printed, to be published
    before the beacon is out.

    Parameters
    ----------
    study
        The study: a folder of tables, a .zip of one, or one .xlsx with a sheet a table.
    round
        The round, as in the column round of programs; in a study without that column only a label.
    out
        The folder for the results; nothing is written outside it.
    program
        The programme: its id, several ids separated by commas, or any for any place of the round.
    outcome
        What should change: a scale, or a column of the table outcomes.
    further
        Further outcomes, separated by commas.
    before
        The wave before the round (otherwise the last one before it).
    after
        The wave that will ask again; it need not be in the study yet (otherwise the one that follows).
    effect
        The smallest effect worth having, in standard deviations.
    subgroups
        By which the effect will be looked at in parts, separated by commas, all known before the draw.
    covariates
        Columns of people to adjust for in a comparison, separated by commas.
    hypothesis
        What is expected, in a sentence (otherwise a plain one is made).
    registered_by
        Who registers: a role, not a name.
    registered_at
        When it is registered, as 2026-04-01T12:00:00 (otherwise now).
    preregistration
        A file already filled in: what it asks is planned, checked, hashed and written again.
    draws
        How many redraws for each of the rules that are tried.
    threads
        How many redraws at a time (otherwise one a core); the results are the same.
    skip_faulty
        Go on without the faulty rows and cells, and say so with counts in every output.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.fault_screen import skipped_lines
    from tazuna.evaluation.before_the_study import outlook_of
    from tazuna.evaluation.preregistration import read_preregistration
    from tazuna.evaluation.registering import expect_in_study, expect_wave, filled_registration
    from tazuna.matching.drawing import ready_round
    from tazuna.study.folder import open_study

    language: Language = lang or chosen_language()
    t = translator(language)
    registered = None
    if preregistration is not None:
        _expect_alone(program=program, outcome=outcome, before=before, after=after, further=further)
        registered = read_preregistration(preregistration)
        program, outcome, before = registered.program, registered.primary_outcome, registered.before
        effect = registered.effect_of_interest
    with steps(language) as step:
        opened = open_study(study, skip_faulty=skip_faulty, progress=step)
        opened.require_sound(waves=False)
        if before is not None:
            expect_wave(opened, before)
        step(message("Preparing the round {round} …", round=round))
        ready = ready_round(opened, round)
        step(message("Redrawing the round as it stands and under other rules …"))
        outlook = outlook_of(
            opened,
            ready,
            program=program,
            outcome=outcome,
            before=before,
            effect=effect,
            draws=draws,
            threads=threads,
        )
        if registered is None and outcome is not None:
            registered = filled_registration(
                opened,
                outlook,
                outcome,
                hypothesis=hypothesis
                or t("A place in {round} changes {outcome}.", round=round, outcome=outlook.outcome_label),
                registered_at=(registered_at or datetime.datetime.now()).astimezone(),  # noqa: DTZ005
                registered_by=registered_by,
                after=after,
                further=_names(further),
                modifiers=_names(subgroups),
                covariates=_names(covariates),
            )
        if registered is not None:
            expect_in_study(registered, opened, ready)
        _write(outlook, registered, opened.sha256, out)
    say(*skipped_lines(opened, language), *_lines(outlook, registered, out, language))
    return 0


def _expect_alone(**given: str | None) -> None:
    """Refuse options beside a filled-in file, rather than leave them out without a word."""
    from tazuna.errors import StudyError

    for name, value in given.items():
        if value not in (None, "", "any"):
            raise StudyError(
                message(
                    "--{option} and --preregistration do not go together: the file says it.", option=name
                ),
                message("Leave one of the two out, or write it into the file."),
            )


def _write(outlook: Outlook, registered: Registration | None, sha256: str, out: Path) -> None:
    from tazuna.commands.outputs import output_folder, write_json
    from tazuna.evaluation.outlook_document import SCHEMA, outlook_document

    content = outlook_document(outlook)
    with output_folder(out) as folder:
        if registered is not None:
            content["preregistration_sha256"] = registered.sha256
            (folder / "preregistration.toml").write_bytes(registered.canonical_text.encode())
        write_json(folder / "outlook.json", SCHEMA, content, sha256=sha256, seed=None)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _lines(outlook: Outlook, registered: Registration | None, out: Path, language: Language) -> list[str]:
    from tazuna.evaluation.outlook_words import design_sentence, outlook_sentences

    t = translator(language)
    files = "outlook.json" if registered is None else "outlook.json, preregistration.toml"
    lines = [
        t("Written to {path}: {files}", path=out, files=files),
        *(sentence.text(language) for sentence in outlook_sentences(outlook)),
        t("What each design could show:"),
        *(f"  {design_sentence(design, outlook.effect).text(language)}" for design in outlook.designs),
    ]
    if registered is None:
        return [*lines, t("Name an outcome with --outcome to register what will be asked.")]
    return [
        *lines,
        t("Read preregistration.toml. Publish these words now, before the beacon is out:"),
        "  "
        + t(
            "What we will ask of {round} is registered; SHA-256 of preregistration.toml: {hash}",
            round=", ".join(registered.rounds),
            hash=registered.sha256,
        ),
        t(
            "Bind it to the draw: tazuna match … --preregistration {path}",
            path=out / "preregistration.toml",
        ),
    ]
