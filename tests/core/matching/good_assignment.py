"""What every assignment must be, whichever mechanism made it: in plain loops, beside the library's arrays."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tazuna.matching.blocks import Blocks, blocks_of, layers_of
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Integers, Market
from tazuna.matching.rules import Rules


def expect_good_assignment(market: Market, rules: Rules, held: Integers) -> None:
    """Everybody holds one of their own pairs or nothing, and no capacity, region or limit is exceeded."""
    assert held.shape == (len(market.applicants),)
    for person, edge in enumerate(held):
        assert edge == -1 or market.start[person] <= edge < market.start[person + 1]
    filled = Counter(market.program[held[held >= 0]].tolist())
    for program, people in filled.items():
        assert people <= market.capacity[program]
    for region in rules.regions:
        assert sum(filled[program] for program in np.flatnonzero(region.programs)) <= region.upper
    if rules.sending is not None:
        sent = Counter(market.sender[held >= 0].tolist())
        for firm, limit in enumerate(rules.sending):
            assert limit < 0 or sent[firm] <= limit


def positions(market: Market, rules: Rules, numbers: Numbers) -> dict[tuple[int, int, int], float]:
    """(person, programme, layer) → position in that block, for all who may have its places."""
    layers = layers_of(market, rules)
    found = {}
    for person in range(len(market.applicants)):
        for edge in range(market.start[person], market.start[person + 1]):
            number = numbers.person[person] if numbers.pair is None else numbers.pair[edge]
            for k, layer in enumerate(layers):
                if layer.members is None or layer.members[edge]:
                    tier = 1 if layer.kind == "open" else market.tier[edge]
                    found[person, int(market.program[edge]), k] = tier + number
    return found


def joinable(
    market: Market, rules: Rules, numbers: Numbers, held: Integers
) -> tuple[set[tuple[int, int]], set[tuple[int, int]], set[tuple[int, int]]]:
    """Pairs with justified envy, pairs that could be joined outside, and inside full regions only.

    Straight from the definitions, for rules without extended seats.
    """
    position, layers = positions(market, rules, numbers), layers_of(market, rules)
    holds = {i: int(market.program[edge]) for i, edge in enumerate(held) if edge >= 0}
    seats: dict[tuple[int, int], list[int]] = {}
    for program in range(len(market.programs)):
        waiting = [person for person, of in holds.items() if of == program]
        for k, layer in enumerate(layers):
            can = sorted((position[i, program, k], i) for i in waiting if (i, program, k) in position)
            seats[program, k] = [person for _, person in can[: int(layer.places[program])]]
            waiting = [person for person in waiting if person not in seats[program, k]]
    filled = Counter(holds.values())
    envy, outside, inside = set(), set(), set()
    for person in range(len(market.applicants)):
        last = held[person] if held[person] >= 0 else market.start[person + 1]
        for edge in range(market.start[person], last):
            program = int(market.program[edge])
            for k, layer in enumerate(layers):
                if (person, program, k) not in position:
                    continue
                mine = position[person, program, k]
                if any(position[other, program, k] > mine for other in seats[program, k]):
                    envy.add((person, program))
                    outside.add((person, program))
                if len(seats[program, k]) < layer.places[program]:
                    full = [
                        region
                        for region in rules.regions
                        if region.programs[program]
                        and sum(filled[s] for s in np.flatnonzero(region.programs)) >= region.upper
                    ]
                    if not full:
                        outside.add((person, program))
                    elif person in holds and all(region.programs[holds[person]] for region in full):
                        inside.add((person, program))
    return envy, outside, inside - outside


def entry_positions(market: Market, blocks: Blocks, numbers: Numbers) -> list[float]:
    """Tier + lottery number of each entry of the expanded lists."""
    owner = market.applicant_of_edge()
    number = [
        numbers.person[owner[edge]] if numbers.pair is None else numbers.pair[edge] for edge in blocks.edge
    ]
    return [float(tier + number) for tier, number in zip(blocks.tier, number, strict=True)]


def plain_acceptance(market: Market, rules: Rules, numbers: Numbers) -> list[int]:
    """Edge held by each, or -1: deferred acceptance with one round of requests at a time, as in the paper."""
    blocks = blocks_of(market, layers_of(market, rules))
    position = [
        float(tier)
        + float(
            numbers.person[market.applicant_of_edge()[edge]] if numbers.pair is None else numbers.pair[edge]
        )
        for tier, edge in zip(blocks.tier, blocks.edge, strict=True)
    ]
    asked = [int(start) for start in blocks.start[:-1]]
    while True:
        requests: dict[int, list[int]] = {}
        for person, entry in enumerate(asked):
            if entry < blocks.start[person + 1]:
                requests.setdefault(int(blocks.block[entry]), []).append(person)
        refused = [
            person
            for block, people in requests.items()
            for person in sorted(people, key=lambda i: position[asked[i]])[int(blocks.places[block]) :]
        ]
        if not refused:
            return [
                int(blocks.edge[entry]) if entry < blocks.start[person + 1] else -1
                for person, entry in enumerate(asked)
            ]
        for person in refused:
            asked[person] += 1


def plain_capped_acceptance(
    market: Market, rules: Rules, numbers: Numbers, limits: list[tuple[set[int], int]]
) -> list[int]:
    """Edge held by each, or -1: at every step all who ever asked are chosen from anew.

    Parameters
    ----------
    limits
        Blocks, and most people in them together.
    """
    blocks = blocks_of(market, layers_of(market, rules))
    position = entry_positions(market, blocks, numbers)
    limits = [*limits, *(({block}, int(places)) for block, places in enumerate(blocks.places))]

    places_before = [
        int(
            blocks.places[(blocks.program == blocks.program[block]) & (np.arange(blocks.count) < block)].sum()
        )
        for block in range(blocks.count)
    ]

    def chosen(asked: list[int]) -> list[int]:
        by_block: dict[int, list[int]] = {}
        for entry in sorted(asked, key=lambda entry: position[entry]):
            by_block.setdefault(int(blocks.block[entry]), []).append(entry)
        if rules.regional_choice == "turns":
            turns = [(k, block) for block, entries in by_block.items() for k in range(len(entries))]
            turns.sort(key=lambda turn: (turn[0] + places_before[turn[1]], turn[1]))
            candidates = [by_block[block][k] for k, block in turns]
        else:
            candidates = sorted(asked, key=lambda entry: (blocks.layer[blocks.block[entry]], position[entry]))
        kept: list[int] = []
        for entry in candidates:
            taken = [int(blocks.block[other]) for other in [*kept, entry]]
            if all(sum(block in members for block in taken) <= upper for members, upper in limits):
                kept.append(entry)
        return kept

    following = [int(start) for start in blocks.start[:-1]]
    owner = np.repeat(np.arange(len(following)), np.diff(blocks.start))
    asked: list[int] = []
    while True:
        kept = chosen(asked)
        holders = {int(owner[entry]): entry for entry in kept}
        assert len(holders) == len(kept)
        free = [i for i, entry in enumerate(following) if i not in holders and entry < blocks.start[i + 1]]
        if not free:
            return [int(blocks.edge[holders[i]]) if i in holders else -1 for i in range(len(following))]
        asked.append(following[free[0]])
        following[free[0]] += 1
