"""Programmes on offer (募集): gigs of a mutual round, openings of a regional one, internal posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.simulation.assumptions import InternalRound
from tazuna.simulation.calibration import REGIONAL_ROUND, THIRD_ROUND
from tazuna.simulation.internal_side_work import KIND as INTERNAL
from tazuna.simulation.internal_side_work import Posts, offer_posts
from tazuna.simulation.naming import labels
from tazuna.simulation.organisations import Units
from tazuna.simulation.streams import Integers, stream

REGION_ID, REGION_PREFECTURE = "REG01", "鳥取県"
_GIGS = (
    "新サービスの市場調査",
    "社内研修の設計",
    "採用広報の企画",
    "工場見学会の運営",
    "業務データの見える化",
    "顧客インタビュー",
    "社内報の取材",
    "新商品の名前づくり",
)
_OPENINGS = ("宿の集客計画", "特産品の通販立ち上げ", "製造工程の見直し", "採用ページの改善")
_HOSTS = ("海風旅館", "砂山農園", "白兎工房", "因幡木工", "湖畔酒造", "大山牧場")
_SKILLS = (
    "法人営業",
    "提案書作成",
    "データ分析",
    "採用",
    "広報",
    "工程改善",
    "顧客分析",
    "業務マニュアル作成",
)


@dataclass(frozen=True, slots=True)
class RoundSizes:
    """How large the rounds are: hosts, gigs, entrants of the mutual one, the others of the regional one."""

    hosts: int
    gigs: int
    entrants: int
    openings: int
    applications: int
    places: int


def published_sizes() -> RoundSizes:
    """The sizes of the third mutual round and of the regional round as they were published."""
    return RoundSizes(
        hosts=int(THIRD_ROUND["hosts"].value),
        gigs=int(THIRD_ROUND["gigs"].value),
        entrants=int(THIRD_ROUND["entrants"].value),
        openings=int(REGIONAL_ROUND["openings"].value),
        applications=int(REGIONAL_ROUND["applications"].value),
        places=int(REGIONAL_ROUND["hired"].value),
    )


def proportional_sizes(companies: int, people: int) -> RoundSizes:
    """The published sizes times the share of companies, with no more applications than people can make.

    One company alone has no mutual round.
    """
    whole = published_sizes()
    share = companies / THIRD_ROUND["senders"].value
    openings = max(round(whole.openings * share), 2)
    mutual = companies > 1
    return RoundSizes(
        hosts=max(round(whole.hosts * share), 2) if mutual else 0,
        gigs=max(round(whole.gigs * share), 2) if mutual else 0,
        entrants=max(min(round(whole.entrants * share), people // 20), companies) if mutual else 0,
        openings=openings,
        applications=max(min(round(whole.applications * share), people // 8), openings),
        places=max(round(whole.places * share), openings + 1),
    )


@dataclass(frozen=True, slots=True)
class Programs:
    """The table ``programs`` and what applicants and hosts need of it as arrays of shape (s,).

    ``company`` is the host's number, -1 for a regional host; ``appeal`` the log weight of being chosen.
    """

    table: pl.DataFrame
    hosts: pl.DataFrame
    company: Integers
    capacity: Integers
    appeal: npt.NDArray[np.float64]
    posts: Posts

    def rounds(self) -> dict[str, npt.NDArray[np.bool_]]:
        """The rounds that have programmes, each with a flag a programme."""
        inside = np.arange(self.company.size) >= self.first_post
        whole = {"mutual": ~self.regional & ~inside, "regional": self.regional, "internal": inside}
        return {name: flags for name, flags in whole.items() if flags.any()}

    @property
    def regional(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.company < 0)

    @property
    def first_post(self) -> int:
        """Number of the first internal post; they come last."""
        return self.company.size - self.posts.company.size


def offer_programs(
    seed: int, units: Units, sizes: RoundSizes, staff: Integers, internal: InternalRound, fiscal_year: int
) -> Programs:
    """Draw all rounds' programmes; they run from the January of a fiscal year for about three months.

    Parameters
    ----------
    staff
        Shape (c,): how many people of each company may apply.

    Returns
    -------
    Programs
        The gigs first, then the regional openings, then the internal posts.
    """
    company = np.concatenate([_gig_hosts(seed, sizes), np.full(sizes.openings, -1)])
    gig_places = stream(seed, "gig places").choice([1, 2, 3], size=sizes.gigs, p=[0.84, 0.13, 0.03])
    fewest, more = divmod(sizes.places, sizes.openings)
    opening_places = fewest + (np.arange(sizes.openings) < more)
    capacity = np.concatenate([gig_places, opening_places]).astype(np.int64)
    appeal = 1.0 * stream(seed, "appeal").standard_normal(company.size)
    hosts = _regional_hosts(sizes.openings)
    table = _program_table(
        seed, units, company, capacity, hosts["organisation_id"][1:].to_list(), fiscal_year
    )
    posts = offer_posts(seed, units.companies, staff, internal, fiscal_year)
    return Programs(
        table=pl.concat([table, posts.table]),
        hosts=hosts,
        company=np.concatenate([company, posts.company]),
        capacity=np.concatenate([capacity, posts.capacity]),
        appeal=np.concatenate([appeal, posts.appeal]),
        posts=posts,
    )


def _gig_hosts(seed: int, sizes: RoundSizes) -> Integers:
    """Every host has a gig; the others go to hosts in proportion to a drawn eagerness."""
    if sizes.gigs == 0:
        return np.zeros(0, dtype=np.int64)
    rng = stream(seed, "gig hosts")
    eager = rng.dirichlet(np.full(sizes.hosts, 2.0))
    more = rng.choice(sizes.hosts, size=max(sizes.gigs - sizes.hosts, 0), p=eager)
    return np.sort(np.concatenate([np.arange(min(sizes.hosts, sizes.gigs)), more])).astype(np.int64)


def _regional_hosts(openings: int) -> pl.DataFrame:
    names = [
        f"{_HOSTS[number % len(_HOSTS)]}{'' if number < len(_HOSTS) else number // len(_HOSTS) + 1}"
        for number in range(openings)
    ]
    return pl.DataFrame(
        {
            "organisation_id": [REGION_ID, *(f"N{number + 1:03d}" for number in range(openings))],
            "name": ["見本地域の人事部（架空）", *names],
            "kind": ["region", *["host"] * openings],
            "parent_id": [None, *[REGION_ID] * openings],
            "prefecture": [REGION_PREFECTURE] * (openings + 1),
        }
    )


def _program_table(
    seed: int,
    units: Units,
    company: Integers,
    capacity: Integers,
    regional_hosts: list[str],
    fiscal_year: int,
) -> pl.DataFrame:
    rng = stream(seed, "programs")
    count, regional = company.size, company < 0
    number = np.where(regional, np.cumsum(regional), np.cumsum(~regional))
    hosts = [*units.companies, *regional_hosts]
    host = np.where(regional, len(units.companies) + number - 1, company)
    width = max(3, len(str(count)))
    pay = np.where(
        regional, 30_000 + 10_000 * rng.integers(0, 3, count), 50_000 + 10_000 * rng.integers(0, 6, count)
    )
    frame = pl.DataFrame(
        {
            "number": pl.Series(number),
            "regional": pl.Series(regional),
            "organisation_id": labels(hosts, host),
            "gig": labels(_GIGS, rng.integers(0, len(_GIGS), count)),
            "opening": labels(_OPENINGS, rng.integers(0, len(_OPENINGS), count)),
            "hours_per_week": pl.Series(rng.integers(3, 9, count)),
            "pay_per_month": pl.Series(pay),
            "capacity": pl.Series(capacity),
            "stretch": pl.Series(rng.integers(1, 6, count)),
            "feedback_promised": pl.Series(rng.random(count) < 0.6),
            "skills": labels(_SKILLS, rng.integers(0, len(_SKILLS), count)),
        }
    )
    regional_or = pl.when("regional")
    padded = pl.col("number").cast(pl.String).str.zfill(width)
    return frame.select(
        pl.format("{}{}", regional_or.then(pl.lit("R")).otherwise(pl.lit("G")), padded).alias("program_id"),
        regional_or.then(pl.lit(f"地方副業{fiscal_year}"))
        .otherwise(pl.lit(f"相互副業{fiscal_year}"))
        .alias("round"),
        regional_or.then(pl.lit("side_work")).otherwise(pl.lit("mutual_side_work")).alias("kind"),
        "organisation_id",
        regional_or.then("opening").otherwise("gig").alias("title"),
        pl.lit("outside").alias("boundary"),
        pl.lit("service").alias("contract"),
        regional_or.then(pl.lit(REGION_PREFECTURE)).otherwise(None).alias("prefecture"),
        regional_or.then(pl.lit("mixed")).otherwise(pl.lit("remote")).alias("place"),
        pl.lit(date(fiscal_year + 1, 1, 15)).alias("starts_on"),
        pl.lit(date(fiscal_year + 1, 4, 14)).alias("ends_on"),
        "hours_per_week",
        "pay_per_month",
        "capacity",
        "stretch",
        "feedback_promised",
        "skills",
        pl.lit('status == "active"').alias("eligibility"),
    )


def cap_table(programs: Programs) -> pl.DataFrame:
    """The table ``caps``: what each firm and the region receive at most, which is the places they offer."""
    table = programs.table
    receiving = table.filter(pl.col("kind").is_in(["mutual_side_work", INTERNAL])).group_by(
        "organisation_id", maintain_order=True
    )
    region = table.filter(pl.col("kind") == "side_work").group_by("prefecture", maintain_order=True)
    return pl.concat(
        [
            receiving.agg(upper=pl.col("capacity").sum()).select(
                pl.col("organisation_id").alias("group"),
                pl.lit("receiving").alias("kind"),
                "upper",
                lower=pl.lit(0, pl.Int64),
            ),
            region.agg(upper=pl.col("capacity").sum()).select(
                pl.col("prefecture").alias("group"),
                pl.lit("region").alias("kind"),
                "upper",
                lower=pl.lit(0, pl.Int64),
            ),
        ]
    )
