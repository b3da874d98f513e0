"""The section on instruments that were loaded from a file: licensed, official or the company's own."""

from __future__ import annotations

from tazuna.instrument.shipped import SHIPPED
from tazuna.reporting.content import Block, Paragraph, Section
from tazuna.reporting.figures.own_scales import (
    own_department_table,
    own_scale_figures,
    own_scale_table,
    own_scales,
    own_scores,
)
from tazuna.reporting.material import Material
from tazuna.reporting.sections.absence import absent


def own_scale_sections(m: Material) -> tuple[Section, ...]:
    """One section where the study has a loaded instrument, else none."""
    if all(instrument.id in SHIPPED for instrument in m.study.instruments):
        return ()
    return (Section("own-scales", m.t("Scales of your instrument"), _blocks(m)),)


def _blocks(m: Material) -> tuple[Block, ...]:
    t = m.t
    table = own_scale_table(m)
    if table is None or not own_scores(m):
        return (
            absent(
                m,
                held=bool(own_scales(m)),
                what=t("The instrument that was loaded has no answers."),
                why=t("Its scales are shown by age band, gender, worksite and department."),
                how=t("Put a column for each of its questions into the table responses."),
            ),
        )
    departments = own_department_table(m)
    said = t(
        "Scales as the instrument file defines them. The rules for levels, layers and groups belong to "
        "Tazuna's own instruments and are not applied to them."
    )
    return (
        Paragraph(said, "note"),
        table,
        *own_scale_figures(m),
        *(() if departments is None else (departments,)),
    )
