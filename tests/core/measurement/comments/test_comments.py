"""Comments: what is masked, what is never shown, and topics that were put in."""

from __future__ import annotations

import importlib.util

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.language import LANGUAGES
from tazuna.measurement.comments.masking import MASK, masked, words_of_many
from tazuna.measurement.comments.reading import CommentReading, read_comments
from tazuna.measurement.comments.tokens import (
    CommentsError,
    english_tokens,
    japanese_tokenizer,
    sudachi_kind,
)
from tazuna.measurement.comments.topics import factorise, tf_idf, top_words

HAS_SUDACHI = importlib.util.find_spec("sudachipy") is not None
PAY = "the salary and the bonus stay low for years"
LEARN = "training and courses help people learn"


def table(texts: list[str], people: list[str] | None = None, *, quote: bool = True) -> pl.DataFrame:
    names = people or [f"P{number}" for number in range(len(texts))]
    return pl.DataFrame({"person_id": names, "text": texts}).with_columns(may_quote=pl.lit(value=quote))


def reading(texts: list[str], **more: object) -> CommentReading:
    return read_comments(table(texts), english_tokens, topics=2, **more)


@given(st.text(max_size=60))
def test_the_tokens_of_a_comment_are_the_comment(text: str) -> None:
    assert "".join(token.surface for token in english_tokens(text)) == text


def test_names_and_numbers_with_units_are_masked_however_many_say_them() -> None:
    texts = ["My boss Tanaka wants 12 reports a week"] * 15
    tokens = [english_tokens(text) for text in texts]
    known = words_of_many([(f"P{number}", part) for number, part in enumerate(tokens)])
    assert masked(tokens[0], known) == f"My boss {MASK} wants {MASK} a week"


def test_a_word_of_nine_people_is_masked_and_that_of_ten_is_not() -> None:
    said = [(f"P{number}", english_tokens("workload grew")) for number in range(10)]
    said += [(f"Q{number}", english_tokens("overtime grew")) for number in range(9)]
    known = words_of_many(said)
    assert masked(english_tokens("workload and overtime"), known) == f"workload and {MASK}"


def test_one_person_who_writes_often_is_still_one() -> None:
    said = [("P1", english_tokens("overtime")) for _ in range(50)]
    assert not words_of_many(said)


def test_names_of_departments_are_masked_within_other_words() -> None:
    tokens = english_tokens("the sales planning unit is fine")
    known = frozenset(["sales", "planning", "unit", "fine"])
    assert masked(tokens, known, ["Sales Planning"]) == f"the {MASK} unit is fine"


def test_letters_of_other_scripts_do_not_slip_through_the_rule_for_english() -> None:
    assert masked(english_tokens("田中さんは José と 3日 休んだ"), frozenset()) == MASK


def test_topics_that_were_put_in_come_out() -> None:
    found = reading([PAY] * 20 + [LEARN] * 15)
    assert [topic.n for topic in found.topics] == [20, 15]
    assert set(found.topics[0].words) == {"salary", "bonus", "stay", "low", "years"}
    assert "training" in found.topics[1].words
    assert found.topics[1].examples == (LEARN,)


def test_a_topic_of_nine_people_is_not_shown() -> None:
    found = read_comments(table([PAY] * 20 + [f"{LEARN} salary" for _ in range(9)]), english_tokens, topics=2)
    assert all(topic.n >= 10 for topic in found.topics)
    assert not any("training" in topic.words for topic in found.topics)


def test_comments_of_nine_people_are_not_read_however_many_they_are() -> None:
    people = [f"P{number % 9}" for number in range(40)]
    with pytest.raises(CommentsError, match="at least 10 people") as refused:
        read_comments(table([PAY] * 40, people), english_tokens)
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_nobody_is_quoted_who_did_not_allow_it() -> None:
    found = read_comments(table([PAY] * 20, quote=False), english_tokens, topics=1)
    assert found.topics
    assert all(topic.examples == () for topic in found.topics)


def test_a_comment_that_is_mostly_masked_is_no_example() -> None:
    odd = "salary Tanaka Suzuki Ito fired embezzling Osaka"
    found = read_comments(table([PAY] * 20 + [odd]), english_tokens, topics=1)
    assert found.topics[0].examples == (PAY,)


def test_comments_that_share_no_words_have_no_topics() -> None:
    texts = [f"alpha{chr(97 + number)}" for number in range(12)]
    with pytest.raises(CommentsError, match="share too few words"):
        read_comments(table(texts), english_tokens)


def test_factors_rebuild_a_matrix_made_of_parts() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.random((40, 3)) @ (rng.random((3, 12)) * (rng.random((3, 12)) < 0.5))
    found = factorise(matrix, 3)
    assert (found.documents >= 0).all()
    assert (found.words >= 0).all()
    assert found.words.sum(axis=1) == pytest.approx(1.0)
    assert np.linalg.norm(matrix - found.documents @ found.words) < 0.05 * np.linalg.norm(matrix)


def test_the_same_comments_give_the_same_topics() -> None:
    matrix = tf_idf(np.random.default_rng(1).integers(0, 3, (30, 10)).astype(float))
    words = [f"w{number}" for number in range(10)]
    assert top_words(factorise(matrix, 4), words) == top_words(factorise(matrix, 4), words)


def test_a_word_that_all_use_weighs_less_than_one_that_few_use() -> None:
    weights = tf_idf(np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]]))
    assert weights[0, 1] > weights[0, 0]
    assert np.linalg.norm(weights, axis=1) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("speech", "kind"),
    [
        (("名詞", "固有名詞", "人名", "姓", "*", "*"), "name"),
        (("名詞", "固有名詞", "地名", "一般", "*", "*"), "name"),
        (("名詞", "数詞", "*", "*", "*", "*"), "number"),
        (("接尾辞", "名詞的", "助数詞", "*", "*", "*"), "number"),
        (("名詞", "普通名詞", "一般", "*", "*", "*"), "word"),
        (("動詞", "非自立可能", "*", "*", "下一段-カ行", "終止形-一般"), "other"),
        (("助詞", "格助詞", "*", "*", "*", "*"), "other"),
        (("記号", "文字", "*", "*", "*", "*"), "word"),
    ],
)
def test_parts_of_speech_of_sudachi_are_told_apart(speech: tuple[str, ...], kind: str) -> None:
    assert sudachi_kind(speech) == kind


@pytest.mark.skipif(HAS_SUDACHI, reason="SudachiPy is installed")
def test_without_sudachipy_the_message_says_how_to_get_it() -> None:
    with pytest.raises(CommentsError, match="not installed") as refused:
        japanese_tokenizer()
    assert "pip install 'tazuna[text]'" in refused.value.text("ja")


@pytest.mark.skipif(not HAS_SUDACHI, reason="SudachiPy is not installed")
def test_japanese_names_numbers_and_rare_words_are_masked() -> None:
    cut = japanese_tokenizer()
    text = "田中課長は残業が月80時間で、評価が不透明だ"
    tokens = cut(text)
    assert "".join(token.surface for token in tokens) == text
    shown = masked(tokens, frozenset(["残業", "評価", "不透明", "課長", "月"]))
    assert "田中" not in shown
    assert "80" not in shown
    assert "残業が" in shown
