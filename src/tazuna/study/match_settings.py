"""``[match]`` and ``[rounds."NAME"]`` in ``study.toml``: the rules of a round (募集回の決め方) as written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from tazuna.language import message
from tazuna.study.setting_place import SettingPlace

Ties = Literal["single", "multiple"]
Reciprocity = Literal["none", "gate", "senders_first", "two_sided_ttc"]
RegionalChoice = Literal["drawn_order", "turns"]
Minimums = Literal["report", "close_and_rerun", "extended_seats"]
Sending = Literal["unlimited", "places"]
ReserveOrder = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class ReserveSettings:
    """One ``[[match.reserves]]`` (優先枠): places kept for some.

    Parameters
    ----------
    name
        As figures and reasons call it.
    who
        Who qualifies, in the language of ``eligibility``.
    share
        Of all places of the round; None where ``places`` is given.
    places
        Of each programme, at most; None where ``share`` is given.
    order
        Filled ``before`` the ordinary places or ``after`` them.
    """

    name: str
    who: str
    share: float | None = None
    places: int | None = None
    order: ReserveOrder = "after"


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """The rules of a round; the defaults are those of a study that says nothing.

    Parameters
    ----------
    ties
        One lottery number a person (``single``) or one a person and programme (``multiple``).
    tiers
        Most tiers (優先順位) that a host may use; None: as many as it likes.
    open_share
        Share of all places drawn among all accepted (公開抽選枠).
    reciprocity
        What a firm that sends people must do (相互性).
    regional_choice
        Who is kept where a region is full.
    minimums
        What is done about programmes that would start with fewer than their minimum.
    most_hours_per_week
        Programmes with more hours a week are closed to everybody; None: no limit.
    sending
        ``places``: a firm sends at most as many people as it posted places.
    reserves
        In the order in which they are filled.
    """

    ties: Ties = "single"
    tiers: int | None = None
    open_share: float = 0.0
    reciprocity: Reciprocity = "none"
    regional_choice: RegionalChoice = "drawn_order"
    minimums: Minimums = "report"
    most_hours_per_week: float | None = None
    sending: Sending = "unlimited"
    reserves: tuple[ReserveSettings, ...] = ()


_KEYS = tuple(MatchSettings.__dataclass_fields__)
_RESERVE_KEYS = tuple(ReserveSettings.__dataclass_fields__)
_MOST_TIERS = 1000


def read_match(
    document: Mapping[str, object], place: SettingPlace
) -> tuple[MatchSettings, dict[str, MatchSettings]]:
    """The rules of every round, and of those named in ``[rounds]``; their keys replace those of ``[match]``.

    Raises
    ------
    StudyError
        A key is unknown or its value not possible.
    """
    of_all = place.mapping("match", document.get("match", {}))
    rounds = place.mapping("rounds", document.get("rounds", {}))
    every = _Section("match", of_all, place).settings(MatchSettings())
    named = {
        name: _Section(f"rounds.{name}", place.mapping(f"rounds.{name}", given), place).settings(every)
        for name, given in rounds.items()
    }
    return every, named


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    given: Mapping[str, object]
    place: SettingPlace

    def settings(self, otherwise: MatchSettings) -> MatchSettings:
        for key in self.given:
            if key not in _KEYS:
                raise self.place.unknown(f"{self.name}.{key}", _KEYS)
        reserves = self.reserves() if "reserves" in self.given else otherwise.reserves
        return MatchSettings(
            ties=cast("Ties", self.word("ties", get_args(Ties), otherwise.ties)),
            tiers=self.whole("tiers", 1, _MOST_TIERS) if "tiers" in self.given else otherwise.tiers,
            open_share=self.share("open_share") if "open_share" in self.given else otherwise.open_share,
            reciprocity=cast(
                "Reciprocity", self.word("reciprocity", get_args(Reciprocity), otherwise.reciprocity)
            ),
            regional_choice=cast(
                "RegionalChoice",
                self.word("regional_choice", get_args(RegionalChoice), otherwise.regional_choice),
            ),
            minimums=cast("Minimums", self.word("minimums", get_args(Minimums), otherwise.minimums)),
            most_hours_per_week=(
                self.number("most_hours_per_week", 0, 168)
                if "most_hours_per_week" in self.given
                else otherwise.most_hours_per_week
            ),
            sending=cast("Sending", self.word("sending", get_args(Sending), otherwise.sending)),
            reserves=reserves,
        )

    def reserves(self) -> tuple[ReserveSettings, ...]:
        key = f"{self.name}.reserves"
        given = self.given["reserves"]
        if not isinstance(given, list):
            raise self.place.wrong_type(key, dict)
        found = tuple(
            _Section(key, self.place.mapping(key, reserve), self.place).reserve() for reserve in given
        )
        names = [reserve.name for reserve in found]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise self.place.fault(
                f"{key}.name",
                message("two reserves are called “{name}”", name=twice),
                message("Give each reserve a name of its own."),
            )
        return found

    def reserve(self) -> ReserveSettings:
        for key in self.given:
            if key not in _RESERVE_KEYS:
                raise self.place.unknown(f"{self.name}.{key}", _RESERVE_KEYS)
        if ("share" in self.given) == ("places" in self.given):
            raise self.place.fault(
                self.name,
                message("a reserve needs either share or places"),
                message("Write share = 0.2 (of all places), or places = 1 (of each programme)."),
            )
        return ReserveSettings(
            name=self.text("name"),
            who=self.text("who"),
            share=self.share("share") if "share" in self.given else None,
            places=self.whole("places", 1, 1_000_000) if "places" in self.given else None,
            order=cast("ReserveOrder", self.word("order", get_args(ReserveOrder), "after")),
        )

    def word(self, key: str, allowed: tuple[str, ...], otherwise: str) -> str:
        return self.place.one_of(f"{self.name}.{key}", self.given.get(key, otherwise), allowed)

    def text(self, key: str) -> str:
        value = self.given.get(key)
        if key not in self.given:
            raise self.place.fault(
                self.name,
                message("{key} is missing", key=key),
                message('Add a line {key} = "…".', key=key),
            )
        if not isinstance(value, str) or not value.strip():
            raise self.place.wrong_type(f"{self.name}.{key}", str)
        return value

    def whole(self, key: str, low: int, high: int) -> int:
        value = self.given[key]
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.place.wrong_type(f"{self.name}.{key}", int)
        return int(self.number(key, low, high))

    def share(self, key: str) -> float:
        return self.number(key, 0, 1)

    def number(self, key: str, low: float, high: float) -> float:
        value = self.given[key]
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.place.wrong_type(f"{self.name}.{key}", float)
        if not (math.isfinite(value) and low <= value <= high):
            raise self.place.fault(
                f"{self.name}.{key}",
                message("expected is a number from {low} to {high}", low=low, high=high),
                message("Write it in that form, or remove the line."),
            )
        return value
