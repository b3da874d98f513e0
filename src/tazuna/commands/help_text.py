"""Help in the user's language: the docstrings are the English text and the catalogue's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cyclopts.help import DefaultFormatter, HelpPanel
from cyclopts.help.inline_text import InlineText
from rich.text import Text

from tazuna.language import Translator

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions

_MARKS = ("required", "default", "choices")


class TranslatedHelp(DefaultFormatter):
    """Cyclopts' formatter, with every description, title and mark looked up in the catalogue.

    Parameters
    ----------
    t
        The translator of the chosen language.
    """

    def __init__(self, t: Translator) -> None:
        super().__init__()
        self._t = t

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        for entry in panel.entries:
            self._translate(entry.description)
        super().__call__(console, options, panel)

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        del options
        words = str(usage).removeprefix("Usage:").strip()
        console.print(Text(f"{self._t('Usage:')} {words}", style="bold"))
        console.print()

    def render_description(self, console: Console, options: ConsoleOptions, description: Any) -> None:
        self._translate(description)
        super().render_description(console, options, description)

    def _translate(self, description: object) -> None:
        if not isinstance(description, InlineText):
            return
        words = description.primary_renderable
        if isinstance(words, Text) and words.plain.strip():
            end = words.end
            paragraphs = [" ".join(paragraph.split()) for paragraph in words.plain.split("\n\n")]
            description.primary_renderable = Text(
                "\n\n".join(self._t(paragraph) for paragraph in paragraphs), end=end
            )
        for mark in description.texts:
            for word in _MARKS:
                mark.plain = mark.plain.replace(word, self._t(word))
