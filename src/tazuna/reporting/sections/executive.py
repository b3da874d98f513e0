"""The management view (経営視点): score and gaps, trend, contribution, age."""

from __future__ import annotations

from tazuna.reporting.content import Block, Paragraph, Part, Section
from tazuna.reporting.figures.age_curve import age_curve_figure
from tazuna.reporting.figures.individuals import contribution_figure
from tazuna.reporting.figures.score import SCORES, gap_figure, gaps_of
from tazuna.reporting.figures.trend import trend_figure
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import interval, points, whole
from tazuna.reporting.sections.absence import absent
from tazuna.reporting.sections.between_companies import between_companies_sections
from tazuna.reporting.sections.comparable import comparable_note
from tazuna.reporting.sections.second_look import contribution_statement
from tazuna.reporting.sentences import gap_of
from tazuna.reporting.words import PEOPLE, VIEWPOINTS


def executive_part(m: Material) -> Part:
    """Where the company stands, and whether management and employees see the same."""
    t = m.t
    return Part(
        code="management",
        title=t("Management view"),
        lead=t("Where do we stand, and do management and employees see the same thing?"),
        sections=(
            Section("gaps", t("Gaps between the company side and employees"), _gaps(m)),
            Section("trend", t("Trend over the waves"), _trend(m)),
            *between_companies_sections(m),
            Section("contribution", t("Contribution by level of the profile"), _contribution(m)),
            Section("age", t("Age and being used"), _age(m)),
        ),
    )


def _gaps(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure = gap_figure(m)
    if figure is None:
        return (
            absent(
                m,
                held=any(m.cells.at(f"gap.{s}", viewpoint=pair) for s in SCORES for pair in gaps_of(m)),
                what=t("There are no answers of the company side to compare with."),
                why=t(
                    "The gap between how the company sees itself and how employees see it is where talk "
                    "begins."
                ),
                how=t(
                    "Ask executives and HR the nine questions in the company wording and put their "
                    "answers into the table company_answers; is_manager in the table people gives the "
                    "managers' viewpoint."
                ),
            ),
        )
    found = [
        gap for pair in gaps_of(m) for score in SCORES[1:] if (gap := gap_of(m, score, pair)) is not None
    ]
    sentences = []
    for side in dict.fromkeys(gap.side for gap in found):
        largest = max((g for g in found if g.side == side), key=lambda g: abs(g.difference.mean or 0.0))
        sentences.append(
            t(
                "{side} and {people} differ most on “{view}”: {value} points{interval}.",
                side=t(VIEWPOINTS[side].template),
                people=t(PEOPLE[largest.people].template),
                view=m.scale(largest.score),
                value=whole(largest.difference.mean or 0.0),
                interval=interval(largest.difference, t),
            )
        )
    return (
        *(Paragraph(sentence, "finding") for sentence in sentences[:1]),
        *map(Paragraph, sentences[1:]),
        figure,
        *_compared_with_everybody(m),
        *comparable_note(m, "viewpoint", SCORES),
    )


def _compared_with_everybody(m: Material) -> tuple[Block, ...]:
    """Says with whom the company side is compared, where it is not the employees alone."""
    if m.cells.staff() == "employee":
        return ()
    return (
        Paragraph(
            m.t(
                "The company side is compared with everybody who answered, managers included: a figure of "
                "the employees alone is not shown."
            )
        ),
    )


def _trend(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure = trend_figure(m)
    if figure is None:
        return (
            absent(
                m,
                held=len(m.cells.waves) > 1,
                what=t("There is only one wave so far, so there is no trend."),
                why=t("One wave shows a state; only the next one shows whether anything changed."),
                how=t(
                    "Ask again with the same questions, and add the wave to the tables waves and responses."
                ),
            ),
        )
    before, last = m.cells.waves[-2:]
    staff = m.cells.staff(waves=(before, last))
    earlier, now = (m.cells.at("ms", viewpoint=staff, wave=wave) for wave in (before, last))
    note = comparable_note(m, "wave", SCORES)
    if earlier is None or now is None or not (earlier.shown and now.shown):
        return (figure, *note)
    said = t(
        "Total score of {people}: {before} {earlier}, {last} {now}.",
        people=t(PEOPLE[staff].template),
        before=m.wave_label(before),
        earlier=points(earlier, t),
        last=m.wave_label(last),
        now=points(now, t),
    )
    return (Paragraph(said, "finding"), figure, *note)


def _contribution(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure = contribution_figure(m)
    if figure is not None:
        said = contribution_statement(m)
        return (figure,) if said is None else (figure, Paragraph(said))
    return (
        absent(
            m,
            held=bool(m.cells.groups("level", "contribution")),
            what=t("There is no contribution by level of the profile."),
            why=t(
                "It shows whether people who own their careers are also those whom the company rates high."
            ),
            how=t(
                "Put a column contribution (a number, or ordered text with its order under [orders] in "
                "study.toml) into the table people, and ask the questions of the profile."
            ),
        ),
    )


def _age(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure = age_curve_figure(m)
    if figure is not None:
        return (figure, *comparable_note(m, "age_band"))
    return (
        absent(
            m,
            held=bool(m.cells.groups("age_curve")),
            what=t("There are no age curves."),
            why=t("They show at which ages people with a high profile do not feel used."),
            how=t("Put birth_year (or age) into the table people, and ask being used and opportunity."),
        ),
    )
