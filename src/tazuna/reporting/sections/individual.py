"""The individual view (個人視点): profile, steps, reasons, outcomes."""

from __future__ import annotations

from tazuna.reporting.content import Block, Missing, Paragraph, Part, Section
from tazuna.reporting.figures.groups import share_by_band_figure
from tazuna.reporting.figures.individuals import AREAS, REASONS, outcome_table, profile_figure, reasons_figure
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import percent
from tazuna.reporting.sections.absence import absent
from tazuna.reporting.sections.comparable import comparable_note
from tazuna.reporting.sections.own_scales import own_scale_sections


def individual_part(m: Material) -> Part:
    """What people of each age have, and where they stand on the way."""
    t = m.t
    return Part(
        code="individual",
        title=t("Individual view"),
        lead=t(
            "What do people of each age have, and what holds them up? Always groups, never single people."
        ),
        sections=(
            *own_scale_sections(m),
            Section("profile", t("Profile: five areas"), _profile(m)),
            Section("outcomes", t("Outcomes"), _outcomes(m)),
            Section("steps", t("Steps on the way"), _steps(m)),
            Section("reasons", t("What holds people up"), _reasons(m)),
        ),
    )


def _profile(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure = profile_figure(m)
    if figure is not None:
        return (figure, *comparable_note(m, "age_band", AREAS))
    return (
        absent(
            m,
            held=m.cells.at("co") is not None,
            what=t("The questions of the profile were not asked."),
            why=t(
                "The profile shows in which of five areas people are strong; levels and age curves build "
                "on it."
            ),
            how=t("Add the instrument co_profile to the survey; it has 39 short questions."),
        ),
    )


def _steps(m: Material) -> tuple[Block, ...]:
    t = m.t
    return (
        share_by_band_figure(
            m,
            "step",
            code="steps",
            title=t("The next step that people need, everybody and by age band"),
            notes=(
                t(
                    "Does not know career ownership: get to know. Cannot say what it means to them: "
                    "deepen. Has no plan: deepen further. Has a plan: practise. Percent of those who "
                    "answered, bars are 95% intervals."
                ),
            ),
        )
        or absent(
            m,
            held=bool(m.cells.measures("share.step.")),
            what=t("The questions of layers and groups were not asked."),
            why=t("The step says which kind of measure fits people of each age."),
            how=t("Add the instrument layers_groups to the survey; it has 12 short questions."),
        ),
    )


def _reasons(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure: Block = reasons_figure(m) or absent(
        m,
        held=any(m.cells.measures(f"dist.{question}.") for question in REASONS),
        what=t("The reasons for not moving and not learning were not asked."),
        why=t("Measures that do not meet the reasons are not taken up."),
        how=t("Add the instrument outcomes to the survey."),
    )
    gave_up = m.cells.at("gave_up")
    if gave_up is None or not gave_up.shown:
        return (figure,)
    said = t("{share} gave up at least one challenge or preparation for one.", share=percent(gave_up, t))
    return (Paragraph(said, "finding"), figure)


def _outcomes(m: Material) -> tuple[Block, ...]:
    t = m.t
    table = outcome_table(m)
    if table is None:
        missing: Missing = absent(
            m,
            held=m.cells.at("engagement") is not None,
            what=t("The outcomes were not asked."),
            why=t("They show what career ownership goes with: engagement, being used, staying."),
            how=t("Add the instrument outcomes to the survey."),
        )
        return (missing,)
    note = t(
        "Mean of the answered questions, 0 to 100. A high score of career isolation means more isolation."
    )
    scales = [
        code for one in m.study.instruments for code, scale in one.scales.items() if scale.kind == "outcome"
    ]
    return (Paragraph(note, "note"), table, *comparable_note(m, "age_band", scales))
