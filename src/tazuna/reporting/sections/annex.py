"""The annex (資料): who answered, how sure the scores are, how every figure was made, and what it
cannot say.
"""

from __future__ import annotations

from tazuna.instrument.model import worded
from tazuna.reporting.content import Block, Column, Items, Paragraph, Part, Section, Table, Value
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of
from tazuna.reporting.sections.absence import absent
from tazuna.reporting.sections.comparable import comparability_table
from tazuna.reporting.sections.second_look import second_look_sections
from tazuna.reporting.words import ATTRIBUTES

_KINDS = ("total", "view", "area", "item", "outcome", "quality")


def annex(m: Material) -> Part:
    """Sample, reliability, methods, limits."""
    t = m.t
    return Part(
        code="annex",
        title=t("Annex"),
        lead=t("Who answered, how the figures were made, and what they cannot say."),
        sections=(
            Section("sample", t("Who was asked and who answered"), _sample(m)),
            Section("reliability", t("Reliability of the scores"), _reliability(m)),
            *_comparability(m),
            *second_look_sections(m),
            Section("methods", t("How the figures were made"), _methods(m)),
            Section("limits", t("What this report cannot say"), _limits(m)),
        ),
    )


def _sample(m: Material) -> tuple[Block, ...]:
    t = m.t
    rows: list[tuple[Value, ...]] = []
    for attribute, label in ATTRIBUTES.items():
        of_departments = attribute == "department"
        groups = (
            m.department_rows(["response_rate"])
            if of_departments
            else m.cells.groups(attribute, "response_rate")
        )
        for group in groups:
            cell = m.cells.at("response_rate", group_by=attribute, group=group)
            asked, rate, lower, upper = figures_of(cell)
            answered: Value = asked
            if cell is not None and cell.n is not None and cell.mean is not None:
                answered = round(cell.n * cell.mean / 100)
            rows.append((t(label.template), m.group(attribute, group), asked, answered, rate, lower, upper))
    blocks: list[Block] = []
    if rows:
        columns = (
            Column(t("Attribute")),
            Column(t("Group")),
            Column(t("Asked"), "count"),
            Column(t("Answered"), "count"),
            Column(t("Response rate"), "percent"),
            Column(t("95% lower"), "percent"),
            Column(t("95% upper"), "percent"),
        )
        blocks.append(Table("sample", t("Asked and answered, by attribute"), columns, tuple(rows)))
        blocks.append(
            Paragraph(
                t(
                    "People who did not answer may differ from those who did; nothing was weighted. "
                    "Groups with fewer than {k} people asked are not shown.",
                    k=m.k,
                ),
                "note",
            )
        )
    else:
        blocks.append(
            absent(
                m,
                held=False,
                what=t("It is not known who was asked."),
                why=t("Without the response rate nobody can judge how far the figures hold for everybody."),
                how=t("Put everybody who was asked into the table people, not only those who answered."),
            )
        )
    blocks += _skipped(m)
    return tuple(blocks)


def _skipped(m: Material) -> list[Block]:
    """What ``--skip-faulty`` left out, table by table."""
    t = m.t
    rows, cells = dict(m.study.set_aside or {}), dict(m.study.emptied or {})
    tables = sorted(
        {name for name, count in (rows | cells).items() if count} | {n for n, c in rows.items() if c}
    )
    if not tables:
        return []
    columns = (Column(t("Table")), Column(t("Rows set aside"), "count"), Column(t("Cells emptied"), "count"))
    body = tuple((name, rows.get(name, 0), cells.get(name, 0)) for name in tables)
    note = t("The input had faults; with --skip-faulty the report was made without these rows and cells.")
    return [Table("skipped", t("Faulty input that was left out"), columns, body), Paragraph(note, "note")]


def _reliability(m: Material) -> tuple[Block, ...]:
    t = m.t
    rows: list[tuple[Value, ...]] = []
    for kind in _KINDS:
        for instrument in m.study.instruments:
            for scale in instrument.scales.values():
                found = m.reliability.get(scale.code)
                if scale.kind != kind or found is None:
                    continue
                r = found.figures
                name = worded(scale.label, m.language)
                omega = None if found.structure is None else found.structure.omega
                rows.append(
                    (name, len(r.items), r.n, r.alpha, r.lower, r.upper, omega, m.wave_label(found.wave))
                )
    if not rows:
        return (
            absent(
                m,
                held=False,
                what=t("Reliability cannot be shown: no scale has enough answers to two or more questions."),
                why=t(
                    "It says how far a score would come out the same with other questions of the same kind."
                ),
                how=t("Ask all questions of a scale, and get at least {k} answers.", k=m.k),
            ),
        )
    columns = (
        Column(t("Scale")),
        Column(t("Questions"), "count"),
        Column("n", "count"),
        Column(t("Alpha"), "coefficient"),
        Column(t("95% lower"), "coefficient"),
        Column(t("95% upper"), "coefficient"),
        Column(t("Omega"), "coefficient"),
        Column(t("Wave")),
    )
    note = t(
        "Cronbach's alpha over everybody in the study, interval after Feldt. As a rule of thumb .70 and "
        "more is enough for comparing groups; alpha alone does not show that a scale measures what it is "
        "meant to."
    )
    return (
        Table("reliability", t("Reliability of each scale"), columns, tuple(rows)),
        Paragraph(note, "note"),
    )


def _comparability(m: Material) -> tuple[Section, ...]:
    """Left out where too few answered for any test."""
    blocks = comparability_table(m)
    return (Section("comparability", m.t("Whether groups may be compared"), blocks),) if blocks else ()


def _methods(m: Material) -> tuple[Block, ...]:
    t = m.t
    facts = m.methods
    entries = [
        (
            t("Scores"),
            t(
                "Mean of the answered questions, rescaled to 0 to 100; missing when fewer than half are "
                "answered."
            ),
        ),
        (
            t("Intervals"),
            t(
                "95%. Means by the t distribution, from {clusters} departments on with standard errors by "
                "department; shares after Wilson; gaps by bootstrap with {replicates} draws, seed {seed}.",
                clusters=facts.clusters_needed,
                replicates=f"{facts.replicates:,}",
                seed=facts.seed,
            ),
        ),
        (
            t("Viewpoints"),
            t(
                "Executives and HR answer the company wording, as statements in office. Managers and "
                "employees answer the employee wording; “everybody” is managers and employees together."
            ),
        ),
        (
            t("Level of the profile"),
            t("From the profile's total score: low under 40, middle 40 to under 60, high from 60 points."),
        ),
        (
            t("Groups and layers"),
            t(
                "Own rules, version {version}; an answer that is missing leaves the group unknown. Names "
                "after the public material of the career ownership consortium; its criteria are not "
                "public.",
                version=facts.rules_version,
            ),
        ),
        (
            t("Age curve"),
            t(
                "Local linear regression with tricube weights, window {years} years.",
                years=f"{facts.bandwidth:.0f}",
            ),
        ),
        (
            t("Departments"),
            t(
                "As they are today: a department that was reorganised counts with its successor in every "
                "wave."
            ),
        ),
        (
            t("Protection"),
            t(
                "Figures of fewer than {k} people are not shown, and neither are others from which these "
                "could be calculated; nothing says which is which. {hidden} of {figures} figures are hidden. "
                "Hiding only the next smallest number in each sum would hide {next_smallest} and would not "
                "protect the tables taken together. "
                "Before the release it is calculated how far the numbers of people shown narrow down each "
                "hidden one: at least {k} people wide, within the sums that are looked at.",
                k=m.k,
                hidden=f"{m.hidden:,}",
                figures=f"{m.figures:,}",
                next_smallest=f"{m.next_smallest:,}",
            ),
        ),
    ]
    entries += [
        (
            worded(instrument.title, m.language),
            t(
                "version {version}. {validation} {source}",
                version=instrument.version,
                validation=worded(instrument.validation, m.language),
                source=worded(instrument.source, m.language),
            ),
        )
        for instrument in m.study.instruments
    ]
    return (Items(tuple(entries)),)


def _limits(m: Material) -> tuple[Block, ...]:
    t = m.t
    entries = (
        (
            t("No causes"),
            t(
                "Comparisons of waves and groups say what changed or differs, never that something had an "
                "effect."
            ),
        ),
        (
            t("Own wording"),
            t(
                "Questions, items and group rules that are Tazuna's own have not been validated yet. They "
                "are not the official questions of the consortium, and scores cannot be compared with "
                "official ones."
            ),
        ),
        (
            t("Chance"),
            t(
                "An interval shows how far a figure may be off by chance. Among many figures some stand "
                "out by chance alone."
            ),
        ),
        (
            t("The company side"),
            t("Few people answer for the company; its score is their statement, not a sample."),
        ),
        (
            t("Use"),
            t(
                "For talk between management and the field. Not for judging single people, managers or "
                "small teams."
            ),
        ),
    )
    return (Items(entries),)
