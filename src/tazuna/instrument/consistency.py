"""Whether the parts of an instrument file hold together: codes, categories, questions, the tree of scales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tazuna.instrument.describing import normalised_label
from tazuna.instrument.faults import SchemaFault
from tazuna.instrument.languages import language_faults
from tazuna.instrument.parsing import Place
from tazuna.instrument.schema import InstrumentForm, QuestionForm, ResponseForm, ScaleForm
from tazuna.language import message

# Columns of the answer tables and names of group figures that are not scales.
RESERVED_CODES = frozenset(
    {
        *("person_id", "wave", "instrument", "answered_at", "organisation_id", "respondent", "viewpoint"),
        *("question", "value", "language", "n_answered", "contribution", "response_rate"),
    }
)
RESERVED_BEGINNINGS = ("gap.", "share.", "dist.")
MAX_LEVELS = 8


def consistency_faults(form: InstrumentForm) -> list[SchemaFault]:
    """Every fault between the parts of a file that has the right form: languages, then the parts in order."""
    faults = list(language_faults(form))
    for code, response in form.responses.items():
        faults += _response_faults(("responses", code), response)
    for code, scale in form.scales.items():
        faults += _code_faults(("scales", code), code)
        faults += _scale_faults(("scales", code), code, scale, form)
        faults += _tree_faults(("scales", code), code, form.scales)
    for code, question in form.questions.items():
        faults += _code_faults(("questions", code), code)
        faults += _question_faults(("questions", code), code, question, form)
    return faults


def _code_faults(place: Place, code: str) -> Iterator[SchemaFault]:
    if code.lower() in RESERVED_CODES or code.lower().startswith(RESERVED_BEGINNINGS):
        yield SchemaFault(
            place,
            message("this code is the name of a column or figure of Tazuna"),
            message("Choose another code."),
        )


def _response_faults(place: Place, response: ResponseForm) -> Iterator[SchemaFault]:
    values = [category.value for category in response.categories]
    for number, (before, value) in enumerate(pairwise(values), start=2):
        if value <= before:
            yield SchemaFault(
                (*place, "categories", str(number), "value"),
                message("expected is a value above the one before it ({before})", before=before),
                message("Put the categories in ascending order, each value once."),
                str(value),
            )
    for code, times in Counter(response.missing_codes).items():
        if code in values or times > 1:
            yield SchemaFault(
                (*place, "missing_codes"),
                message("expected are codes that are no category, each once"),
                message("Take the code out of missing_codes or out of the categories."),
                str(code),
            )
    yield from _label_faults(place, response)


def _label_faults(place: Place, response: ResponseForm) -> Iterator[SchemaFault]:
    """Answers may come as labels, so a label must name one value."""
    meant: dict[str, int] = {}
    for number, category in enumerate(response.categories, start=1):
        for tag, label in category.label.items():
            if meant.setdefault(normalised_label(label), category.value) != category.value:
                yield SchemaFault(
                    (*place, "categories", str(number), "label", tag),
                    message("another category has the same label"),
                    message("Give each category a label of its own."),
                    label,
                )


def _question_faults(
    place: Place, code: str, question: QuestionForm, form: InstrumentForm
) -> Iterator[SchemaFault]:
    response = form.responses.get(question.response)
    if response is None:
        yield SchemaFault(
            (*place, "response"),
            message("there is no such response scale; there are: {names}", names=", ".join(form.responses)),
            message("Write the name of a response scale of this file."),
            question.response,
        )
    elif question.scored and not response.ordered:
        yield SchemaFault(
            (*place, "scored"),
            message("a question whose categories have no order cannot be scored"),
            message("Add scored: false."),
        )
    if question.checks is None:
        return
    if question.checks not in form.questions or question.checks == code:
        yield SchemaFault(
            (*place, "checks"),
            message("expected is the code of another question of this file"),
            message("Correct the code, or add the question."),
            question.checks,
        )
    if question.scored:
        yield SchemaFault(
            (*place, "scored"),
            message("a question that checks another is never scored"),
            message("Add scored: false."),
        )


def _scale_faults(place: Place, code: str, scale: ScaleForm, form: InstrumentForm) -> Iterator[SchemaFault]:
    if scale.questions is None:
        if not any(other.parent == code for other in form.scales.values()):
            yield SchemaFault(
                place,
                message("has neither questions nor scales below it"),
                message("Add questions: [code, …], or name it as the parent of other scales."),
            )
        return
    for number, question in enumerate(scale.questions, start=1):
        if question not in form.questions:
            expected = message("there is no such question in this file")
            cure = message("Correct the code, or add the question.")
        elif scale.questions.index(question) != number - 1:
            expected = message("this question stands twice in the scale")
            cure = message("Keep it once.")
        elif form.questions[question].checks is not None:
            expected = message("this question only checks another, so no scale can use it")
            cure = message("Take it out of the scale.")
        elif scale.kind != "indicator" and not form.questions[question].scored:
            expected = message("this question is not scored, so no scale can use it")
            cure = message("Take it out of the scale, or let it be scored.")
        else:
            continue
        yield SchemaFault((*place, "questions", str(number)), expected, cure, question)
    if code in form.questions and scale.questions != [code]:
        yield SchemaFault(
            place,
            message("a scale named like a question may hold only that question"),
            message("Choose another code for the scale."),
        )


def _tree_faults(place: Place, code: str, scales: dict[str, ScaleForm]) -> Iterator[SchemaFault]:
    parent = scales[code].parent
    if parent is not None and scales[code].kind == "indicator":
        yield SchemaFault(
            (*place, "parent"),
            message("an indicator belongs to no other scale"),
            message("Take parent out, or choose another kind."),
            parent,
        )
    if parent is not None and parent not in scales:
        yield SchemaFault(
            (*place, "parent"),
            message("there is no such scale in this file"),
            message("Correct the code, or add the scale."),
            parent,
        )
    levels = 1
    while parent in scales and levels <= MAX_LEVELS:
        levels += 1
        parent = scales[parent].parent
    if levels > MAX_LEVELS:
        yield SchemaFault(
            (*place, "parent"),
            message(
                "the scale stands below itself, or more than {levels} scales stand one below the other",
                levels=MAX_LEVELS,
            ),
            message("Let the highest scale have no parent."),
            scales[code].parent,
        )
