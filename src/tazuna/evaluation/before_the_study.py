"""Before the study (実施前の見通し): what each design would show of the applications to a round so far."""

from __future__ import annotations

from dataclasses import dataclass

from tazuna.evaluation.design_outlook import DesignOutlook, baseline_share, lottery_outlook
from tazuna.evaluation.designs_to_come import design_outlooks
from tazuna.evaluation.past_waves import PastWaves, past_waves, source_named
from tazuna.evaluation.round_information import (
    InformationBySetting,
    OtherSetting,
    information_by_setting,
)
from tazuna.language import Message
from tazuna.matching.drawing import Ready
from tazuna.matching.redraws import Progress
from tazuna.study import Study

DEFAULT_EFFECT = 0.3
"""Standard deviations: about what good programmes at work reach."""


@dataclass(frozen=True, slots=True)
class SettingOutlook:
    """What the lottery would show under other rules.

    Parameters
    ----------
    other
        The rules and what the draw then decides about.
    outlook
        Rung A under them.
    more_v
        V that they add, before anybody is lost.
    """

    other: OtherSetting
    outlook: DesignOutlook
    more_v: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """Before a round is drawn: what it could show, and what would let it show more.

    Parameters
    ----------
    round, program, outcome
        What is asked; the outcome None where none was named.
    outcome_label
        For readers.
    effect
        Of interest, in standard deviations.
    draws
        Redraws for each of the rules.
    past
        What earlier waves tell.
    with_baseline
        Share of the people whom the draw decides about who have a baseline.
    information
        What the draw decides about.
    designs
        A to E.
    one_more
        One more open place, the most informative programme first.
    settings
        Other tiers and open places, the most informative first.
    """

    round: str
    program: str
    outcome: str | None
    outcome_label: Message | None
    effect: float
    draws: int
    past: PastWaves
    with_baseline: float
    information: InformationBySetting
    designs: tuple[DesignOutlook, ...]
    one_more: tuple[SettingOutlook, ...]
    settings: tuple[SettingOutlook, ...]

    @property
    def lottery(self) -> DesignOutlook:
        """Rung A."""
        return self.designs[0]

    @property
    def highest(self) -> DesignOutlook | None:
        """The highest design that could be used; None where none could."""
        return next((design for design in self.designs if design.usable), None)


def outlook_of(
    study: Study,
    ready: Ready,
    *,
    program: str = "any",
    outcome: str | None = None,
    before: str | None = None,
    effect: float = DEFAULT_EFFECT,
    draws: int = 1000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Outlook:
    """Redraw the round as it stands and under other rules, and hold it against what earlier waves tell.

    Parameters
    ----------
    ready
        The round, from `tazuna.matching.drawing.ready_round`.
    program
        ``any``, or ids separated by commas.
    outcome
        Code of a scale or column of the table outcomes; None: correlation and ICC are assumed.
    before
        The wave that will be the baseline; by default the last one before the round.
    effect
        Of interest, in standard deviations.
    draws
        Redraws for each of the rules.

    Raises
    ------
    TazunaError
        There is no such programme or outcome.
    """
    source = None if outcome is None else source_named(study, outcome)
    past = past_waves(study, source, before or ready.prepared.wave)
    found = information_by_setting(ready, program, draws=draws, threads=threads, progress=progress)
    share = baseline_share(ready, found, past)

    def under(other: OtherSetting) -> SettingOutlook:
        outlook = lottery_outlook(other.information, past, share, effect)
        return SettingOutlook(other, outlook, other.information.v - found.now.v)

    return Outlook(
        round=ready.prepared.round,
        program=program,
        outcome=outcome,
        outcome_label=None if source is None else source.outcome.label,
        effect=effect,
        draws=draws,
        past=past,
        with_baseline=share,
        information=found,
        designs=design_outlooks(study, ready, found, past, effect),
        one_more=tuple(under(other) for other in found.one_more),
        settings=tuple(
            sorted((under(other) for other in found.settings), key=lambda setting: -setting.more_v)
        ),
    )
