"""Everybody's chance (当選の確率): of each place on each list, and of any place at all."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tazuna.matching.certified import Certified, certify, possible_entries
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.exact import exact_by_components, exact_of_any
from tazuna.matching.market import Floats, Integers, Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.redraws import Progress, count_offers

Method = Literal["simulated", "exact"]
Status = Literal["never", "always", "conditional", "unseen"]
STATUSES: tuple[Status, ...] = ("never", "always", "conditional", "unseen")
"""What the codes in `Chances.status` mean."""
NEVER, ALWAYS, CONDITIONAL, UNSEEN = range(4)

ROUNDING = 1e-12
NORMAL_97_5 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Chances:
    """Chances under one mechanism, given all lists, tiers and rules.

    Parameters
    ----------
    chance
        Float64, one an edge of the market: probability that the applicant gets this place.
    std_error
        Float64, one an edge: 0 where the chance is proved or exact; else half of Wilson's 95% interval over
        1.96, which is above 0 even where nothing or everything was seen.
    status
        Int8, one an edge: index into `STATUSES`. ``never`` and ``always``: proved to be 0 and 1.
        ``conditional``: it depends on the draw, as far as is known. ``unseen``: not proved impossible, and
        not seen in any draw, so at most about 3 / draws.
    chance_any
        Float64, one an applicant: probability of a place at all.
    information
        V, the sum of p(1 - p) over applicants, p being ``chance_any``: how much the draw can teach about the
        effect of a place. The smallest effect that shows is about 2.8 standard deviations over its root.
    program_information
        Float64, one a programme: the same for a place of this programme.
    draws
        How many redraws; 0 where the chances are exact.
    method
        ``simulated``: how often in redraws. ``exact``: all orders of the lottery numbers.
    """

    chance: Floats
    std_error: Floats
    status: npt.NDArray[np.int8]
    chance_any: Floats
    information: float
    program_information: Floats
    draws: int
    method: Method

    @property
    def effective_number(self) -> float:
        """4V: how many people in a fair coin toss would teach as much."""
        return 4 * self.information


def chances_of(
    mechanism: Mechanism,
    *,
    method: Method,
    seed: str,
    draws: int = 1000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Chances:
    """Everybody's chances under ``mechanism``, by running it again on other lottery numbers.

    That is valid for any mechanism whose only randomness is the draw, with lists, tiers, consents and
    declines fixed independently of it (Borusyak & Hull 2023, https://doi.org/10.3982/ECTA19367). Chances of
    exactly 0 and 1 are proved by bounds for plain deferred acceptance on blocks (open places and reserves
    included), elsewhere only by all orders.

    Parameters
    ----------
    mechanism
        Market and rules.
    method
        See `Chances`.
    seed
        Of the redraws; the draw's published key must not be used, lest the redraws contain the draw.
    draws
        How many redraws; not used for ``exact``.
    threads
        None for one a core. The result is the same for any number.
    progress
        Told after every few redraws how many more are done.

    Raises
    ------
    TazunaError
        ``exact`` in a market with too many orders.
    """
    market = mechanism.market
    if type(mechanism) is not DeferredAcceptance:  # what merely resembles it proves nothing
        if method == "exact":
            return exact_chances(market, exact_of_any(mechanism))
        counts = count_offers(mechanism, draws, seed, threads=threads, progress=progress)
        return simulated_chances(market, counts.held, draws, None)
    certified = certify(market, mechanism.blocks)
    if method == "exact":
        return exact_chances(market, exact_by_components(mechanism, certified))
    running = copy.copy(mechanism)
    running.blocks = possible_entries(mechanism.blocks, certified)
    counts = count_offers(running, draws, seed, threads=threads, progress=progress)
    return simulated_chances(market, counts.held, draws, certified)


def exact_chances(market: Market, chance: Floats) -> Chances:
    """Chances from shares of all orders: everything is proved.

    Parameters
    ----------
    chance
        Float64, one an edge, exact up to rounding.
    """
    chance_any = np.bincount(market.applicant_of_edge(), chance, minlength=len(market.applicants))
    certain = np.abs(chance - 1) < ROUNDING
    status = np.where(chance > 0, CONDITIONAL, NEVER).astype(np.int8)
    status[certain] = ALWAYS
    return _chances(
        market,
        np.where(certain, 1.0, chance),
        np.where(np.abs(chance_any - 1) < ROUNDING, 1.0, chance_any),
        np.zeros_like(chance),
        status,
        0,
        "exact",
    )


def simulated_chances(market: Market, held: Integers, draws: int, certified: Certified | None) -> Chances:
    """Chances from counts.

    Parameters
    ----------
    held
        Int64, one an edge: in how many of the draws it was held.
    certified
        What is proved; None where nothing can be.
    """
    chance = held / draws
    std_error = wilson_std_error(held, draws)
    status = np.where(held > 0, CONDITIONAL, UNSEEN).astype(np.int8)
    if certified is not None:
        status[certified.never], status[certified.always] = NEVER, ALWAYS
        std_error[certified.never | certified.always] = 0.0
    return _chances(
        market, chance, _sum_of_lists(market, held) / draws, std_error, status, draws, "simulated"
    )


def wilson_std_error(count: Integers, draws: int) -> Floats:
    """Half of Wilson's 95% interval over 1.96: like a standard error, but never 0.

    References
    ----------
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    share, squared = count / draws, NORMAL_97_5**2
    error: Floats = np.sqrt(share * (1 - share) / draws + squared / (4 * draws**2)) / (1 + squared / draws)
    return error


def _chances(
    market: Market,
    chance: Floats,
    chance_any: Floats,
    std_error: Floats,
    status: npt.NDArray[np.int8],
    draws: int,
    method: Method,
) -> Chances:
    spread: Floats = np.zeros(len(market.programs))
    np.add.at(spread, market.program, chance * (1 - chance))
    return Chances(
        chance=chance,
        std_error=std_error,
        status=status,
        chance_any=chance_any,
        information=float(np.sum(chance_any * (1 - chance_any))),
        program_information=spread,
        draws=draws,
        method=method,
    )


def _sum_of_lists(market: Market, values: Integers) -> Integers:
    """The sum over each applicant's edges, exact for whole numbers."""
    running = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(np.diff(running[market.start]))
