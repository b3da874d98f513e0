"""The section of the second look (再確認): what groups, moves, dips and answers can bear."""

from __future__ import annotations

from collections.abc import Mapping

from tazuna.language import Message, message
from tazuna.measurement.classes.replication import Verdict as ClassVerdict
from tazuna.measurement.dip.finding import Verdict as DipVerdict
from tazuna.measurement.second_look.classes import FEWEST_PEOPLE as FEWEST_FOR_CLASSES
from tazuna.measurement.second_look.dips import DipFinding
from tazuna.measurement.second_look.look import SecondLook
from tazuna.measurement.second_look.moves import MoveFinding
from tazuna.measurement.transitions.transitions import FEWEST_PEOPLE as FEWEST_FOR_MOVES
from tazuna.reporting.cells import Cell, OrganisationCells
from tazuna.reporting.content import Block, Items, Paragraph, Section, Table
from tazuna.reporting.figures.second_look import (
    careless_table,
    class_table,
    dip_cell,
    dip_table,
    dipping,
    move_table,
    with_and_without_table,
)
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import interval, whole

_CLASSES: Mapping[ClassVerdict, Message] = {
    "replicated": message("They came out again in held-out halves."),
    "not_replicated": message("They did not come out again in held-out halves: do not name them as groups."),
    "small_class": message("One holds fewer than 5% of the people: do not name them as groups."),
    "one_class": message("The answers of {n} people do not fall into groups by themselves."),
}
_DIPS: Mapping[DipVerdict, Message] = {
    "none_found": message("no dip found; one of {smallest} points or more would probably have been seen"),
    "dip": message("a dip around {age}; the questions work alike at all ages"),
    "dip_without_differing": message(
        "a dip around {age}, also without the questions that work differently by age ({questions})"
    ),
    "artefact": message(
        "a dip around {age} that disappears without the questions that work differently by age ({questions})"
    ),
    "unchecked": message(
        "the mean falls and rises around {age}, but whether the questions work alike at all ages could not "
        "be checked: no dip is claimed"
    ),
}
_ALIKE_IN_THE_STUDY = message(
    "a dip around {age}; over the whole study the questions work alike at all ages (measurement invariance)"
)
_RULINGS: Mapping[str, Message] = {"layer": message("layer"), "unmoved": message("unmoved group")}


def second_look_sections(m: Material) -> tuple[Section, ...]:
    """The section, or none where nobody looked."""
    look, cells = m.look, m.looked_at
    if look is None or cells is None:
        return ()
    return (Section("second-look", m.t("A second look at groups and answers"), _blocks(m, look, cells)),)


def contribution_statement(m: Material) -> str | None:
    """The correlation of contribution and profile as it is and corrected; None without one."""
    cells, link = m.looked_at, None if m.look is None else m.look.contribution
    if cells is None or link is None:
        return None
    observed, for_score, for_both = (
        cells.at(f"correlation.{name}") for name in ("observed", "for_score", "for_both")
    )
    return m.t(
        "Contribution and the profile's total correlate {observed} (n = {n}). Corrected for what is "
        "unreliable in the score it is {for_score}; for ratings too, at an assumed reliability of {rating}, "
        "{for_both}. In brackets 95% intervals. A correlation is no cause.",
        observed=_coefficient(m, observed),
        n=_count(observed),
        for_score=_coefficient(m, for_score),
        rating=f"{link.reliability_of_contribution:.2f}",
        for_both=_coefficient(m, for_both),
    )


def _blocks(m: Material, look: SecondLook, cells: OrganisationCells) -> tuple[Block, ...]:
    t = m.t
    note = t(
        "About everybody in the organisation who answered, {wave}. Each statement says whether something "
        "that is easily seen in answers is more than chance and error.",
        wave=m.wave_label(look.wave),
    )
    statements = (
        (t("Groups in the answers"), _classes(m, look, cells)),
        (t("Moves between waves"), _moves(m, look, cells)),
        (t("Dip by age"), _dips(m, look, cells)),
        (t("Contribution and profile"), _contribution(m)),
        (t("Careless answers"), _careless(m, look, cells)),
    )
    tables = (
        class_table(m, look, cells),
        move_table(m, look, cells),
        dip_table(m, look, cells),
        careless_table(m, look, cells),
        with_and_without_table(m, cells),
    )
    return (Paragraph(note, "note"), Items(statements), *(table for table in tables if table is not None))


def _classes(m: Material, look: SecondLook, cells: OrganisationCells) -> str:
    t, found = m.t, look.classes
    if found is None:
        return t(
            "Not examined: it takes the questions of layers and groups, and {n} people who answer them.",
            n=max(FEWEST_FOR_CLASSES, m.k),
        )
    n = _count(cells.at("share.class.1"))
    verdict = t(_CLASSES[found.verdict].template, n=n)
    if found.verdict == "one_class":
        return verdict
    template = message("Without the rules the answers of {n} people fall into {count} latent classes.")
    if found.drawn:
        template = message(
            "Without the rules the answers of {n} people drawn at random fall into {count} latent classes."
        )
    agreement = t(
        "Agreement with the rules (1 = the same, 0 = by chance): layers {layer}, unmoved groups {unmoved}.",
        layer=_plain(cells.at("agreement.layer")),
        unmoved=_plain(cells.at("agreement.unmoved")),
    )
    return _joined(m, t(template.template, n=n, count=found.count), verdict, agreement)


def _moves(m: Material, look: SecondLook, cells: OrganisationCells) -> str:
    if look.moves:
        return _joined(m, *(_move(m, found, cells) for found in look.moves))
    return m.t(
        "Not examined: it takes two waves, and {n} people who can be placed in a group at both.",
        n=max(FEWEST_FOR_MOVES, m.k),
    )


def _move(m: Material, found: MoveFinding, cells: OrganisationCells) -> str:
    t = m.t
    left, unchanged, beyond = (
        cells.at(f"{kind}.{found.ruling}") for kind in ("left", "left_unchanged", "left_beyond")
    )
    seen = t(
        "Of {n} people {moved}% are in another {ruling} than a wave before. If nobody had changed it would "
        "be {expected}%, at an assumed retest reliability of {retest} (difference in points: "
        "{difference}).",
        n=_count(left),
        moved=_whole(left),
        ruling=t(_RULINGS[found.ruling].template),
        expected=_whole(unchanged),
        retest=f"{found.retest:.2f}",
        difference=_whole(beyond) + ("" if beyond is None else interval(beyond, t)),
    )
    if beyond is not None and (beyond.lower or 0.0) <= 0.0:
        return _joined(m, seen, t("Error alone can explain it."))
    explained = t(
        "That is more than error explains; at a reliability of {explained} or less error alone would explain "
        "it (a single question often has .25 to .55).",
        explained=f"{found.explained_at:.2f}",
    )
    return _joined(m, seen, explained)


def _dips(m: Material, look: SecondLook, cells: OrganisationCells) -> str:
    if look.dips:
        return _joined(m, *(_dip(m, found, cells) for found in look.dips))
    return m.t("Not examined: it takes the age of enough people, and scores with an age curve.")


def _dip(m: Material, found: DipFinding, cells: OrganisationCells) -> str:
    t = m.t
    finding = t(
        _dip_words(m, found).template,
        age=f"{found.age:.0f}",
        smallest=f"{found.smallest:.0f}",
        questions=", ".join(found.differing),
    )
    n = _count(dip_cell(cells, found, "before"))
    return t("{scale}: {finding} (n = {n}).", scale=dipping(m, found), finding=finding, n=n)


def _dip_words(m: Material, found: DipFinding) -> Message:
    """What the test found; questions too few for a check of their own may be known to be alike."""
    if found.verdict == "unchecked" and any(
        (one.scale, one.by, one.found.verdict) == (found.scale, "age_band", "comparable")
        for one in m.comparability
    ):
        return _ALIKE_IN_THE_STUDY
    return _DIPS[found.verdict]


def _contribution(m: Material) -> str:
    return contribution_statement(m) or m.t(
        "Not examined: it takes contribution in the table people, and the profile of the same people."
    )


def _careless(m: Material, look: SecondLook, cells: OrganisationCells) -> str:
    t, found, flagged = m.t, look.careless, cells.at("flagged")
    if found is None or flagged is None:
        return t("Not examined: the rules need all questions of an instrument, or its checks.")
    if not flagged.shown:
        return t(
            "How many are flagged, and the scores without them, are not shown, to protect small groups "
            "(rules version {version}). Nobody was left out.",
            version=found.rules_version,
        )
    told = t(
        "Of {n} people {percent}%{interval} are flagged (rules version {version}). A flag is no proof: "
        "nobody was left out.",
        n=_count(flagged),
        percent=_whole(flagged),
        interval=interval(flagged, t),
        version=found.rules_version,
    )
    largest = _largest_change(with_and_without_table(m, cells))
    if largest is None:
        return told
    changed = t("Without them no score of everybody changes by more than {change} points.", change=largest)
    return _joined(m, told, changed)


def _largest_change(table: Table | None) -> str | None:
    changes = [abs(row[-1]) for row in table.rows if isinstance(row[-1], float)] if table else []
    return f"{max(changes):.1f}" if changes else None


def _count(cell: Cell | None) -> str:
    return "–" if cell is None or cell.n is None else f"{cell.n:,}"


def _whole(cell: Cell | None) -> str:
    return "–" if cell is None or cell.mean is None else whole(cell.mean)


def _plain(cell: Cell | None) -> str:
    return "–" if cell is None or cell.mean is None else f"{cell.mean:.2f}".replace("-", "−")


def _coefficient(m: Material, cell: Cell | None) -> str:
    if cell is None or cell.lower is None or cell.upper is None:
        return _plain(cell)
    lower, upper = (f"{end:.2f}".replace("-", "−") for end in (cell.lower, cell.upper))
    return _plain(cell) + m.t(" [{lower}–{upper}]", lower=lower, upper=upper)


def _joined(m: Material, *sentences: str) -> str:
    return (" " if m.language == "en" else "").join(sentences)
