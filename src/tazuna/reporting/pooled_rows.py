"""Pooled departments (合算した部署) in a report: what they are called, and which rows a table has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

from tazuna.language import Translator
from tazuna.reporting.widths import AXIS_LENGTH

MOST_NAMES = 3
"""A pool of more departments than this is called by the first ones and the number of the others."""

Pools = Mapping[str, tuple[str, ...]]
"""Code of a pool → the departments in it."""


def pool_name(names: Sequence[str], t: Translator, *, length: int = AXIS_LENGTH) -> str:
    """What departments that are shown together are called.

    Parameters
    ----------
    names
        Of the departments, at least two.
    t
        Translator into the language of the page.
    length
        As many names as fit into this many characters, but one at least: the same in figures and tables.
    """
    most = len(names) if len(names) <= MOST_NAMES else MOST_NAMES - 1
    while most > 1 and len(_named(names, most, t)) > length:
        most -= 1
    return _named(names, most, t)


def _named(names: Sequence[str], most: int, t: Translator) -> str:
    shown = listed(names[:most], t)
    others = len(names) - most
    if not others:
        return t("{names} (together)", names=shown)
    return t("{names} and {others} more (together)", names=shown, others=others)


def listed(names: Sequence[str], t: Translator) -> str:
    """Names of departments one after the other."""
    return reduce(lambda first, name: t("{first}, {name}", first=first, name=name), names)


def rows_once(groups: Iterable[str], pools: Pools, shown: Callable[[str], bool]) -> tuple[str, ...]:
    """Departments and pools so that everybody is in one row where possible.

    A pool without a figure has no row. A department without a figure has none either where its pool has one.

    Parameters
    ----------
    groups
        Departments and pools, in any order, which is kept.
    pools
        The pools among them.
    shown
        Whether a row would have a figure.
    """
    listed = {pool for pool in pools if shown(pool)}
    elsewhere = {member for pool in listed for member in pools[pool] if not shown(member)}
    return tuple(
        group for group in groups if group not in elsewhere and (group not in pools or group in listed)
    )
