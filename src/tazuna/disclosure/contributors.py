"""Who enters a comparison between companies: each large enough company, and the small firms together.

Everything is decided from *noisy* numbers of people, so that the choice itself tells nothing of a person
beyond what the numbers cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from tazuna.disclosure.benchmark_rules import BenchmarkRules
from tazuna.disclosure.keyed_bits import keyed_bits
from tazuna.disclosure.noisy_means import NoisyMean, PointSums, noisy_count, noisy_mean

_NOBODY = PointSums(0, 0)


@dataclass(frozen=True, slots=True)
class CompanySums:
    """A company's unprotected numbers: people who answered, and what they add up to by measure."""

    people: int
    sums: Mapping[str, PointSums]


@dataclass(frozen=True, slots=True)
class Contributor:
    """One company, or the small firms counted together, with its noisy figures.

    Parameters
    ----------
    companies
        One id, or those of a pool.
    size
        Noisy number of people.
    means
        Measure → noisy mean, as many as the size carries.
    """

    companies: tuple[str, ...]
    size: int
    means: Mapping[str, NoisyMean]


def contributors(
    companies: Mapping[str, CompanySums],
    measures: Sequence[str],
    rules: BenchmarkRules,
    *,
    wave: str,
    secret: bytes,
) -> tuple[Contributor, ...]:
    """Draw the noisy figures of a wave, the same ones for the same answers and secret.

    Parameters
    ----------
    companies
        Company id → unprotected numbers; nobody is in two companies.
    measures
        Those that the study asks, most important first.
    rules
        Budget and sizes.
    wave, secret
        Key of the noise; see `tazuna.disclosure.keyed_bits.keyed_bits`.

    Returns
    -------
    tuple of Contributor
        Each person has spent the rules' budget at most: the share for the size, and the rest in equal parts
        on the figures. Small firms that cannot be pooled do not enter.
    """
    sizes = {
        company: noisy_count(
            numbers.people,
            rules.size_cost,
            keyed_bits(secret, "people", wave, company, str(numbers.people)),
            rules.budget.unit,
        )
        for company, numbers in sorted(companies.items())
    }
    small = tuple(company for company, size in sizes.items() if not rules.figures(size, len(measures)))
    groups: list[tuple[str, ...]] = [(company,) for company in sizes if company not in small]
    if _may_be_pooled([sizes[company] for company in small], rules):
        groups.append(small)
    found = (
        _contributor(group, sum(sizes[c] for c in group), companies, measures, rules, wave, secret)
        for group in groups
    )
    return tuple(contributor for contributor in found if contributor.means)


def _may_be_pooled(sizes: Sequence[int], rules: BenchmarkRules) -> bool:
    return len(sizes) >= rules.smallest_pool and not rules.dominated(sizes)


def _contributor(
    group: tuple[str, ...],
    size: int,
    companies: Mapping[str, CompanySums],
    measures: Sequence[str],
    rules: BenchmarkRules,
    wave: str,
    secret: bytes,
) -> Contributor:
    carried = measures[: rules.figures(size, len(measures))]
    means = {}
    for measure in carried:
        sums = reduce(add, (companies[company].sums.get(measure, _NOBODY) for company in group))
        share = (rules.budget.limit - rules.size_cost) / len(carried)
        question = ("mean", wave, *group, measure, str(sums.n), str(sums.reached), str(share))
        mean = noisy_mean(sums, share, keyed_bits(secret, *question), rules.budget.unit)
        if mean is not None and mean.n >= rules.least_answered * size:
            means[measure] = mean
    return Contributor(group, size, means)
