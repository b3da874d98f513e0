"""Internal side work (社内副業): a round that is large enough for its draw to show something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.assumptions import InternalRound
from tazuna.simulation.naming import labels
from tazuna.simulation.streams import Flags, Floats, Integers, gumbel, largest_in_groups, stream

KIND = "internal_side_work"
_POSTS = (
    "新規事業の検証",
    "業務改善プロジェクト",
    "社内データの活用推進",
    "採用面談の担当",
    "全社イベントの企画",
    "若手研修の講師",
    "顧客の声の分析",
    "部門横断の調達見直し",
)
_LIST_LENGTHS = (0.45, 0.35, 0.20)


def internal_round_name(fiscal_year: int) -> str:
    """Name of the round, as in the column ``round``."""
    return f"社内副業{fiscal_year}"


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts on offer, sorted by company: rows of ``programs`` and arrays of shape (s,)."""

    table: pl.DataFrame
    company: Integers
    capacity: Integers
    appeal: Floats


def offer_posts(
    seed: int, companies: Sequence[str], staff: Integers, assumed: InternalRound, fiscal_year: int
) -> Posts:
    """Posts of every company for its own people, in proportion to its staff.

    Parameters
    ----------
    companies
        Ids.
    staff
        Shape (c,): who may apply in each company.
    """
    posts = np.clip(staff // assumed.people_a_post, 1, assumed.most_posts)
    company = np.repeat(np.arange(staff.size), posts)
    rng = stream(seed, "posts")
    capacity = rng.choice(np.array(assumed.places), size=company.size).astype(np.int64)
    appeal = stream(seed, "appeal", KIND).standard_normal(company.size, dtype=np.float32)
    host = labels(companies, company)
    width = max(3, len(str(company.size)))
    number = pl.Series("number", np.arange(1, company.size + 1))
    table = pl.DataFrame(
        {
            "program_id": pl.select(
                pl.format("S{}", pl.lit(number).cast(pl.String).str.zfill(width))
            ).to_series(),
            "round": [internal_round_name(fiscal_year)] * company.size,
            "kind": [KIND] * company.size,
            "organisation_id": host,
            "title": labels(_POSTS, rng.integers(0, len(_POSTS), company.size)),
            "boundary": ["inside"] * company.size,
            "contract": ["none"] * company.size,
            "prefecture": pl.Series([None] * company.size, dtype=pl.String),
            "place": ["mixed"] * company.size,
            "starts_on": [date(fiscal_year + 1, 1, 15)] * company.size,
            "ends_on": [date(fiscal_year + 1, 4, 14)] * company.size,
            "hours_per_week": rng.integers(3, 9, company.size),
            "pay_per_month": pl.Series([None] * company.size, dtype=pl.Int64),
            "capacity": capacity,
            "stretch": rng.integers(1, 6, company.size),
            "feedback_promised": rng.random(company.size) < 0.6,
            "skills": pl.Series([None] * company.size, dtype=pl.String),
            "eligibility": pl.select(
                pl.format('status == "active" and organisation_id == "{}"', pl.lit(host))
            ).to_series(),
        }
    )
    return Posts(table, company, capacity, appeal)


def lists_of_posts(
    seed: int, posts: Posts, first: int, keen: Floats, free: Flags, company: Integers, assumed: InternalRound
) -> tuple[Integers, Integers, Integers]:
    """Who applies in each company, several for each place, and everybody's strict list of its posts.

    Parameters
    ----------
    first
        Number of the first post among all programmes.
    keen, free, company
        Shape (n,): log weight of applying, whether a person may, company numbers.

    Returns
    -------
    tuple
        Person, programme and rank of each application.
    """
    companies = int(posts.company[-1]) + 1
    places = np.bincount(posts.company, posts.capacity, companies)
    wanted = np.round(assumed.applicants_a_place * places).astype(np.int64)
    chosen = np.flatnonzero(largest_in_groups(keen, company, wanted) & free)
    begins = np.searchsorted(posts.company, np.arange(companies + 1))
    own = begins[company[chosen]][:, None] + np.arange(np.diff(begins).max())
    there = own < begins[company[chosen] + 1][:, None]
    noise = gumbel(stream(seed, "tastes", KIND), own.size).reshape(own.shape)
    taste = np.where(there, posts.appeal[np.minimum(own, posts.company.size - 1)] + noise, -np.inf)
    most = min(len(_LIST_LENGTHS), own.shape[1])
    best = np.argsort(-taste, axis=1, kind="stable")[:, :most]
    lengths = stream(seed, "list lengths", KIND).choice(
        np.arange(1, len(_LIST_LENGTHS) + 1), size=chosen.size, p=_LIST_LENGTHS
    )
    listed = (np.arange(most) < lengths[:, None]) & np.take_along_axis(there, best, axis=1)
    who, place = np.nonzero(listed)
    return chosen[who], first + np.take_along_axis(own, best, axis=1)[who, place], place + 1
