"""What a staggered roll-out left out, collected while it is computed, and said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tazuna.evaluation.refusal import Caution, Refusal, listed
from tazuna.language import message

CLUSTERS_WANTED = 20
"""Clusters from which on errors by cluster are about right; with fewer they tend to come out too small."""


@dataclass(slots=True)
class StaggeredNotes:
    """Notes of one computation; the only state, thrown away when it ends."""

    _cautions: list[Caution] = field(default_factory=list)
    _small: dict[float, int] = field(default_factory=dict)
    _apart: set[float] = field(default_factory=set)
    _single: set[float] = field(default_factory=set)
    _alone: dict[float, list[float]] = field(default_factory=dict)

    def incomplete(self, units: int, of: int) -> None:
        """Units with a missing value were left out."""
        if units:
            self._cautions.append(
                Caution(
                    "incomplete_units",
                    message(
                        "{units} of {of} units lack a value in some period and were left out.",
                        units=units,
                        of=of,
                    ),
                    message("Look whether those left out differ; complete the waves where you can."),
                )
            )

    def started_early(self, units: int) -> None:
        """Units that had started before anything was measured were left out."""
        if units:
            self._cautions.append(
                Caution(
                    "started_early",
                    message("{units} units had started by the first period and were left out.", units=units),
                    message("Add a wave from before their start, if there is one."),
                )
            )

    def few_clusters(self, clusters: int) -> None:
        """Errors by cluster rest on few clusters."""
        if clusters < CLUSTERS_WANTED:
            self._cautions.append(
                Caution(
                    "few_clusters",
                    message("Only {clusters} clusters: the intervals may be too narrow.", clusters=clusters),
                    message("Read the result as a hint, or add departments or companies."),
                )
            )

    def small_group(self, start: float, units: int) -> None:
        """A group of starters is too small."""
        self._small[start] = units

    def nobody_to_compare(self, start: float, periods: Iterable[float]) -> None:
        """Nobody is left to compare a group with in some periods."""
        self._alone.setdefault(start, []).extend(periods)

    def no_overlap(self, start: float) -> None:
        """No comparable units for a group of starters."""
        self._apart.add(start)

    def one_cluster(self, start: float) -> None:
        """All starters of a group, or all they are compared with, belong to one cluster."""
        self._single.add(start)

    def cautions(self) -> tuple[Caution, ...]:
        """All notes as cautions, one a kind."""
        found = list(self._cautions)
        if self._small:
            found.append(
                Caution(
                    "small_groups",
                    message(
                        "Groups left out because too few started together: {groups}",
                        groups=listed(f"{start:g} ({units})" for start, units in sorted(self._small.items())),
                    ),
                    message("Put starters of neighbouring periods together, or use fewer covariates."),
                )
            )
        if self._single:
            found.append(
                Caution(
                    "groups_of_one_cluster",
                    message(
                        "Groups left out because one department or company alone stands on a side: {groups}",
                        groups=_times(sorted(self._single)),
                    ),
                    message(
                        "Put starters of neighbouring periods together, so that several stand on each side."
                    ),
                )
            )
        if self._apart:
            found.append(
                Caution(
                    "groups_without_overlap",
                    message(
                        "Groups left out because nobody comparable is left: {groups}",
                        groups=_times(sorted(self._apart)),
                    ),
                    message("Take out covariates that decide who starts when."),
                )
            )
        if self._alone:
            found.append(
                Caution(
                    "periods_without_comparison",
                    message(
                        "Periods left out because everybody had started: {periods}",
                        periods=_times(sorted({time for times in self._alone.values() for time in times})),
                    ),
                    message("Later periods need units that start later still, or never."),
                )
            )
        return tuple(found)

    def nothing_left(self) -> Refusal:
        """No pair of group and period could be computed."""
        reasons = [caution.problem for caution in self.cautions()]
        return Refusal(
            "no_pairs",
            message(
                "No group of starters can be compared with anybody in any period. {reason}",
                reason=reasons[-1],
            ),
            message("Add units that start later or never, or use fewer covariates."),
        )


def _times(times: Sequence[float]) -> str:
    return listed(f"{time:g}" for time in times)
