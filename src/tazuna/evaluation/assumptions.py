"""What a reader must believe of each design (前提), and how each was checked.

``held`` is False where a check spoke against an assumption, True where one could have and did not, and None
where no data can tell.
"""

from __future__ import annotations

from tazuna.evaluation.balance import LIMIT, Balance
from tazuna.evaluation.before_after import Change
from tazuna.evaluation.discontinuity import Discontinuity
from tazuna.evaluation.effect import Assumption, Attrition
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.pre_trend import PreTrend
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.sensitivity import Robustness
from tazuna.language import Message, message

REJECTED = 0.05
"""p-value below which a check speaks against an assumption."""
REJECTED_OF_SEVERAL = 0.01
"""The same where a design is checked in several ways, so that a sound one is rarely blamed."""


def lottery_assumptions(
    redraws: int, balance_p: float | None, attrition: Attrition, spillover: Estimate | Refusal | None
) -> tuple[Assumption, ...]:
    """Of rung A.

    Parameters
    ----------
    redraws
        How many the chances rest on.
    balance_p
        Of the test that nothing known before the draw differs by offer; None where nothing was known.
    attrition
        Who answered.
    spillover
        Of the share of one's department that was seated.
    """
    return (
        Assumption(
            "chances_known",
            message("Everybody's chance of a place is known."),
            message(
                "The draw was run again and gave the same places; {redraws} redraws by its rules gave the "
                "chances.",
                redraws=f"{redraws:,}",
            ),
            True,
        ),
        Assumption(
            "draw_decided",
            message("Between people with the same chance only the draw decided."),
            _nothing_to_compare()
            if balance_p is None
            else message(
                "Whether what was known before the draw differs by offer more than in redraws: p = {p} "
                "(below {limit} it does).",
                p=f"{balance_p:.3f}",
                limit=REJECTED_OF_SEVERAL,
            ),
            None if balance_p is None else balance_p >= REJECTED_OF_SEVERAL,
        ),
        Assumption(
            "alike_response",
            message("Those who answered stand for those who were asked, with and without a place."),
            _response(attrition),
            True if _all_answered(attrition) else _not_rejected(attrition.difference),
        ),
        Assumption(
            "no_spillover",
            message("A place of one person changes nothing for the others."),
            _spillover(spillover),
            _not_rejected(spillover),
        ),
        Assumption(
            "only_by_taking_part",
            message("An offer works only through taking part (for the effect of taking part)."),
            _no_data(),
            None,
        ),
    )


def cutoff_assumptions(found: Discontinuity) -> tuple[Assumption, ...]:
    """Of rung B."""
    tested = [place.result for place in found.placebos if isinstance(place.result, Estimate)]
    seen = sum(result.p_value < REJECTED_OF_SEVERAL for result in tested)
    return (
        Assumption(
            "cutoff_alone",
            message("The interview score alone decided who got a place."),
            message("Everybody at or above the cut-off got one, and nobody below it."),
            True,
        ),
        Assumption(
            "no_sorting",
            message("Scores were given without the cut-off in mind."),
            message("Too few different scores to see a jump in how many people have which score.")
            if found.density is None
            else message(
                "Jump in how many people have which score at the cut-off: p = {p} (below {limit} it speaks "
                "against this).",
                p=f"{found.density.p_value:.3f}",
                limit=REJECTED,
            ),
            None if found.density is None else found.density.p_value >= REJECTED,
        ),
        Assumption(
            "smooth",
            message("Without places the outcome would rise or fall evenly across the cut-off."),
            message("No other cut-off could be tried: too few people.")
            if not tested
            else message(
                "At {seen} of {tested} other cut-offs, where nothing happened, a step shows.",
                seen=seen,
                tested=len(tested),
            ),
            seen == 0 if tested else None,
        ),
    )


def rollout_assumptions(trend: PreTrend) -> tuple[Assumption, ...]:
    """Of rung C; a trend that the test rejects is refused before."""
    return (
        Assumption(
            "parallel_trends",
            message("Without the start, those who started would have gone the way of the others."),
            message(
                "Before the start they did not go apart: p = {p} over {pairs} comparisons (below {limit} the "
                "design is refused). A small difference may have stayed unseen.",
                p=f"{trend.p_value_f:.3f}",
                pairs=trend.df,
                limit=REJECTED,
            ),
            trend.p_value_f >= REJECTED,
        ),
        Assumption(
            "no_anticipation",
            message("Nobody changed before the start because it was coming."),
            _no_data(),
            None,
        ),
        Assumption(
            "no_spillover",
            message("A start in one place changes nothing in the others."),
            _no_data(),
            None,
        ),
    )


def comparison_assumptions(
    population: Message, balance: Balance, robust: Robustness
) -> tuple[Assumption, ...]:
    """Of rung D; without overlap or balance it is refused before."""
    return (
        Assumption(
            "nothing_unmeasured",
            message("Nothing that was not measured made people both take part and change."),
            message(
                "Data cannot tell. Something unmeasured that explains {value} of what is left of both taking "
                "part and the outcome would take the whole difference away (robustness value); {end} would "
                "bring the interval to 0.",
                value=f"{robust.value:.0%}",
                end=f"{robust.value_of_interval:.0%}",
            ),
            None,
        ),
        Assumption(
            "overlap",
            message("There are similar people who did not take part."),
            message("Compared were {population}.", population=population),
            True,
        ),
        Assumption(
            "balance",
            message("After weighting both groups are alike in everything that was measured before."),
            message(
                "The largest difference after weighting is {largest} standard deviations (allowed: {limit}).",
                largest=f"{max((abs(c.difference_after) for c in balance.covariates), default=0.0):.2f}",
                limit=LIMIT,
            ),
            balance.is_reached,
        ),
        Assumption(
            "known_before",
            message("What was adjusted for was known before the start."),
            message("Only answers and columns of the wave before entered."),
            True,
        ),
    )


def change_assumptions(found: Change) -> tuple[Assumption, ...]:
    """Of rung E."""
    returned = any(caution.code == "regression_to_the_mean" for caution in found.cautions)
    return (
        Assumption(
            "nothing_else_changed",
            message("Nothing else changed answers between the two waves."),
            message("Data cannot tell: nobody without the programme was followed beside."),
            None,
        ),
        Assumption(
            "no_return",
            message("They did not start unusually low or high."),
            message("Nothing is known of how others started.")
            if found.expected_return is None
            else message(
                "By their start alone a change of {back} was to be expected (regression to the mean).",
                back=f"{found.expected_return:+.2f}",
            ),
            None if found.expected_return is None else not returned,
        ),
    )


def _response(attrition: Attrition) -> Message:
    shares = {
        "treated": f"{attrition.answered_treated}/{attrition.asked_treated}",
        "comparison": f"{attrition.answered_comparison}/{attrition.asked_comparison}",
    }
    if _all_answered(attrition):
        return message("Everybody answered.")
    if attrition.difference is None:
        return message("Answered: {treated} with and {comparison} without a place; not tested.", **shares)
    return message(
        "Answered: {treated} with and {comparison} without a place; difference by redraws p = {p}.",
        p=f"{attrition.difference.p_value:.3f}",
        **shares,
    )


def _all_answered(attrition: Attrition) -> bool:
    asked = attrition.asked_treated, attrition.asked_comparison
    return asked == (attrition.answered_treated, attrition.answered_comparison)


def _spillover(found: Estimate | Refusal | None) -> Message:
    if isinstance(found, Estimate):
        return message(
            "Whether the outcome goes with the share of one's department that got places was tested by "
            "redraws: p = {p}.",
            p=f"{found.p_value:.3f}",
        )
    if isinstance(found, Refusal):
        return message("Not tested: {reason}", reason=found.problem)
    return _no_data()


def _not_rejected(found: Estimate | Refusal | None) -> bool | None:
    return found.p_value >= REJECTED_OF_SEVERAL if isinstance(found, Estimate) else None


def _nothing_to_compare() -> Message:
    return message("Nothing was known of people before the draw, so nothing could be compared.")


def _no_data() -> Message:
    return message("Data cannot tell.")
