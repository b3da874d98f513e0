"""The help texts as they stand in the commands' docstrings."""

from __future__ import annotations

from docstring_parser import parse

from tazuna.commands.main import commands


def help_texts() -> set[str]:
    """Every paragraph of every command's docstring, white space folded as in the help."""
    texts: set[str] = set()
    for function in commands().values():
        doc = parse(function.__doc__)
        long = (doc.long_description or "").split("\n\n")
        words = [doc.short_description, *long, *(parameter.description for parameter in doc.params)]
        texts |= {" ".join(text.split()) for text in words if text}
    return texts
