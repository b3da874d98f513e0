"""Rounds whose applicants selected themselves: keen people apply, list more, and are ranked higher by hosts.

So whoever gets a place would have done better anyway, and comparing with the others misleads by a known
amount. Sizes follow the published third round of mutual side work: 211 people of 33 firms, 27 of which offer
107 gigs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.evaluation.estimate import Floats, Integers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.rules import DEFAULT_OPEN_SHARE, PLAIN, Region, Rules
from tazuna.matching.shares import systematic_places

RuleSet = Literal["plain", "caps", "gate and open places"]
RULE_SETS: tuple[RuleSet, ...] = ("plain", "caps", "gate and open places")

_EMPLOYEES_AN_APPLICANT = 6
_FIRMS, _HOSTS, _GIGS = 33 / 211, 27 / 33, 107 / 211
_SECOND_PLACE = 0.1
_LASTING = 0.75
"""Share of an outcome's variance that lasts: its correlation between two waves, among all employees.

Among applicants, who are more alike, it is about 0.7.
"""
_KEEN, _ABLE = 0.6, 0.8
"""What keenness and ability add to the lasting part; their squares add up to 1."""
_LONGEST_LIST = 6
_REGIONS, _CAP_SHARE = 5, 0.55


@dataclass(frozen=True, slots=True)
class SelfSelected:
    """A round and what its people would answer without any place.

    Parameters
    ----------
    mechanism
        Of the market under its rules; n applicants.
    person
        Shape (n,): number among all employees, the same in every round of the same people.
    before, untouched
        Shape (n,): the outcome before the round, and after it without a place, in standard deviations of all
        employees.
    gain
        Shape (n,): how much more than on average a place gives this person; standard deviation 1, and larger
        for keen people.
    others_untouched
        Mean outcome of the employees who did not apply.
    """

    mechanism: Mechanism
    person: Integers
    before: Floats
    untouched: Floats
    gain: Floats
    others_untouched: float


def self_selected(n: int, rule_set: RuleSet, seed: int, *, round_: int = 0) -> SelfSelected:
    """A round with n applicants; with the same n and seed further rounds of the same employees.

    People, lists and tiers do not depend on the rules.
    """
    employees = _EMPLOYEES_AN_APPLICANT * n
    keen, able, taste = np.random.default_rng([n, seed]).standard_normal((3, employees))
    lasting = _KEEN * keen + _ABLE * able
    rng = np.random.default_rng([n, seed, 1 + round_])
    passing = rng.standard_normal((2, employees))
    before, untouched = np.sqrt(_LASTING) * lasting + np.sqrt(1 - _LASTING) * passing
    order = np.argsort(-(keen + 0.5 * rng.standard_normal(employees)))
    applies, others = order[:n], order[n:]
    market = _market(_standard(keen[applies]), _standard(lasting[applies]), rng)
    return SelfSelected(
        mechanism=mechanism_of(market, _rules(market, rule_set)),
        person=applies,
        before=before[applies],
        untouched=untouched[applies],
        gain=_standard(_standard(keen[applies]) + taste[applies]),
        others_untouched=float(untouched[others].mean()),
    )


def _market(keen: Floats, lasting: Floats, rng: np.random.Generator) -> Market:
    """Keen people list more gigs and the sought-after ones; hosts see what lasts, with error."""
    n = len(keen)
    firms, gigs = max(6, round(_FIRMS * n)), round(_GIGS * n)
    hosts = round(_HOSTS * firms)
    host = np.concatenate([np.arange(hosts), rng.integers(hosts, size=gigs - hosts)])
    sender = rng.integers(firms, size=n)
    capacity = 1 + (rng.random(gigs) < _SECOND_PLACE)
    wanted = (0.6 + 0.2 * keen)[:, None] * rng.standard_normal(gigs) + rng.gumbel(size=(n, gigs))
    wanted[sender[:, None] == host] = -np.inf
    length = np.clip(np.rint(2.5 + keen + 0.7 * rng.standard_normal(n)), 1, _LONGEST_LIST).astype(int)
    choices = np.argsort(-wanted, axis=1)[:, :_LONGEST_LIST]
    seen = 0.7 * lasting[:, None] + 0.7 * rng.standard_normal((n, _LONGEST_LIST))
    accepted = (seen > -1) & (np.arange(_LONGEST_LIST) < length[:, None])
    lists = [chosen[row].tolist() for chosen, row in zip(choices, accepted, strict=True)]
    tiers: Mapping[tuple[int, int], int] = {
        (int(i), int(choices[i, k])): 1 if seen[i, k] > 0.5 else 2
        for i, k in zip(*accepted.nonzero(), strict=True)
    }
    return market_of_lists(lists, capacity.tolist(), tiers, sender=sender.tolist(), host=host.tolist())


def _rules(market: Market, rule_set: RuleSet) -> Rules:
    if rule_set == "plain":
        return PLAIN
    if rule_set == "caps":
        return Rules(regions=_regions(market))
    opened = systematic_places(
        DEFAULT_OPEN_SHARE, market.capacity, market.capacity, market.programs, "known truth"
    )
    return Rules(reciprocity="gate", open_places=opened)


def _regions(market: Market) -> tuple[Region, ...]:
    """Five regions, and a sixth around two of them: each may fill about half of its places."""
    region = np.arange(len(market.programs)) % _REGIONS
    inside = [(f"region {k}", region == k) for k in range(_REGIONS)] + [("regions 0 and 1", region < 2)]
    # The outer limit binds beyond those inside it.
    shares = [_CAP_SHARE] * _REGIONS + [_CAP_SHARE - 0.1]
    return tuple(
        Region(name, flags, int(share * market.capacity[flags].sum()))
        for (name, flags), share in zip(inside, shares, strict=True)
    )


def _standard(values: Floats) -> Floats:
    return (values - values.mean()) / values.std()
