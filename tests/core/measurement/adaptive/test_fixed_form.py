"""A short form that everybody gets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tazuna.measurement.adaptive.bank import Bank
from tazuna.measurement.adaptive.contents import AdaptiveError
from tazuna.measurement.adaptive.fixed_form import fixed_form
from tazuna.measurement.graded.information import item_information

from .made_banks import profile_contents

CONTENTS = profile_contents()


@pytest.mark.parametrize("length", [11, 15, 20, 39])
def test_the_form_has_its_length_and_every_item(profile: Bank, length: int) -> None:
    for bank in (None, profile):
        form = fixed_form(CONTENTS, length, bank)
        assert len(set(form.codes)) == length
        assert len({code[:4] for code in form.codes}) == 11
        assert list(form.codes) == [c.code for c in CONTENTS if c.code in form.codes]


def test_without_a_bank_the_first_question_of_each_item_comes_first() -> None:
    form = fixed_form(CONTENTS, 11)
    assert form.chosen_by == "order"
    assert all(code.endswith("1") for code in form.codes)


def test_areas_get_equal_shares_by_content() -> None:
    counts = Counter(code[:3] for code in fixed_form(CONTENTS, 15).codes)
    assert set(counts.values()) == {3}


def test_an_uncalibrated_bank_is_not_used(profile: Bank) -> None:
    few = replace(profile, provenance=replace(profile.provenance, people=499))
    assert fixed_form(CONTENTS, 15, few) == fixed_form(CONTENTS, 15)


def test_item_rest_correlations_choose_where_all_are_known() -> None:
    known = {content.code: 0.9 if content.code.endswith("3") else 0.4 for content in CONTENTS}
    form = fixed_form(CONTENTS, 11, item_rest=known)
    assert form.chosen_by == "item_rest"
    assert all(code.endswith("3") for code in form.codes)
    partly = fixed_form(CONTENTS, 11, item_rest={**known, "co1a1": None})
    assert partly.chosen_by == "order"


def test_a_calibrated_bank_gives_more_information_than_the_order(profile: Bank) -> None:
    theta = np.array([0.0])
    informed, plain = (fixed_form(CONTENTS, 15, bank) for bank in (profile, None))
    assert informed.chosen_by == "information"
    better, worse = (
        item_information(profile.items.only(form.codes), theta).sum() for form in (informed, plain)
    )
    assert better > 1.15 * worse


def test_an_item_can_ask_for_more_questions() -> None:
    form = fixed_form(CONTENTS, 22, per_item=2)
    assert set(Counter(code[:4] for code in form.codes).values()) == {2}


@pytest.mark.parametrize("length", [10, 40])
def test_a_length_that_cannot_be_had_is_refused(length: int) -> None:
    with pytest.raises(AdaptiveError, match=f"{length} questions cannot be made: at least 11, at most 39"):
        fixed_form(CONTENTS, length)


def test_a_bank_of_other_questions_is_refused(profile: Bank) -> None:
    other = (replace(CONTENTS[0], code="new"), *CONTENTS[1:])
    with pytest.raises(AdaptiveError, match="no question “new”"):
        fixed_form(other, 15, profile)
