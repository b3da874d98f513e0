"""Labels from data (表示名) as messages: names of scales, columns and programmes by language."""

from __future__ import annotations

from dataclasses import dataclass, field

from tazuna.instrument.model import Wording, worded
from tazuna.intake.schema import Words, schema
from tazuna.language import Language, Message


@dataclass(frozen=True, slots=True)
class Label(Message):
    """Words that data hold by language, where a `Message` is wanted.

    ``template`` is the English form.
    """

    words: Wording = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """The words in ``language``, else in another one that there is."""
        return worded(self.words, language)


def label(words: Wording) -> Label:
    """A label from words by language.

    Examples
    --------
    >>> label({"ja": "年齢", "en": "Age"}).text("ja")
    '年齢'
    """
    return Label(worded(words, "en"), {}, words)


def same_word(text: str) -> Label:
    """A name that is the same in every language, such as the title of a programme."""
    return label({"ja": text, "en": text})


def column_label(table: str, column: str) -> Label:
    """The name of a column as the table contract has it, else the column's own heading."""
    known = schema()[table].columns.get(column)
    return same_word(column) if known is None else _of_schema(known.label)


def code_label(table: str, column: str, value: str) -> Label:
    """The name of a value of a coded column, else the value itself."""
    known = schema()[table].columns.get(column)
    found = next((code for code in known.codes if code.value == value), None) if known else None
    return same_word(value) if found is None else _of_schema(found.label)


def age_words(band: str) -> str:
    """An age band in Japanese.

    Examples
    --------
    >>> age_words("50+"), age_words("20-34")
    ('50歳以上', '20〜34歳')
    """
    return f"{band[:-1]}歳以上" if band.endswith("+") else f"{band.replace('-', '〜')}歳"


def _of_schema(words: Words) -> Label:
    return label({str(language): text for language, text in words.items()})
