"""The table ``caps`` (上限): what regions and firms receive at most, and whom firms send at most."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.errors import StudyError
from tazuna.language import Message, message
from tazuna.matching.feasibility import Prepared
from tazuna.matching.market import Flags, Integers
from tazuna.matching.nested_caps import expect_nested
from tazuna.matching.rules import Region
from tazuna.study import Study
from tazuna.study.match_settings import MatchSettings

NO_LIMIT = -1


def regions_of(study: Study, prepared: Prepared) -> tuple[Region, ...]:
    """The limits on programmes together: caps of kind ``region`` and ``receiving``.

    A limit that the places of its programmes cannot reach, and that wishes for no minimum, is left out.

    Raises
    ------
    StudyError
        A cap names no programme of the study, or two of the limits cross: they share programmes, and
        neither lies inside the other.
    """
    caps = study.table("caps")
    if caps is None:
        return ()
    market, regions = prepared.market, []
    for group, kind, upper, lower in _limits(caps, ("region", "receiving")):
        flags = _programs_in(group, kind, study, prepared)
        places = int(market.capacity[flags].sum())
        fewest = lower or 0
        if flags.any() and ((upper is not None and upper < places) or fewest):
            regions.append(Region(group, flags, places if upper is None else upper, fewest))
    expect_nested(tuple(regions))
    return tuple(regions)


def sending_of(study: Study, prepared: Prepared, settings: MatchSettings) -> Integers | None:
    """Most people that each organisation of the market may send; -1: no limit, None: none at all.

    Caps of kind ``sending``, and with ``sending = "places"`` as many as it posted places in the round. Where
    senders are drawn first and nothing else limits them, the places posted do.

    Raises
    ------
    StudyError
        A cap names no organisation.
    """
    market = prepared.market
    limits = np.full(len(market.organisations), NO_LIMIT, np.int64)
    number = {name: at for at, name in enumerate(market.organisations)}
    caps = study.table("caps")
    if caps is not None:
        known = set(study.tables["organisations"]["organisation_id"])
        for group, kind, upper, _lower in _limits(caps, ("sending",)):
            if group not in known:
                raise _names_nothing(group, kind, message("an organisation of the table organisations"))
            if group in number and upper is not None:
                limits[number[group]] = upper
    by_places = settings.sending == "places" or (
        settings.reciprocity == "senders_first" and not (limits != NO_LIMIT).any()
    )
    if by_places:
        posted = np.bincount(market.host, market.capacity, len(market.organisations)).astype(np.int64)
        limits = np.where(limits == NO_LIMIT, posted, np.minimum(limits, posted))
    return limits if (limits != NO_LIMIT).any() else None


def _limits(caps: pl.DataFrame, kinds: tuple[str, ...]) -> list[tuple[str, str, int | None, int | None]]:
    absent = [pl.lit(None, pl.Int64).alias(name) for name in ("upper", "lower") if name not in caps.columns]
    wanted = caps.with_columns(*absent).filter(pl.col("kind").is_in(kinds))
    return [
        (str(group), str(kind), upper, lower)
        for group, kind, upper, lower in wanted.select("group", "kind", "upper", "lower").iter_rows()
    ]


def _programs_in(group: str, kind: str, study: Study, prepared: Prepared) -> Flags:
    """Which programmes of the round a cap means: Bool, one a programme; none where it means another round."""
    every = study.tables["programs"]
    if kind == "receiving":
        if group not in set(study.tables["organisations"]["organisation_id"]):
            raise _names_nothing(group, kind, message("an organisation of the table organisations"))
        return (prepared.programs["organisation_id"] == group).to_numpy()
    named = [
        column
        for column in study.program_groups
        if column in every.columns and (every[column].cast(pl.String) == group).any()
    ]
    columns = ", ".join(study.program_groups)
    if not named:
        raise _names_nothing(group, kind, message("a value of {columns} in programs", columns=columns))
    if len(named) > 1:
        raise StudyError(
            message(
                "Table caps, {group}: this name stands in more than one column of programs: {columns}.",
                group=group,
                columns=", ".join(named),
            ),
            message("Give the regions names that differ."),
        )
    return (prepared.programs[named[0]].cast(pl.String) == group).fill_null(value=False).to_numpy()


def _names_nothing(group: str, kind: str, expected: Message) -> StudyError:
    return StudyError(
        message(
            "Table caps, {group} ({kind}): expected is {expected}.", group=group, kind=kind, expected=expected
        ),
        message(
            "Correct the name, or remove the row. Which column of programs the regions mean is said by "
            "program_group under [caps] in study.toml."
        ),
    )
