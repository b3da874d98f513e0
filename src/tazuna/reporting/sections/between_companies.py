"""Compared with other companies (他社との比較): own values and quartiles, or why there are none."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tazuna.disclosure.benchmark_rules import benchmark_rules
from tazuna.disclosure.between_companies import Benchmark
from tazuna.measurement.company_points import companies_with_people
from tazuna.reporting.content import Block, Missing, Paragraph, Section
from tazuna.reporting.figures.between_companies import Comparison, companies_figure, comparisons
from tazuna.reporting.material import Material
from tazuna.reporting.sections.comparable import comparable_note


def between_companies_sections(m: Material) -> tuple[Section, ...]:
    """One section in a study of enough companies; none elsewhere."""
    if m.benchmark is None and not _enough_companies(m):
        return ()
    return (Section("companies", m.t("Compared with other companies"), _blocks(m)),)


def _enough_companies(m: Material) -> bool:
    return companies_with_people(m.study, m.wave.wave) >= benchmark_rules().fewest_companies


def _blocks(m: Material) -> tuple[Block, ...]:
    t = m.t
    why = t("A score alone does not say whether it is high; other companies give it a place.")
    if m.benchmark is None:
        return (
            Missing(
                t("There is no comparison with other companies: the secret for its noise was not given."),
                why,
                t(
                    "Give --benchmark-secret with a file of random characters that no reader of reports "
                    "holds, the same file for every company of the wave. Without it anybody could "
                    "take the noise off again."
                ),
            ),
        )
    found = comparisons(m, m.benchmark)
    if not found:
        return (
            Missing(
                t("The comparison with other companies is not shown, to protect the companies."),
                why,
                t(
                    "It needs at least {count} companies with enough answers, none of which may have too "
                    "large a part of all people. Which condition is not met is never said.",
                    count=benchmark_rules().fewest_companies,
                ),
            ),
        )
    own_missing = not any(c.own for c in found)
    alone = t(
        "This company has no value of its own here: it has too few answers to be compared alone. Its scores "
        "stand in the other sections."
    )
    return (
        *((Paragraph(alone, "note"),) if own_missing else (Paragraph(_finding(m, found), "finding"),)),
        companies_figure(m, found, _notes(m, m.benchmark, found)),
        *comparable_note(m, "organisation_id"),
    )


def _finding(m: Material, found: Sequence[Comparison]) -> str:
    """Only where the intervals of own value and quartile do not touch."""
    t = m.t
    above = [c.scale for c in found if c.own is not None and c.own[1] > c.upper_quartile[2]]
    below = [c.scale for c in found if c.own is not None and c.own[2] < c.lower_quartile[1]]
    if not above and not below:
        return t("No own value lies beyond the quartiles by more than noise and chance.")
    parts = []
    if above:
        parts.append(
            t("Above the upper quartile, beyond noise and chance: {scales}.", scales=t(", ").join(above))
        )
    if below:
        parts.append(
            t("Below the lower quartile, beyond noise and chance: {scales}.", scales=t(", ").join(below))
        )
    return t("  ").join(parts)


def _notes(m: Material, benchmark: Benchmark, found: Sequence[Comparison]) -> tuple[str, ...]:
    t = m.t
    counts = sorted({c.companies for c in found})
    companies = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
    limit = float(benchmark.budget.limit)
    return (
        t(
            "Quartiles of {companies} companies, this one included, each counting once; small firms count "
            "together as one, and the fewer people answered, the fewer scales a company enters with. "
            "Everybody gets the same quartiles, as smooth weighted means (Harrell and Davis), so that none "
            "is one company's value.",
            companies=companies,
        ),
        t(
            "All figures here have noise in them, the own value too: it may differ from the score elsewhere "
            "in this report. The intervals include the noise."
        ),
        t(
            "Privacy budget of the wave: ε = {limit}. Whether or not one person answered changes the "
            "probability of any result by a factor of at most {factor}.",
            limit=f"{limit:g}",
            factor=f"{math.exp(limit):.1f}",
        ),
    )
