"""Tables of the second look (再確認): classes beside the rules, moves, dips, careless answers."""

from __future__ import annotations

from tazuna.measurement.careless.flags import CARELESS
from tazuna.measurement.careless.rules import careless_rules
from tazuna.measurement.classes.rule_items import RULINGS
from tazuna.measurement.second_look.careless import NOT_FLAGGED
from tazuna.measurement.second_look.dips import EVERYBODY, DipFinding
from tazuna.measurement.second_look.look import SecondLook
from tazuna.reporting.cells import Cell, OrganisationCells
from tazuna.reporting.content import Column, Table, Value
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, mean_of

_KINDS = ("total", "view", "area", "outcome")


def class_table(m: Material, look: SecondLook, cells: OrganisationCells) -> Table | None:
    """The rules' groups in each class; None unless the classes came out again."""
    t = m.t
    if look.classes is None or look.classes.verdict != "replicated":
        return None
    groups = [(ruling, group) for ruling in RULINGS for group in m.ruling_groups(ruling)]
    columns = (
        Column(t("Class")),
        Column(t("Size"), "percent"),
        *(Column(m.ruled(ruling, group), "percent") for ruling, group in groups),
    )
    rows: list[tuple[Value, ...]] = []
    for number in range(1, look.classes.count + 1):
        shares = (
            mean_of(cells.at(f"share.{ruling}.{group}", group_by="class", group=str(number)))
            for ruling, group in groups
        )
        rows.append((str(number), mean_of(cells.at(f"share.class.{number}")), *shares))
    return Table("look-classes", t("Layers and unmoved groups in each class"), columns, tuple(rows))


def move_table(m: Material, look: SecondLook, cells: OrganisationCells) -> Table | None:
    """Who is in another group than a wave before, by that group, beside what error alone brings."""
    t = m.t
    if not look.moves:
        return None
    rows: list[tuple[Value, ...]] = []
    for found in look.moves:
        places = [("all", "all"), *((f"{found.ruling}_before", g) for g in m.ruling_groups(found.ruling))]
        for group_by, group in places:
            left, unchanged, beyond = (
                cells.at(f"{kind}.{found.ruling}", group_by=group_by, group=group)
                for kind in ("left", "left_unchanged", "left_beyond")
            )
            name = _everybody(m, found.ruling) if group_by == "all" else m.ruled(found.ruling, group)
            n, moved, _, _ = figures_of(left)
            _, difference, lower, upper = figures_of(beyond)
            rows.append((name, n, moved, mean_of(unchanged), difference, lower, upper))
    columns = (
        Column(t("Group a wave before")),
        Column("n", "count"),
        Column(t("In another group now"), "percent"),
        Column(t("Without any change"), "percent"),
        Column(t("Difference, points"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
    )
    return Table(
        "look-moves", t("Moves between groups, beside what error alone explains"), columns, tuple(rows)
    )


def _everybody(m: Material, ruling: str) -> str:
    return m.t("Everybody, by layer") if ruling == "layer" else m.t("Everybody, by unmoved group")


def dip_table(m: Material, look: SecondLook, cells: OrganisationCells) -> Table | None:
    """The two lines of each score over age."""
    t = m.t
    if not look.dips:
        return None
    rows: list[tuple[Value, ...]] = []
    for found in look.dips:
        age = f"{found.age:.0f}"
        sides = {"before": t("up to {age}", age=age), "after": t("from {age} on", age=age)}
        rows += [
            (dipping(m, found), ages, *figures_of(dip_cell(cells, found, side)))
            for side, ages in sides.items()
        ]
    columns = (
        Column(t("Measure")),
        Column(t("Ages")),
        Column("n", "count"),
        Column(t("Change in ten years"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
    )
    return Table("look-dips", t("Two lines over age"), columns, tuple(rows))


def dipping(m: Material, found: DipFinding) -> str:
    """Whose score was tested."""
    scale = m.scale(found.scale)
    if found.level == EVERYBODY:
        return scale
    return m.t("{scale} ({level})", scale=scale, level=m.short_level(found.level))


def dip_cell(cells: OrganisationCells, found: DipFinding, side: str) -> Cell | None:
    """The line ``before`` or ``after`` the age where the two part."""
    group_by = "all" if found.level == EVERYBODY else "level"
    return cells.at(f"dip.{found.scale}.{side}", group_by=group_by, group=found.level)


def careless_table(m: Material, look: SecondLook, cells: OrganisationCells) -> Table | None:
    """How many each rule flags; None where few are, or no rule could judge."""
    t = m.t
    total = cells.at("flagged")
    if look.careless is None or total is None or not total.shown:
        return None
    labels = {rule.code: rule.label for rule in careless_rules().rules}
    rows: list[tuple[Value, ...]] = [(t("Any rule"), *figures_of(total))]
    for code in look.careless.judged_by:
        words = labels[code]
        rows.append((words.ja if m.language == "ja" else words.en, *figures_of(cells.at(f"flagged.{code}"))))
    columns = (
        Column(t("Rule")),
        Column("n", "count"),
        Column(t("Flagged"), "percent"),
        Column(t("95% lower"), "percent"),
        Column(t("95% upper"), "percent"),
    )
    return Table("look-careless", t("Answers flagged as careless, by rule"), columns, tuple(rows))


def with_and_without_table(m: Material, cells: OrganisationCells) -> Table | None:
    """Scores of everybody and without the flagged; None where these are too few to be left out."""
    t = m.t
    rows: list[tuple[Value, ...]] = []
    for code in _scales(m):
        everybody = m.cells.at(code, wave=cells.wave)
        without = cells.at(code, group_by=CARELESS, group=NOT_FLAGGED)
        if everybody is None or without is None or not (everybody.shown and without.shown):
            continue
        # Adding zero takes the sign off a rounded zero.
        change = round((without.mean or 0.0) - (everybody.mean or 0.0), 1) + 0.0
        rows.append((m.scale(code), *figures_of(everybody)[:2], *figures_of(without)[:2], change))
    if not rows:
        return None
    columns = (
        Column(t("Scale")),
        Column("n", "count"),
        Column(t("Everybody"), "score"),
        Column(t("n without"), "count"),
        Column(t("Without the flagged"), "score"),
        Column(t("Difference"), "score"),
    )
    return Table("look-without", t("Scores with everybody and without the flagged"), columns, tuple(rows))


def _scales(m: Material) -> list[str]:
    return [
        scale.code
        for kind in _KINDS
        for instrument in m.study.instruments
        for scale in instrument.scales.values()
        if scale.kind == kind
    ]
