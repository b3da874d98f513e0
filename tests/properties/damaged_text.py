"""Damage to the text of a study: cells, rows, headings, tables, waves, circles and settings."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.properties.junk import BAD_SETTINGS, HEADINGS, JUNK
from tests.properties.study_text import StudyText, TableText

Damage = Callable[[Random, StudyText], None]


def junk_cells(random: Random, study: StudyText) -> None:
    """Anything at all in a few cells."""
    for _ in range(random.choice([1, 1, 3, 30])):
        _, table = study.some_table(random)
        row = random.choice(table.rows or [[""]])
        if row:
            row[random.randrange(len(row))] = random.choice(JUNK)


def junk_column(random: Random, study: StudyText) -> None:
    """One kind of junk in a whole column."""
    _, table = study.some_table(random)
    place, cell = random.randrange(len(table.header) or 1), random.choice(JUNK)
    for row in table.rows:
        if place < len(row) and random.random() < 0.9:
            row[place] = cell


def mixed_types(random: Random, study: StudyText) -> None:
    """Cells of other columns of the same table."""
    _, table = study.some_table(random)
    for row in table.rows:
        if len(row) > 1 and random.random() < 0.2:
            row[random.randrange(len(row))] = random.choice(row)


def empty_cells(random: Random, study: StudyText) -> None:
    """A column, an area or nearly all answers without a value."""
    _, table = study.some_table(random)
    first = random.randrange(len(table.header) or 1)
    last = random.choice([first + 1, len(table.header)])
    for row in table.rows:
        row[first:last] = ["" for _ in row[first:last]]


def ragged_rows(random: Random, study: StudyText) -> None:
    """Rows with more or fewer cells than the header."""
    _, table = study.some_table(random)
    for row in random.sample(table.rows, min(len(table.rows), random.choice([1, 2, 20]))):
        if random.random() < 0.5:
            row.extend(random.choice([["余り"], ["", ""], ["x", "", "y"], ["z"] * 300]))
        elif len(row) > 1:
            del row[random.randrange(1, len(row)) :]


def rows_again(random: Random, study: StudyText) -> None:
    """Rows twice, in another order, blank ones between them."""
    _, table = study.some_table(random)
    if not table.rows:
        return
    table.rows += [list(row) for row in random.choices(table.rows, k=random.choice([1, 5]))]
    if random.random() < 0.5:
        random.shuffle(table.rows)
    for _ in range(random.choice([0, 1, 4])):
        blank = [random.choice(["", " ", "　"]) for _ in table.header]
        table.rows.insert(random.randrange(len(table.rows)), blank)


def title_and_totals(random: Random, study: StudyText) -> None:
    """Rows above the header (so that it stands in row 7, say) and totals below."""
    name, table = study.some_table(random)
    titles = [["2026年度 社員名簿（社外秘）"], [], ["作成日", "2026/10/1"], ["", "", "人事部"]]
    table.above = [random.choice(titles) for _ in range(random.choice([1, 2, 6, 50, 70]))]
    if len(table.above) > 59:
        study.uncertain.add(name)
    if random.random() < 0.5 and len(table.header) > 2:
        table.below = [[random.choice(["合計", "総計", "Total", "小 計"]), str(len(table.rows))]]


def header_only(random: Random, study: StudyText) -> None:
    """A table without rows, without a header, or of nothing."""
    name, table = study.some_table(random)
    if random.random() < 0.7:
        table.rows = []
    else:
        study.uncertain.add(name)
        table.header, table.rows = random.choice(
            [([], []), ([""], []), (["x"], []), (table.rows[0] if table.rows else [""], table.rows[1:])]
        )


def columns_moved(random: Random, study: StudyText) -> None:
    """Columns in another order, missing, twice, or added."""
    name, table = study.some_table(random)
    if not table.header:
        return
    order = list(range(len(table.header)))
    random.shuffle(order)
    match random.choice(["shuffle", "drop", "twice", "add", "blank"]):
        case "drop":
            order = sorted(order[random.choice([1, 1, 3]) :]) or order
            if len(order) < 3:
                study.uncertain.add(name)
        case "twice":
            order.append(order[0])
        case "add":
            for _ in range(random.choice([1, 3])):
                table.header.append(random.choice(HEADINGS))
                _add_cells(table, random.choice(JUNK) if random.random() < 0.4 else "A")
            return
        case "blank":
            table.header[order[0]] = random.choice(["", " ", "　"])
            study.uncertain.add(name)
            return
        case _:
            pass
    table.header = [table.header[i] for i in order]
    table.rows = [[row[i] if i < len(row) else "" for i in order] for row in table.rows]


def _add_cells(table: TableText, cell: str) -> None:
    for row in table.rows:
        row += [""] * (len(table.header) - 1 - len(row))
        row.append(cell)


def very_wide(random: Random, study: StudyText) -> None:
    """Hundreds of columns more; now and then ten thousand."""
    _, table = study.some_table(random)
    count = random.choice([300] * 30 + [10_000])
    table.rows = table.rows[: 3 if count > 300 else 20]
    stem = random.choice(["列", "ms", "q", ""])
    table.header += [f"{stem}{n}" if stem else "" for n in range(50, 50 + count)]
    for row in table.rows:
        row += [random.choice(["", "1"])] * count


def headings_changed(random: Random, study: StudyText) -> None:
    """Headings in other words, another width or case, or those that the program itself uses inside."""
    name, table = study.some_table(random)
    study.uncertain.add(name)
    for _ in range(random.choice([1, 1, 3])):
        if not table.header:
            return
        place = random.randrange(len(table.header))
        old = table.header[place]
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in old)
        table.header[place] = random.choice([wide, old.upper(), f" {old}　", random.choice(HEADINGS)])


def waves_spelled(random: Random, study: StudyText) -> None:
    """Names of waves that differ by width, case or spaces, or a wave that nobody knows."""
    for name in sorted(study.tables):
        place = study.column(name, "wave")
        if place is None or random.random() < 0.5:
            continue
        for row in study.tables[name].rows:
            if place < len(row) and random.random() < 0.3:
                old = row[place]
                row[place] = random.choice(
                    [old.upper(), f" {old}", old.replace("2", "２"), f"{old} ", "第９回", "", old.title()]
                )


def circles(random: Random, study: StudyText) -> None:
    """Departments, organisations or managers that are above themselves; keys that point anywhere."""
    spots = [
        ("departments", "parent_id", "department_id"),
        ("departments", "successor_id", "department_id"),
        ("organisations", "parent_id", "organisation_id"),
        ("people", "manager_id", "person_id"),
    ]
    for name, parent, key in spots:
        here, keys = study.column(name, parent), study.column(name, key)
        if here is None or keys is None or random.random() < 0.4:
            continue
        rows = [row for row in study.tables[name].rows if len(row) > max(here, keys)]
        for row in rows:
            if random.random() < 0.5:
                row[here] = random.choice(rows)[keys]


def zeros_lost(random: Random, study: StudyText) -> None:
    """Leading zeros gone from the keys of a table, as Excel does it."""
    name, table = study.some_table(random)
    for column in ("person_id", "manager_id", "department_id"):
        place = study.column(name, column)
        if place is not None:
            for row in table.rows:
                if place < len(row) and random.random() < 0.5:
                    row[place] = row[place].lstrip("0")


def tables_swapped(random: Random, study: StudyText) -> None:
    """A table gone, under another name, or with the content of another."""
    name, _ = study.some_table(random)
    match random.choice(["gone", "renamed", "swapped", "longer"]):
        case "gone":
            del study.tables[name]
        case "renamed":
            study.names[name] = random.choice([f"{name} (2)", "Sheet1", name.upper(), f"コピー{name}", "計"])
        case "swapped":
            other, _ = study.some_table(random)
            tables = study.tables
            tables[name], tables[other] = tables[other], tables[name]
            study.uncertain |= {name, other}
        case _:
            study.tables[name].rows *= 1 if random.random() < 0.5 else 2


def merged_and_typed(random: Random, study: StudyText) -> None:
    """In workbooks: merged cells, and figures as figures."""
    for table in study.tables.values():
        table.typed = random.random() < 0.5
        if len(table.rows) > 3 and len(table.header) > 1 and random.random() < 0.5:
            first = random.randrange(len(table.rows) - 2)
            table.merged.append((first, first + random.choice([1, 2]), random.randrange(len(table.header))))


def settings_changed(random: Random, study: StudyText) -> None:
    """A line too many, one gone, characters gone, another k, or no settings."""
    text = study.settings or ""
    lines = text.splitlines()
    match random.choice(["bad", "bad", "bad", "line gone", "character", "none", "small k"]):
        case "bad":
            text += random.choice(BAD_SETTINGS)
        case "line gone" if lines:
            del lines[random.randrange(len(lines))]
            text = "\n".join(lines)
        case "character" if text:
            place = random.randrange(len(text))
            text = text[:place] + random.choice(["", '"', "[", "=", "\0", "\n", "𠮷"]) + text[place + 1 :]
        case "small k":
            text = text.replace("k = 5", f"k = {random.choice(['4', '-1', '5.0', '0', '10 ** 3', '9' * 30])}")
        case _:
            study.settings = None
            return
    study.settings = text


TEXT_DAMAGES: dict[str, Damage] = {
    damage.__name__: damage
    for damage in (
        junk_cells,
        junk_column,
        mixed_types,
        empty_cells,
        ragged_rows,
        rows_again,
        title_and_totals,
        header_only,
        columns_moved,
        very_wide,
        headings_changed,
        waves_spelled,
        circles,
        zeros_lost,
        tables_swapped,
        merged_and_typed,
        settings_changed,
    )
}
