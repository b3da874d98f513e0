"""The draw in short (抽選結果の要約): one page for the secretariat, with the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tazuna import __version__
from tazuna.language import Language
from tazuna.matching.figures import DrawFigures
from tazuna.reporting.content import (
    Card,
    Decision,
    Figure,
    FrontPage,
    Missing,
    Part,
    Report,
    Section,
    Sentence,
)
from tazuna.reporting.figures.draw import (
    DrawWords,
    chances_figure,
    places_by_group_figure,
    share_by_rank_figure,
)
from tazuna.reporting.numbers import whole
from tazuna.reporting.page_files import write_page_files

ENOUGH = 0.5
"""Effect in standard deviations; a round that shows only larger ones asks for more open places."""


def draw_report(
    figures: DrawFigures,
    language: Language,
    *,
    title: str,
    round_: str,
    places: int,
    today: date,
    facts: tuple[tuple[str, str], ...] = (),
    companies: Mapping[str, str] | None = None,
) -> Report:
    """Compose the page.

    Parameters
    ----------
    title
        Of the study.
    round_
        That was drawn.
    places
        Offered in the round.
    today
        The date printed on it.
    facts
        (name, value) of what makes the draw checkable, e.g. the commitment; printed at the end.
    companies
        Organisation id → name.
    """
    w = DrawWords(figures, companies or {}, language)
    t = w.t
    return Report(
        title=t("The draw in short"),
        organisation=title,
        wave=round_,
        today=today,
        language=language,
        handling=t("Handle with care"),
        front=_front(w, places),
        parts=(_part(w),),
        provenance=((t("Tazuna version"), __version__), *facts),
    )


def write_draw_report(report: Report, folder: Path) -> tuple[str, ...]:
    """Write page, document and figures into ``folder``, which exists; returns their names."""
    return write_page_files(report, folder, (report.title, report.wave))


def _front(w: DrawWords, places: int) -> FrontPage:
    t, figures = w.t, w.figures
    fair = figures.fairness
    placed = fair.applicants - fair.unmatched
    first = int(fair.by_rank[0]) if fair.by_rank.size else 0
    result = t(
        "{placed} of {applicants} people have a place, {first} of them at their first choice.",
        placed=placed,
        applicants=fair.applicants,
        first=first,
    )
    return FrontPage(
        sentences=(
            Sentence(t("Result"), result),
            Sentence(t("Fairness"), _fairness(w)),
            Sentence(t("What it can show"), _showing(w)),
        ),
        figure=share_by_rank_figure(w) or Missing(t("Nobody applied."), "", ""),
        cards=(
            Card(
                t("Decided by the draw"),
                t("{count} people", count=figures.information.at_risk),
                t("Their chance was neither 0% nor 100%; the others' result did not depend on the draw."),
            ),
            _other_rules(w),
        ),
        decision=_decision(w, places, placed),
        facts=(
            (t("Places"), str(places)),
            (t("Places filled"), str(placed)),
            (t("Without a place"), str(fair.unmatched)),
        ),
        notes=(
            t(
                "Chances come from redraws of the same rules. Groups of fewer than {k} people are not shown.",
                k=figures.k,
            ),
        ),
    )


def _part(w: DrawWords) -> Part:
    t = w.t
    by_group = places_by_group_figure(w)
    groups: tuple[Figure | Missing, ...] = (
        by_group
        or Missing(
            t("There is no figure by group."),
            t("Every group is protected, or the table people has no age band, worksite or company."),
            t("Add birth_year and worksite to people."),
        ),
    )
    return Part(
        "draw",
        t("Behind the page"),
        t("The result by group, and everybody's chance before the draw."),
        (
            Section("groups", t("By group"), groups),
            Section("chances", t("Chances before the draw"), (chances_figure(w),)),
        ),
    )


def _fairness(w: DrawWords) -> str:
    t, fair = w.t, w.figures.fairness
    if fair.justified_envy == 0 and fair.blocking_outside == 0:
        said = t(
            "Nobody was passed over by somebody with a worse position, and no place stands empty that "
            "somebody wanted."
        )
    else:
        said = t(
            "These rules do not rule out envy: in {envy} cases somebody with a worse position holds a place "
            "that was wanted, in {free} a wanted place could simply be taken.",
            envy=fair.justified_envy,
            free=fair.blocking_outside - fair.justified_envy,
        )
    return str(said)


def _showing(w: DrawWords) -> str:
    t, information = w.t, w.figures.information
    if information.mde is None or information.mde_with_baseline is None:
        return str(t("The draw decided about nobody, so the round can show no effect."))
    return str(
        t(
            "The round can show an effect of {mde} standard deviations, or of {baseline} where the outcome "
            "was asked before (V = {v}).",
            mde=f"{information.mde:.2f}",
            baseline=f"{information.mde_with_baseline:.2f}",
            v=f"{information.v:.1f}",
        )
    )


def _other_rules(w: DrawWords) -> Card:
    t, chosen, other = w.t, w.figures.chosen, w.figures.runner_up
    label = t("The best other rules")
    if chosen is None or other is None:
        return Card(label, t("No alternative"), t("No other rules keep the same limits."))
    return Card(
        label,
        t(other.name.template),
        t(
            "On average {theirs} people with a place against {ours}; {their_first} at their first choice "
            "against {our_first}.",
            theirs=whole(other.places),
            ours=whole(chosen.places),
            their_first=whole(other.first_choices),
            our_first=whole(chosen.first_choices),
        ),
    )


def _decision(w: DrawWords, places: int, placed: int) -> Decision:
    """Places left come first, then a round that shows too little, then the date of the next."""
    t, information, unmatched = w.t, w.figures.information, w.figures.fairness.unmatched
    heading = t("Please decide")
    rule = t(
        "Rule: places left while people have none come first; then a round that shows only effects above "
        "{enough} standard deviations; else the next round.",
        enough=ENOUGH,
    )
    left = places - placed
    if left > 0 and unmatched > 0:
        question = t(
            "Offer the {left} places that are left to the {count} people without one?",
            left=left,
            count=unmatched,
        )
        reason = t("Each of them is told in assignments.csv which of these places are open to them.")
    elif information.mde is None or information.mde > ENOUGH:
        question = t("Draw more places openly in the next round, or let hosts use only two tiers?")
        reason = t(
            "More ties for the draw to decide make smaller effects visible; the preview shows how much."
        )
    else:
        question = t("When does the next round open?")
        reason = t("Every place is filled and the round can show the effects that matter.")
    return Decision(heading, question, reason, rule)
