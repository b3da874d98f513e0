"""The kinds of faults and notices that intake and study can give, read from their source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from docs.markdown_pages import ROOT
from tazuna.intake.words import NormalisedKind

ROOMS = ("intake", "study")
FAULTS: Mapping[str, int] = {"BadCells": 0, "FaultGroup": 0, "faulted": 0, "_typed": 1}
"""What makes a fault, and which of its arguments is the kind."""
NOTICES: Mapping[str, int] = {"Notice": 0, "noticed": 0, "export_notice": 1}
COUNTED_WHILE_READING = "reading_notices"
"""The function whose dictionary has a key for each notice about a file's shape."""


def fault_kinds() -> set[str]:
    return set(_named(FAULTS))


def notice_kinds() -> set[str]:
    return {*_named(NOTICES), *get_args(NormalisedKind), *_keys_while_reading()}


def _nodes() -> Iterator[ast.AST]:
    for room in ROOMS:
        for path in sorted((ROOT / "src" / "tazuna" / room).rglob("*.py")):
            yield from ast.walk(ast.parse(Path(path).read_text(encoding="utf-8")))


def _named(makers: Mapping[str, int]) -> Iterator[str]:
    for node in _nodes():
        if isinstance(node, ast.Call):
            maker = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            arguments = node.args[makers[maker] :] if maker in makers else []
            kind = arguments[0] if arguments else None
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                yield kind.value


def _keys_while_reading() -> Iterator[str]:
    for node in _nodes():
        if isinstance(node, ast.FunctionDef) and node.name == COUNTED_WHILE_READING:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Dict):
                    yield from (key.value for key in inner.keys if isinstance(key, ast.Constant))
