"""Whether an instrument file speaks each language that it declares (言語), and no other.

A question and its categories need every declared language. Everything else may leave out a variety such as
``ja-x-easy`` (やさしい日本語) and then speaks its primary language.
"""

from __future__ import annotations

from collections.abc import Iterator

from tazuna.instrument.faults import SchemaFault
from tazuna.instrument.parsing import Place
from tazuna.instrument.schema import InstrumentForm, Words
from tazuna.language import message


def language_faults(form: InstrumentForm) -> Iterator[SchemaFault]:
    """A fault for each language declared twice, missing somewhere, or not declared."""
    for number, tag in enumerate(form.languages, start=1):
        if form.languages.index(tag) != number - 1:
            yield SchemaFault(
                ("languages", str(number)),
                message("this language stands twice"),
                message("Keep it once."),
                tag,
            )
    declared = dict.fromkeys(form.languages)
    for place, words, asked in _all_words(form):
        for tag in declared:
            if tag not in words and (asked or tag.split("-")[0] not in words):
                yield SchemaFault(
                    place,
                    message("the language {tag} is missing", tag=tag),
                    message("Add the words in this language, or take it out of languages."),
                )
        for tag in words:
            if tag not in declared:
                yield SchemaFault(
                    (*place, tag),
                    message(
                        "this language is not among the declared ones ({declared})",
                        declared=", ".join(declared),
                    ),
                    message("Correct the tag, or add it to languages."),
                )


def _all_words(form: InstrumentForm) -> Iterator[tuple[Place, Words, bool]]:
    """Every place with words, and whether a person who answers reads them as the question."""
    yield ("title",), form.title, False
    yield ("source",), form.source, False
    yield ("validation",), form.validation, False
    for code, response in form.responses.items():
        for number, category in enumerate(response.categories, start=1):
            yield ("responses", code, "categories", str(number), "label"), category.label, True
    for code, scale in form.scales.items():
        yield ("scales", code, "label"), scale.label, False
        if scale.description is not None:
            yield ("scales", code, "description"), scale.description, False
    for code, question in form.questions.items():
        yield ("questions", code, "wording"), question.wording, True
        if question.company_wording is not None:
            yield ("questions", code, "company_wording"), question.company_wording, True
        if question.label is not None:
            yield ("questions", code, "label"), question.label, False
        if question.catches is not None:
            yield ("questions", code, "catches"), question.catches, False
