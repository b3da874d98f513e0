"""Public figures (公表値) that the simulated consortium is calibrated to, with their sources."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """One published number, what it counts and where it was published."""

    value: float
    what: str
    source: str


_THIRD_ROUND_CALL = "https://www.persol-career.co.jp/newsroom/news/corporate/2024/20240206_1334/"
_THIRD_ROUND_RESULTS = "https://co-consortium.persol-career.co.jp/article/2024/09/17/01"
_REGIONAL_ROUND = "https://project.nikkeibp.co.jp/atclppp/PPP/434167/081200190/"

GAVE_UP = PublicFigure(
    0.37,
    "share of workers who gave up at least one of their challenges or preparations",
    "Recruit Works Institute, survey on self-help, mutual help and public help of working people",
)

THIRD_ROUND = {
    "senders": PublicFigure(33, "firms, group firms included, with entrants", _THIRD_ROUND_CALL),
    "hosts": PublicFigure(27, "firms that offered gigs", _THIRD_ROUND_CALL),
    "gigs": PublicFigure(107, "gigs offered", _THIRD_ROUND_CALL),
    "entrants": PublicFigure(211, "people who entered", _THIRD_ROUND_CALL),
    "matched_gigs": PublicFigure(76, "gigs with at least one person", _THIRD_ROUND_RESULTS),
    "matched_people": PublicFigure(86, "people who got a gig", _THIRD_ROUND_RESULTS),
}
"""The third mutual side-work round (第3回相互副業, January 2024)."""

REGIONAL_ROUND = {
    "openings": PublicFigure(16, "openings in one prefecture", _REGIONAL_ROUND),
    "applications": PublicFigure(1363, "applications", _REGIONAL_ROUND),
    "hired": PublicFigure(23, "people hired", _REGIONAL_ROUND),
}
"""A regional side-work round (地方副業, 鳥取 2019)."""
