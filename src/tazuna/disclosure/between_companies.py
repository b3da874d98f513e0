"""The comparison between companies (企業間比較): one frozen table a wave that hides each company.

What protects whom:

- **A person** by noise: every number comes from noisy figures that cost the wave's budget at most.
- **A company** not by that noise, which is made to hide one person among hundreds, but by the rules: a
  minimum of companies, none so large that it would be the figure, small firms counted together, quartiles
  that are a mixture of all (`tazuna.disclosure.smooth_quartiles`), whole points, and *the same table for
  everybody*. Tables that each leave out their reader could be subtracted from each other.

A figure that breaks a rule is withheld, without its rule, its number of companies or a name.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tazuna.disclosure.benchmark_rules import BenchmarkRules
from tazuna.disclosure.budget import Budget, Ledger, Spending, parallel, spend
from tazuna.disclosure.contributors import CompanySums, Contributor, contributors
from tazuna.disclosure.smooth_quartiles import QUARTILES, smooth_quartile

QUARTILE_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "wave": pl.String,
    "measure": pl.String,
    "quartile": pl.String,
    "companies": pl.Int64,
    "value": pl.Int64,
    "lower": pl.Int64,
    "upper": pl.Int64,
    "withheld": pl.Boolean,
}
"""Columns of the quartiles: three rows a measure. Withheld rows have no numbers, of companies neither."""

OWN_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "organisation_id": pl.String,
    "wave": pl.String,
    "measure": pl.String,
    "mean": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
}
"""Columns of the companies' own noisy values: each company is to see its own rows only."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The comparison of one wave, made by `compare_companies`.

    Parameters
    ----------
    quartiles
        Columns of `QUARTILE_SCHEMA`; the same for every reader.
    own
        Columns of `OWN_SCHEMA`; a company that is in a pool, or whose measure is withheld, has no row.
    ledger
        With this table's row.
    budget
        Of the wave.
    """

    wave: str
    quartiles: pl.DataFrame
    own: pl.DataFrame
    ledger: Ledger
    budget: Budget

    @property
    def shown(self) -> bool:
        """Whether any measure could be shown."""
        return not bool(self.quartiles["withheld"].all())

    def own_of(self, organisation_id: str) -> pl.DataFrame:
        """The rows that this company may see."""
        return self.own.filter(pl.col("organisation_id") == organisation_id)


def compare_companies(
    companies: Mapping[str, CompanySums],
    measures: Sequence[str],
    rules: BenchmarkRules,
    *,
    wave: str,
    secret: bytes,
    ledger: Ledger,
    today: date,
) -> Benchmark:
    """Make the comparison of a wave, or make the same one again.

    Parameters
    ----------
    companies
        Company id → unprotected numbers of people and points; nobody is in two companies.
    measures
        The scales that the study asks; those that the rules do not name are left out.
    rules
        Budget, sizes, minimum and dominance.
    wave, secret
        Key of the noise. The secret is at least 16 bytes that no reader knows.
    ledger
        What was spent so far.
    today
        The day that the ledger's row gets.

    Returns
    -------
    Benchmark
        Every number in it comes from noisy figures only.

    Raises
    ------
    BudgetError
        The wave's budget went into a table of other answers.
    """
    offered = [measure for measure in rules.measures if measure in measures]
    entered = spend(ledger, rules.wave_budget, _spending(companies, offered, rules, wave, secret, today))
    found = contributors(companies, offered, rules, wave=wave, secret=secret)
    rows, shown = [], set()
    for measure in offered:
        having = [contributor for contributor in found if measure in contributor.means]
        allowed = len(having) >= rules.fewest_companies and not rules.dominated([c.size for c in having])
        shown |= {measure} if allowed else set()
        rows += _quartile_rows(wave, measure, having if allowed else None)
    own = [
        (*contributor.companies, wave, measure, mean.mean, mean.lower, mean.upper)
        for contributor in found
        if len(contributor.companies) == 1
        for measure, mean in contributor.means.items()
        if measure in shown
    ]
    return Benchmark(
        wave=wave,
        quartiles=pl.DataFrame(rows, schema=dict(QUARTILE_SCHEMA), orient="row"),
        own=pl.DataFrame(own, schema=dict(OWN_SCHEMA), orient="row"),
        ledger=entered,
        budget=rules.wave_budget,
    )


def _quartile_rows(
    wave: str, measure: str, having: Sequence[Contributor] | None
) -> list[tuple[str | int | bool | None, ...]]:
    if having is None:
        return [(wave, measure, quartile, None, None, None, None, True) for quartile in QUARTILES]
    means = [contributor.means[measure] for contributor in having]
    found = {quartile: smooth_quartile(means, part) for quartile, part in QUARTILES.items()}
    return [
        (wave, measure, quartile, len(having), figure.value, figure.lower, figure.upper, False)
        for quartile, figure in found.items()
    ]


def _spending(
    companies: Mapping[str, CompanySums],
    measures: Sequence[str],
    rules: BenchmarkRules,
    wave: str,
    secret: bytes,
    today: date,
) -> Spending:
    """The ledger's row: nobody is in two companies, so that the costliest one counts.

    The table's name is keyed: a plain hash of the sums could be found by trying sums.
    """
    numbers = [
        (
            company,
            held.people,
            [(m, held.sums[m].n, held.sums[m].reached) for m in measures if m in held.sums],
        )
        for company, held in sorted(companies.items())
    ]
    content = repr((rules.model_dump_json(), wave, tuple(measures), numbers))
    name = hmac.digest(secret, content.encode(), hashlib.sha256).hex()[:16]
    return Spending(
        wave=wave,
        table=f"between-companies {name}",
        epsilon=parallel(rules.budget.limit for _ in companies),
        figures=len(companies) * (len(measures) + 1),
        at=today,
    )
