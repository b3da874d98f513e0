"""Words of a comment: Japanese by SudachiPy where it is installed, else by simple rules."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tazuna.errors import TazunaError
from tazuna.language import message

Kind = Literal["word", "name", "number", "other"]
"""``word``: carries meaning; ``name``: of a person, place or organisation; ``number``: a number or its unit;
``other``: particles, punctuation, spaces."""


class CommentsError(TazunaError):
    """Comments cannot be read."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a comment. The surfaces of all its tokens together are the comment.

    ``base`` is the form under which a word is counted.
    """

    surface: str
    base: str
    kind: Kind


Tokenizer = Callable[[str], tuple[Token, ...]]

_PIECES = re.compile(r"\d[\d,.]*\s?[^\W\d_]*%?|[^\W\d_](?:[^\W\d_]|['’-])*|[\W_]+")
_JAPANESE = re.compile(r"[぀-ヿ一-鿿々]")
_SENTENCE_ENDS = re.compile(r"[.!?:\n]\s*$")
_SMALL = """
a an and are as at be been but by can could did do does for from had has have he her his how i if in into is
it its me more my no not of on or our she should so some that the their them there they this to too us very
was we were what when which who will with would you your
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_NO_MEANING = frozenset(
    ["助詞", "助動詞", "補助記号", "空白", "代名詞", "接続詞", "連体詞", "感動詞", "副詞", "接頭辞", "接尾辞"]
)


def english_tokens(text: str) -> tuple[Token, ...]:
    """Words of a text whose words are parted by spaces, small words set apart.

    A word with a capital letter within a sentence is taken for a name (but for I and its forms): rather one
    mask too many.

    Examples
    --------
    >>> [token.base for token in english_tokens("Ask Sato about 3 days.") if token.kind != "other"]
    ['ask', 'sato', 'about', '3 days']
    """
    tokens: list[Token] = []
    before = ""
    for piece in _PIECES.findall(text):
        begins = not before.strip() or _SENTENCE_ENDS.search(before) is not None
        base = piece.lower().strip()
        if piece[0].isdigit():
            kind: Kind = "number"
        elif not piece[0].isalpha() or base in _SMALL_WORDS or base.replace("’", "'").startswith("i'"):
            kind = "other"
        else:
            kind = "name" if piece[0].isupper() and not begins else "word"
        tokens.append(Token(piece, base, kind))
        before += piece
    return tuple(tokens)


def japanese_tokenizer() -> Tokenizer:
    """A tokenizer for comments in Japanese, English or both.

    Raises
    ------
    CommentsError
        SudachiPy or its dictionary is not installed; the message says how to get them.
    """
    try:
        sudachi = importlib.import_module("sudachipy")
        cut = sudachi.Dictionary(dict="core").tokenizer(mode=sudachi.SplitMode.C)
    except (ImportError, OSError) as missing:
        raise CommentsError(
            message("Reading Japanese comments needs SudachiPy and its dictionary, which are not installed."),
            message("Install them (about 200 MB): pip install 'tazuna[text]', or make text in a checkout."),
        ) from missing

    def tokens(text: str) -> tuple[Token, ...]:
        if not _JAPANESE.search(text):
            return english_tokens(text)
        return tuple(
            Token(part.surface(), part.dictionary_form(), sudachi_kind(part.part_of_speech()))
            for part in cut.tokenize(text)
        )

    return tokens


def sudachi_kind(speech: tuple[str, ...]) -> Kind:
    """What a part of speech of Sudachi's dictionary (UniDic's system) is to us.

    Examples
    --------
    >>> sudachi_kind(("名詞", "固有名詞", "人名", "姓", "*", "*"))
    'name'
    """
    if speech[1] == "固有名詞":
        return "name"
    if speech[1] == "数詞" or speech[2] == "助数詞" or speech[:3] == ("接尾辞", "名詞的", "助数詞"):
        return "number"
    helps = speech[0] in _NO_MEANING or speech[1] in ("非自立可能", "助動詞語幹")
    return "other" if helps else "word"
