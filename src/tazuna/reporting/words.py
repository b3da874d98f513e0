"""What codes are called in a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tazuna.instrument.model import Instrument, worded
from tazuna.language import Language, Message, Translator, message
from tazuna.measurement.group_rules import group_rules

VIEWPOINTS: Mapping[str, Message] = {
    "executive": message("Executives"),
    "hr": message("HR"),
    "manager": message("Managers"),
    "employee": message("Employees"),
    "all": message("Everybody who answered"),
}
PEOPLE: Mapping[str, Message] = {"employee": message("employees"), "all": message("everybody who answered")}
"""Within a sentence: the viewpoints that speak for the people."""
ATTRIBUTES: Mapping[str, Message] = {
    "all": message("Organisation"),
    "department": message("Department"),
    "age_band": message("Age band"),
    "worksite": message("Worksite"),
    "gender": message("Gender"),
    "job_family": message("Job family"),
    "employment_type": message("Employment type"),
}
_ATTRIBUTE_VALUES: Mapping[str, Mapping[str, Message]] = {
    "all": {"all": message("Everybody")},
    "worksite": {"office": message("Office"), "field": message("Field")},
    "gender": {"male": message("Men"), "female": message("Women"), "other": message("Other gender")},
    "employment_type": {
        "regular": message("Regular"),
        "contract": message("Contract"),
        "part_time": message("Part-time"),
        "rehired": message("Rehired after retirement"),
        "temporary": message("Temporary"),
    },
}


def ruled_label(ruling: str, group: str, language: Language) -> str:
    """What the rule data call a group of theirs (layer, unmoved group, cause, step, level, age band)."""
    for rule in group_rules().rulings.get(ruling, ()):
        if rule.group == group:
            return rule.label.ja if language == "ja" else rule.label.en
    return group


def group_label(group_by: str, group: str, language: Language, t: Translator) -> str:
    """What a group is called: by the rule data, by our word for a code of the table contract, else as
    it stands.
    """
    if group_by in group_rules().rulings:
        return ruled_label(group_by, group, language)
    words = _ATTRIBUTE_VALUES.get(group_by, {})
    return t(words[group].template) if group in words else group


def scale_label(code: str, instruments: Sequence[Instrument], language: Language) -> str:
    """The scale's own label in its instrument, else the code."""
    for instrument in instruments:
        if code in instrument.scales:
            return worded(instrument.scales[code].label, language)
    return code


def category_label(
    question: str, category: str, instruments: Sequence[Instrument], language: Language
) -> str:
    """The label of a question's response category, else the category's number."""
    for instrument in instruments:
        if question in instrument.questions:
            for option in instrument.questions[question].response.categories:
                if str(option.value) == category:
                    return worded(option.label, language)
    return category
