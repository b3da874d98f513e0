"""All faults of a study, kept as columns: a million fit, and only those shown become sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from tazuna.intake.faults import Fault
from tazuna.language import Language, Message

FAULT_COLUMNS = ("kind", "table", "file", "line", "column", "value", "expected", "cure")


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Faults of one kind in one column with the same sentences.

    Parameters
    ----------
    rows
        ``line`` (Int64) and ``value`` (String), one row a fault; further columns fill the places of the
        sentences that ``expected`` and ``cure`` leave open.
    column, required
        As in `Fault`.
    emptied
        Whether the cell is emptied where faults are skipped.
    """

    kind: str
    table: str
    source: str
    column: str | None
    expected: Message
    cure: Message
    rows: pl.DataFrame
    required: bool = False
    emptied: bool = False

    def fault(self, row: Mapping[str, object]) -> Fault:
        """The `Fault` of one row of ``rows``."""
        line, value = row["line"], row["value"]
        return Fault(
            kind=self.kind,
            table=self.table,
            source=self.source,
            line=line if isinstance(line, int) else None,
            column=self.column,
            value=None if value is None else str(value),
            expected=_filled(self.expected, row),
            cure=_filled(self.cure, row),
            required=self.required,
        )

    def frame(self, language: Language) -> pl.DataFrame:
        """The rows as `FAULT_COLUMNS`, in words of ``language``."""
        places = [name for name in self.rows.columns if name not in ("line", "value")]
        distinct = (
            self.rows.select(places).unique(maintain_order=True) if places else pl.DataFrame({"": [None]})
        )
        words = distinct.with_columns(
            *(
                pl.Series(name, [_filled(said, row).text(language) for row in distinct.iter_rows(named=True)])
                for name, said in (("expected", self.expected), ("cure", self.cure))
            )
        )
        if places:
            rows = self.rows.join(words, on=places, how="left", nulls_equal=True, maintain_order="left")
        else:
            rows = self.rows.with_columns(pl.lit(words[name][0]).alias(name) for name in ("expected", "cure"))
        return rows.select(
            pl.lit(self.kind).alias("kind"),
            pl.lit(self.table).alias("table"),
            pl.lit(self.source).alias("file"),
            pl.col("line").cast(pl.Int64),
            pl.lit(self.column, dtype=pl.String).alias("column"),
            pl.col("value").cast(pl.String),
            "expected",
            "cure",
        )


@dataclass(frozen=True, slots=True)
class FaultTable:
    """All faults, in the order of tables and rules; reads like a sequence of `Fault`."""

    groups: tuple[FaultGroup, ...] = field(default=())

    def __len__(self) -> int:
        return sum(group.rows.height for group in self.groups)

    def __iter__(self) -> Iterator[Fault]:
        return (group.fault(row) for group in self.groups for row in group.rows.iter_rows(named=True))

    def counts(self, by: Literal["kind", "table"] = "kind") -> dict[str, int]:
        """Number of faults by kind, or by table, in the order in which they were found."""
        found: Counter[str] = Counter()
        for group in self.groups:
            found[group.kind if by == "kind" else group.table] += group.rows.height
        return dict(found)

    def head(self, kind: str, n: int = 20) -> tuple[Fault, ...]:
        """The first ``n`` faults of ``kind``."""
        faults: list[Fault] = []
        for group in self.groups:
            if group.kind == kind and len(faults) < n:
                faults += [group.fault(row) for row in group.rows.head(n - len(faults)).iter_rows(named=True)]
        return tuple(faults)

    def of_table(self, table: str) -> FaultTable:
        """The faults of one table."""
        return FaultTable(tuple(group for group in self.groups if group.table == table))

    def frame(self, language: Language) -> pl.DataFrame:
        """Every fault as `FAULT_COLUMNS`, sorted by file and line."""
        if not self.groups:
            return pl.DataFrame(
                schema={name: pl.Int64 if name == "line" else pl.String for name in FAULT_COLUMNS}
            )
        every = pl.concat([group.frame(language) for group in self.groups])
        return every.sort("table", "file", "line", maintain_order=True, nulls_last=False)


def _filled(said: Message, row: Mapping[str, object]) -> Message:
    return Message(said.template, {**row, **said.values})
