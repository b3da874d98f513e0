"""What an evaluation leaves out (対象から外れるもの): consent, late baselines, early outcomes."""

from __future__ import annotations

from tazuna.evaluation.refusal import Caution
from tazuna.language import message


def consent_not_tracked() -> Caution:
    """The study does not say who consented to evaluation."""
    return Caution(
        "consent_not_tracked",
        message("The study does not record who consented to evaluation; everybody is used."),
        message("Ask for it with the application, and add the column evaluation_consent to applications."),
    )


def consent_of_applicants_only() -> Caution:
    """Others than applicants were not asked."""
    return Caution(
        "consent_of_applicants_only",
        message("Consent to evaluation is recorded for applicants only; all others are used."),
        message("To ask everybody, add the column evaluation_consent to the table people."),
    )


def not_consenting(count: int) -> Caution:
    """People who are in the draw, and not in the evaluation."""
    return Caution(
        "not_consenting",
        message(
            "{count} people did not consent to evaluation: they stay in the redraws, and nothing of their "
            "answers is used.",
            count=count,
        ),
        message("Nothing needs to be done; say how many they are."),
    )


def late_baselines(count: int, *, published: bool) -> Caution:
    """Answers of the wave before that came too late."""
    if published:
        problem = message(
            "{count} applicants answered the wave before only after the draw was published: these answers "
            "are not used as a baseline.",
            count=count,
        )
    else:
        problem = message(
            "{count} people answered the wave before only after the start: these answers are not used as a "
            "baseline.",
            count=count,
        )
    return Caution(
        "baseline_after_publication" if published else "baseline_after_start",
        problem,
        message("Close the wave before the result is told."),
    )


def early_outcomes(count: int) -> Caution:
    """Values of the wave after that came too early."""
    return Caution(
        "outcome_before_start",
        message(
            "{count} values of the wave after were given before the start: they are not used.", count=count
        ),
        message("Check the dates of the answers, or name a later wave with --after."),
    )


def no_baseline(wave: str) -> Caution:
    """Nothing to set off against where people started."""
    return Caution(
        "no_baseline",
        message(
            "Nobody has the outcome at the wave before ({wave}), so starts cannot be allowed for.", wave=wave
        ),
        message("Measure the outcome before the places are given: it makes the estimate much surer."),
    )
