"""``tazuna match``: the draw of a round, everybody's chances, and what anybody needs to draw it again."""

from __future__ import annotations

import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import Steps, say, steps
from tazuna.language import Language, chosen_language, message, translator

if TYPE_CHECKING:
    from tazuna.matching.chances import Chances
    from tazuna.matching.drawing import Drawn, Ready
    from tazuna.study import Study


def match(
    study: Path,
    /,
    *,
    round: str,  # noqa: A002 — the option's name
    out: Path,
    seed: str | None = None,
    beacon: str | None = None,
    preview: bool = False,
    report: bool = False,
    chances: Literal["simulated", "exact"] = "simulated",
    draws: Annotated[int, Parameter(validator=Number(gte=1))] = 1000,
    published_at: datetime.datetime | None = None,
    preregistration: Path | None = None,
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    skip_faulty: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Draw a round: everybody's place and chance, and the files with which anybody can draw it again.

    Written are assignments.csv, chances.csv, chances_removed.csv, draw.json, tables (internal) and public
    (receipts only, to be published); with --report also the folder report.

    Parameters
    ----------
    study
        The study: a folder of tables, a .zip of one, or one .xlsx with a sheet a table.
    round
        The round, as in the column round of programs; in a study without that column only a label.
    out
        The folder for the results; nothing is written outside it.
    seed
        The secret of the draw, whose SHA-256 was published at the opening; a short one is marked.
    beacon
        The public figure that was named at the opening and came out after the tables were final.
    preview
        Before the draw: expected places, programmes in danger, what the round can show, and what other rules
        would cost (preview.json).
    report
        Also write the draw in short: one page with its figures (HTML, PDF, SVG) in the folder report.
    chances
        How chances are found: redrawn many times, or by all orders of the draw (small rounds only).
    draws
        How many redraws.
    published_at
        When the draw is published, as 2026-04-01T12:00:00 (otherwise now).
    preregistration
        The registration of what will be asked, from tazuna plan; its hash goes into draw.json, and with
        --preview among what is published before.
    threads
        How many redraws at a time (otherwise one a core); the results are the same.
    skip_faulty
        Go on without the faulty rows and cells, and say so with counts in every output.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.draw_outputs import draw_page, write_draw
    from tazuna.commands.fault_screen import skipped_lines
    from tazuna.errors import MissingInputError
    from tazuna.matching.chances import chances_of
    from tazuna.matching.draw_folder import draw_files, drawn_figures, redraw_seed
    from tazuna.matching.drawing import draw_round, ready_round
    from tazuna.study.folder import open_study

    if not seed and not preview:
        raise MissingInputError(
            message("A draw needs its secret."),
            message("Name it with --seed, or look ahead without a draw with --preview."),
        )
    language: Language = lang or chosen_language()
    with steps(language) as step:
        opened = open_study(study, skip_faulty=skip_faulty, progress=step)
        opened.require_sound(waves=False)
        step(message("Preparing the round {round} …", round=round))
        ready = ready_round(opened, round)
        redraws = Redraws(step, draws)
        registered = None if preregistration is None else _registered(preregistration, opened, ready)
        if preview:
            lines = _look_ahead(opened, ready, out, seed, registered, redraws, threads, language)
        else:
            drawn = draw_round(opened, ready, seed or "", beacon)
            found = chances_of(
                ready.mechanism,
                method=chances,
                seed=redraw_seed(drawn),
                draws=draws,
                threads=threads,
                progress=redraws,
            )
            step(message("Comparing with other rules, and writing the results …"))
            figures = drawn_figures(opened, drawn, found, threads=threads)
            at = published_at or datetime.datetime.now().astimezone()
            page = draw_page(opened, drawn, figures, at.date(), language) if report else None
            files = draw_files(
                opened,
                drawn,
                found,
                figures,
                sha256=opened.sha256,
                published_at=at,
                language=language,
                preregistration_sha256=registered,
            )
            write_draw(files, page, out)
            lines = _done(drawn, found, out, language, report=report)
    notices = [translator(language)("Note: {said}", said=notice.said) for notice in ready.prepared.notices]
    say(*skipped_lines(opened, language), *notices, *lines)
    return 0


class Redraws:
    """Progress of redraws: told by any thread how many more are done, it says the sum at each tenth.

    Parameters
    ----------
    step
        Where it is said.
    draws
        How many there will be.
    """

    def __init__(self, step: Steps, draws: int) -> None:
        self.draws = draws
        self._step, self._done, self._said, self._lock = step, 0, -1, Lock()

    def __call__(self, more: int) -> None:
        with self._lock:
            self._done += more
            part = 10 * self._done // self.draws
            if part > self._said:
                self._said = part
                done, draws = f"{self._done:,}", f"{self.draws:,}"
                self._step(message("Redrawing: {done} of {draws} …", done=done, draws=draws))


def _registered(path: Path, study: Study, ready: Ready) -> str:
    """The hash of a registration that is about this round."""
    from tazuna.evaluation.preregistration import read_preregistration
    from tazuna.evaluation.registering import expect_in_study

    registered = read_preregistration(path)
    expect_in_study(registered, study, ready)
    return registered.sha256


def _look_ahead(
    study: Study,
    ready: Ready,
    out: Path,
    secret: str | None,
    registered: str | None,
    redraws: Redraws,
    threads: int | None,
    language: Language,
) -> list[str]:
    """Write preview.json; with a secret also what is published before the beacon is out."""
    from tazuna.commands.outputs import output_folder, write_json
    from tazuna.matching.draw import commitment_of
    from tazuna.matching.drawing import compared
    from tazuna.matching.frozen_tables import freeze
    from tazuna.matching.mechanisms import mechanism_of
    from tazuna.matching.preview import preview_of

    t = translator(language)
    round_ = ready.prepared.round
    seen = preview_of(
        ready.market,
        ready.rules,
        mechanism_of,
        draws=redraws.draws,
        round_=round_,
        threads=threads,
        progress=redraws,
    )
    announced: dict[str, str] = {}
    if secret is not None:
        announced = {
            "commitment": commitment_of(secret),
            "tables_sha256": freeze(study, ready.prepared, secret).seal,
        }
    if registered is not None:
        announced["preregistration_sha256"] = registered
    with output_folder(out) as folder:
        others = compared(study, ready, f"preview {round_}", threads=threads)
        content = {
            "round": round_,
            **announced,
            **seen.to_dict(),
            "rules": [r.to_dict() for r in others.rows],
        }
        write_json(folder / "preview.json", "tazuna/preview/1", content, sha256=study.sha256, seed=None)
    lines = [
        t("Written to {path}: {files}", path=out, files="preview.json"),
        t(
            "Expected: {placed} of {applicants} people get a place, {filled}% of {places} places are taken.",
            placed=f"{seen.expected_placed:.1f}",
            applicants=f"{seen.applicants:,}",
            filled=f"{100 * seen.expected_filled:.0f}",
            places=f"{seen.places:,}",
        ),
        t("Information of the draw: V = {v}", v=f"{seen.information.v:.2f}"),
    ]
    if announced:
        lines += [
            t("Publish now, before the beacon is out:"),
            *(f"  {name:<22} {value}" for name, value in announced.items()),
        ]
    return lines


def _done(drawn: Drawn, chances: Chances, out: Path, language: Language, *, report: bool) -> list[str]:
    from tazuna.commands.draw_screen import mark_lines

    t = translator(language)
    seated = int((drawn.outcome.held >= 0).sum())
    files = "assignments.csv, chances.csv, chances_removed.csv, draw.json, tables, public"
    if report:
        files += ", report"
    return [
        t("Written to {path}: {files}", path=out, files=files),
        t(
            "{seated} of {applicants} applicants have a place. Information of the draw: V = {v}",
            seated=f"{seated:,}",
            applicants=f"{drawn.outcome.held.size:,}",
            v=f"{chances.information:.2f}",
        ),
        *mark_lines(drawn.marks, language),
        t("Publish the folder {path}. The folder tables is for an auditor only.", path=out / "public"),
        t("Anybody can check the draw: tazuna verify-draw {path}", path=out / "public"),
    ]
