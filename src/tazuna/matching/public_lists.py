"""The public lists (公開する一覧): the round under receipts, from which anybody can run the draw again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

import numpy as np
import polars as pl

from tazuna.matching.draw import hash_of_fields
from tazuna.matching.frozen_tables import Frozen, canonical_csv
from tazuna.matching.market import Flags, Indices, Integers, Market
from tazuna.matching.rules import Region, Reserve, Rules

LISTS, TIERS, PLACES = "lists.csv", "tiers.csv", "places.csv"
PUBLIC_FILES = (LISTS, TIERS, PLACES)


@dataclass(frozen=True, slots=True)
class PublicRound:
    """A round as the public lists tell it.

    Parameters
    ----------
    market
        Applicants are receipts.
    rules
        Those of the round.
    offered
        Bool, one an edge: whether the lists say that this place was given to this receipt.
    line
        One an edge: its line in ``lists.csv``.
    """

    market: Market
    rules: Rules
    offered: Flags
    line: tuple[int, ...]


def public_files(
    market: Market, rules: Rules, frozen: Frozen, held: Integers, secret: str
) -> dict[str, bytes]:
    """``lists.csv``, ``tiers.csv`` and ``places.csv``: feasible pairs only, nobody's id.

    The firm that sends a person is shown as a code, and only where the mechanism needs to know whose people
    belong together; which firm the code means is shown only where places are traded between firms.

    Parameters
    ----------
    held
        Int64, one an applicant: the edge that the draw gave, or -1.
    secret
        Of the draw; the codes are hashes of it and of the internal tables.
    """
    person, edges = market.applicant_of_edge(), np.arange(market.edges)
    receipt = pl.Series(frozen.receipts, dtype=pl.String)[person]
    program = pl.Series(market.programs, dtype=pl.String)[market.program]
    codes = firm_codes(market, frozen, secret)
    lists = pl.DataFrame(
        {
            "receipt": receipt,
            "program_id": program,
            "rank": market.rank,
            "offered": held[person] == edges,
        }
    )
    if needs_senders(rules):
        lists = lists.with_columns(sender=pl.Series([*codes, None], dtype=pl.String)[market.sender[person]])
    tiers = pl.DataFrame({"receipt": receipt, "program_id": program, "tier": market.tier})
    if rules.reserves:
        tiers = tiers.with_columns(reserves=pl.Series(_memberships(rules.reserves, market.edges)))
    return {
        LISTS: canonical_csv(lists.sort("receipt", "rank")),
        TIERS: canonical_csv(tiers.sort("program_id", "tier", "receipt")),
        PLACES: canonical_csv(_places(market, rules, codes)),
    }


def rules_in_words(rules: Rules, codes: Sequence[str]) -> dict[str, object]:
    """The rules as ``draw.json`` has them; which programmes and pairs they concern stands in the lists."""
    limits = rules.sending
    return {
        "ties": rules.ties,
        "open_places": rules.open_places is not None,
        "reserves": [{"name": reserve.name, "order": reserve.order} for reserve in rules.reserves],
        "regions": [
            {"name": region.name, "upper": region.upper, "lower": region.lower} for region in rules.regions
        ],
        "regional_choice": rules.regional_choice,
        "reciprocity": rules.reciprocity,
        "sending": None
        if limits is None
        else {code: int(limit) for code, limit in sorted(zip(codes, limits, strict=True)) if limit >= 0},
        "minimums": rules.minimums,
    }


def needs_senders(rules: Rules) -> bool:
    """Whether who is sent by whom decides anything in the draw itself."""
    return rules.sending is not None or rules.reciprocity == "two_sided_ttc"


def firm_codes(market: Market, frozen: Frozen, secret: str) -> tuple[str, ...]:
    """A code for each organisation of the market, which only who has the internal tables can compute."""
    return tuple(
        hash_of_fields("firm", secret, frozen.tables_hash, name)[:5].hex().upper()
        for name in market.organisations
    )


def public_round(files: Mapping[str, pl.DataFrame], rules: Mapping[str, object]) -> PublicRound:
    """Market and rules from the lists.

    Parameters
    ----------
    files
        `PUBLIC_FILES` as frames of text, with the ``line`` of each row.
    rules
        As `rules_in_words` made them.

    Raises
    ------
    KeyError, TypeError, ValueError, pl.exceptions.PolarsError
        The lists are not as they were written.
    """
    places = files[PLACES].sort("program_id")
    lists = files[LISTS].with_columns(pl.col("rank").cast(pl.Int32)).sort("receipt", "rank")
    receipts = lists["receipt"].unique().sort()
    pairs = lists.join(
        files[TIERS].drop("line"),
        on=["receipt", "program_id"],
        how="left",
        maintain_order="left",
        validate="1:1",
    )
    number = {name: at for at, name in enumerate(places["program_id"])}
    market = _market(pairs, receipts, places, number)
    offered = (pairs["offered"] == "true").to_numpy().astype(np.bool_)
    return PublicRound(market, _rules(rules, market, pairs, places), offered, tuple(pairs["line"]))


def _market(
    pairs: pl.DataFrame, receipts: pl.Series, places: pl.DataFrame, number: Mapping[str, int]
) -> Market:
    at = pairs["receipt"].replace_strict(
        {receipt: place for place, receipt in enumerate(receipts)}, return_dtype=pl.Int32
    )
    counts = np.bincount(at.to_numpy(), minlength=receipts.len())
    sender = pl.Series([None] * receipts.len(), dtype=pl.String)
    if "sender" in pairs.columns:
        sender = pairs.unique("receipt", keep="first").sort("receipt")["sender"]
    host = pl.Series([None] * places.height, dtype=pl.String)
    if "host" in places.columns:
        host = places["host"]
    firms = pl.concat([sender, host]).drop_nulls().unique().sort()
    return Market(
        applicants=tuple(receipts),
        programs=tuple(places["program_id"]),
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        program=pairs["program_id"].replace_strict(number, return_dtype=pl.Int32).to_numpy(),
        rank=pairs["rank"].to_numpy(),
        tier=pairs["tier"].cast(pl.Int32).to_numpy(),
        capacity=places["capacity"].cast(pl.Int64).to_numpy(),
        screened=np.zeros(places.height, np.bool_),
        sender=_indices(sender, firms),
        host=np.maximum(_indices(host, firms), 0),
        organisations=tuple(firms),
        minimum=places["minimum"].cast(pl.Int64).to_numpy(),
    )


def _indices(names: pl.Series, known: pl.Series) -> Indices:
    return names.replace_strict(
        {name: at for at, name in enumerate(known)}, default=-1, return_dtype=pl.Int32
    ).to_numpy()


def _rules(told: Mapping[str, object], market: Market, pairs: pl.DataFrame, places: pl.DataFrame) -> Rules:
    given = dict(told)
    reserved = _counts(places["reserved"]) if given["reserves"] else []
    members = [set(_split(cell)) for cell in pairs["reserves"]] if given["reserves"] else []
    inside = [set(_split(cell)) for cell in places["regions"]]
    sending = given["sending"]
    return Rules(
        ties=given["ties"],  # type: ignore[arg-type]
        open_places=places["open"].cast(pl.Int64).to_numpy() if given["open_places"] else None,
        reserves=tuple(
            Reserve(
                reserve["name"],
                np.array([reserve["name"] in names for names in members], np.bool_),
                np.array([counts.get(reserve["name"], 0) for counts in reserved], np.int64),
                reserve["order"],
            )
            for reserve in given["reserves"]  # type: ignore[attr-defined]
        ),
        regions=tuple(
            Region(
                region["name"],
                np.array([region["name"] in names for names in inside], np.bool_),
                region["upper"],
                region["lower"],
            )
            for region in given["regions"]  # type: ignore[attr-defined]
        ),
        regional_choice=given["regional_choice"],  # type: ignore[arg-type]
        # The lists have no pair that the gate would still remove, nor who offers the places.
        reciprocity="none" if given["reciprocity"] == "gate" else given["reciprocity"],  # type: ignore[arg-type]
        sending=(
            None
            if not isinstance(sending, Mapping)
            else np.array([sending.get(code, -1) for code in market.organisations], np.int64)
        ),
        minimums=given["minimums"],  # type: ignore[arg-type]
    )


def _places(market: Market, rules: Rules, codes: Sequence[str]) -> pl.DataFrame:
    opened = np.zeros_like(market.capacity) if rules.open_places is None else rules.open_places
    places = pl.DataFrame(
        {
            "program_id": pl.Series(market.programs, dtype=pl.String),
            "capacity": market.capacity,
            "minimum": market.minimum,
            "open": opened,
            "reserved": pl.Series(_reserved(rules.reserves, len(market.programs)), dtype=pl.String),
            "regions": pl.Series(_inside(rules.regions, len(market.programs)), dtype=pl.String),
        }
    )
    if rules.reciprocity != "two_sided_ttc":
        return places
    return places.with_columns(host=pl.Series(codes, dtype=pl.String)[market.host])


def _memberships(reserves: Sequence[Reserve], edges: int) -> list[str | None]:
    return [
        _listed([_quoted(reserve.name) for reserve in reserves if reserve.members[edge]])
        for edge in range(edges)
    ]


def _reserved(reserves: Sequence[Reserve], programs: int) -> list[str | None]:
    return [
        _listed([f"{_quoted(r.name)}={r.places[program]}" for r in reserves if r.places[program]])
        for program in range(programs)
    ]


def _inside(regions: Sequence[Region], programs: int) -> list[str | None]:
    return [
        _listed([_quoted(region.name) for region in regions if region.programs[program]])
        for program in range(programs)
    ]


def _listed(parts: Sequence[str]) -> str | None:
    return ";".join(parts) or None


def _quoted(name: str) -> str:
    return "".join(quote(letter, safe="") if letter in ";=%" else letter for letter in name)


def _split(cell: str | None) -> list[str]:
    return [unquote(part) for part in cell.split(";")] if cell else []


def _counts(cells: pl.Series) -> list[dict[str, int]]:
    return [
        {
            unquote(name): int(count)
            for name, count in (part.split("=") for part in (cell or "").split(";") if part)
        }
        for cell in cells
    ]
