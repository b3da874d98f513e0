"""Messages in Japanese and English: what is said is data, the language is chosen when it is shown.

A message is written once, in English, where it arises; ``locale/ja/LC_MESSAGES/<room>.po`` holds the
Japanese.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
Translator = Callable[..., str]

_LOCALES = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with its values, not yet in any language.

    Parameters
    ----------
    template
        The English sentence with ``{name}`` places; also the key of the catalogue.
    values
        What goes into the places; a value that is itself a `Message` is translated too.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """The sentence in ``language``."""
        return translator(language)(self.template, **self.values)


def message(template: str, **values: object) -> Message:
    """A `Message`; a function of its own so that the catalogue's extraction finds the template."""
    return Message(template, values)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    found: gettext.NullTranslations = gettext.NullTranslations()
    for path in sorted((_LOCALES / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        catalogue.add_fallback(found)
        found = catalogue
    return found


@cache
def translator(language: Language) -> Translator:
    """A function ``t(template, **values)`` that gives the sentence in ``language``."""
    catalogue = _catalogue(language)

    def t(template: str, /, **values: object) -> str:
        words = catalogue.gettext(template)
        if not values:
            return words
        shown = {name: v.text(language) if isinstance(v, Message) else v for name, v in values.items()}
        return words.format(**shown)

    return t


def chosen_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language where nobody named one: ``TAZUNA_LANG``, else by the locale: English, or else Japanese.

    Examples
    --------
    >>> chosen_language({"LANG": "en_US.UTF-8"})
    'en'
    >>> chosen_language({"LANG": "C.UTF-8"})
    'ja'
    """
    named = environment.get("TAZUNA_LANG", "")
    if named in LANGUAGES:
        return "en" if named == "en" else "ja"
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "ja"
