"""Whether the groups of a figure may be compared (比較してよいか), said beside the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tazuna.language import Message, message
from tazuna.measurement.comparing import Comparability
from tazuna.reporting.content import Block, Column, Paragraph, Table, Value
from tazuna.reporting.material import Material

_GROUPINGS: Mapping[str, Message] = {
    "wave": message("Between waves"),
    "age_band": message("Between age bands"),
    "organisation_id": message("Between companies"),
    "viewpoint": message("Managers and employees"),
    "department": message("Between departments"),
    "language": message("Between languages of answering"),
}
_VERDICTS: Mapping[str, Message] = {
    "comparable": message("comparable"),
    "comparable_in_part": message("without some questions"),
    "not_comparable": message("not comparable"),
    "not_tested": message("not tested"),
}


def comparable_note(m: Material, by: str, scales: Sequence[str] = ()) -> tuple[Block, ...]:
    """One sentence beside a comparison.

    Parameters
    ----------
    by, scales
        As `comparable_line`.
    """
    return (Paragraph(comparable_line(m, by, scales), "note"),)


def comparable_line(m: Material, by: str, scales: Sequence[str] = ()) -> str:
    """Whether what is compared may be compared: alike, with care, or not tested.

    Parameters
    ----------
    by
        ``wave``, ``age_band``, ``organisation_id``, ``viewpoint`` or ``department``.
    scales
        Codes of the scales that are compared; all where empty.
    """
    t = m.t
    asked = [one for one in m.comparability if one.by == by and (not scales or one.scale in scales)]
    tested = [one for one in asked if one.found.verdict != "not_tested"]
    odd = [one for one in tested if one.found.verdict != "comparable"]
    if not tested:
        said = t(
            "Whether the questions work alike was not tested; it takes 200 complete answers a group and "
            "three questions."
        )
    elif not odd:
        said = t("The questions work alike here (measurement invariance), so the means may be compared.")
    else:
        names = ", ".join(f"{m.scale(one.scale)} ({', '.join(one.found.freed)})" for one in odd)
        said = t(
            "Compare with care: some questions work differently between the groups. {names}", names=names
        )
    return t("{grouping}: {said}", grouping=t(_GROUPINGS[by].template), said=said)


def comparability_table(m: Material) -> tuple[Block, ...]:
    """Every scale and grouping; nothing where nothing was tested."""
    t = m.t
    groupings = [by for by in _GROUPINGS if any(one.by == by for one in m.comparability)]
    scales = tuple(dict.fromkeys(one.scale for one in m.comparability))
    if not scales:
        return ()
    found = {(one.scale, one.by): one for one in m.comparability}
    rows = tuple(
        (m.scale(scale), *(_verdict(m, found.get((scale, by))) for by in groupings)) for scale in scales
    )
    columns = (Column(t("Scale")), *(Column(t(_GROUPINGS[by].template)) for by in groupings))
    note = t(
        "By confirmatory factor analysis of several groups with equal loadings and intercepts. Questions "
        "that surely differ by a tenth of a standard deviation or more are set free; where this changes the "
        "difference between the groups by less than a tenth, the means may be compared."
    )
    return (
        Table("comparability", t("Whether groups and waves may be compared"), columns, rows),
        Paragraph(note, "note"),
    )


def _verdict(m: Material, one: Comparability | None) -> Value:
    if one is None:
        return None
    words = m.t(_VERDICTS[one.found.verdict].template)
    if one.found.verdict == "comparable" or not one.found.freed:
        return words
    return f"{words} ({', '.join(one.found.freed)})"
