"""A validated file form to the `Instrument` that the rest of the core reads."""

from __future__ import annotations

from collections.abc import Iterable

from tazuna.instrument.model import Category, Instrument, Question, ResponseScale, Scale, Wording
from tazuna.instrument.schema import InstrumentForm, QuestionForm, ResponseForm, ScaleForm


def questions_under(code: str, scales: dict[str, ScaleForm]) -> tuple[str, ...]:
    """The questions of a scale: those it names, else those of the scales below it, each once, in order.

    The tree must be free of cycles (checked by `consistency`).
    """
    named = scales[code].questions
    if named is not None:
        return tuple(named)
    below = [child for child, form in scales.items() if form.parent == code]
    return tuple(dict.fromkeys(question for child in below for question in questions_under(child, scales)))


def assemble(form: InstrumentForm) -> Instrument:
    """The instrument of a form that passed all checks."""
    responses = {code: _response(code, given) for code, given in form.responses.items()}
    scales = {code: _scale(code, form.scales) for code in form.scales}
    narrowest = _narrowest_scale(scales.values())
    questions = {
        code: _question(
            code,
            given,
            responses[given.response],
            # What a question catches, where the file does not say.
            narrowest[code].label if code in narrowest else given.wording,
        )
        for code, given in form.questions.items()
    }
    return Instrument(
        id=form.id,
        version=form.version,
        title=form.title,
        source=form.source,
        licence=form.licence,
        languages=tuple(form.languages),
        validation=form.validation,
        questions=questions,
        scales=scales,
        responses=responses,
    )


def _response(code: str, form: ResponseForm) -> ResponseScale:
    categories = tuple(Category(category.value, category.label) for category in form.categories)
    return ResponseScale(code, categories, tuple(form.missing_codes), form.ordered)


def _scale(code: str, scales: dict[str, ScaleForm]) -> Scale:
    form = scales[code]
    return Scale(
        code=code,
        label=form.label,
        kind=form.kind,
        questions=questions_under(code, scales),
        parent=form.parent,
        minimum_share=form.minimum_share,
        source=form.source,
        own_words=form.own_words,
        description=form.description,
        better=form.better,
    )


def _narrowest_scale(scales: Iterable[Scale]) -> dict[str, Scale]:
    """For each question in a scale, the one with the fewest questions."""
    widest_first = sorted(scales, key=lambda scale: len(scale.questions), reverse=True)
    return {question: scale for scale in widest_first for question in scale.questions}


def _question(code: str, form: QuestionForm, response: ResponseScale, catches: Wording) -> Question:
    return Question(
        code=code,
        wording=form.wording,
        response=response,
        catches=form.catches or catches,
        company_wording=form.company_wording,
        key=form.key,
        scored=form.scored,
        checks=form.checks,
        label=form.label,
    )
