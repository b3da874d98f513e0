"""Reading instrument files: a good one comes whole, a broken one names place, expectation, cure."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.errors import InstrumentError
from tazuna.instrument.model import Instrument
from tazuna.instrument.reading import MAX_BYTES, instrument_from_mapping, read_instrument

SMALL = Path(__file__).parent / "small_instrument.yaml"
GOOD = SMALL.read_text(encoding="utf-8")
Q1 = "    wording: {ja: 仕事が好きだ, en: I like my work.}\n"


def written(folder: Path, text: str, name: str = "survey.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> InstrumentError:
    with pytest.raises(InstrumentError) as caught:
        read_instrument(path)
    return caught.value


def test_a_good_file_comes_through_whole() -> None:
    small = read_instrument(SMALL)
    assert (small.id, small.version, small.languages) == ("small", "1.0", ("ja", "en"))
    assert small.scales["all"].questions == ("q1", "q2")
    assert small.questions["q2"].key == -1
    assert small.questions["again"].checks == "q1"
    assert small.responses["agree"].missing_codes == (9,)
    assert not small.responses["kinds"].ordered
    assert small.responses["agree"].categories[0].label["en"] == "No"


def test_a_question_without_catches_takes_the_name_of_its_narrowest_scale() -> None:
    small = read_instrument(SMALL)
    assert small.questions["q1"].catches["en"] == "Liking"
    assert small.questions["q2"].catches["en"] == "Part"
    assert small.questions["again"].catches["en"] == "I dislike my work."


def test_json_and_plain_data_give_the_same_instrument(tmp_path: Path) -> None:
    data = yaml.load(GOOD, Loader=yaml.BaseLoader)
    as_json = written(tmp_path, json.dumps(data, ensure_ascii=False), "survey.json")
    assert read_instrument(as_json) == read_instrument(SMALL) == instrument_from_mapping(data)


def test_numbers_in_json_are_taken_as_numbers(tmp_path: Path) -> None:
    data = yaml.safe_load(GOOD)
    data["version"] = "1.0"
    for category in data["responses"]["agree"]["categories"]:
        category["label"] = {tag: str(label) for tag, label in category["label"].items()}
    data["responses"]["agree"]["categories"][0]["label"]["en"] = "No"
    data["responses"]["agree"]["categories"][2]["label"]["en"] = "Yes"
    assert instrument_from_mapping(data) == read_instrument(SMALL)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "survey.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_instrument(path).id == "small"


BREAKAGES = [
    ("an unknown name", "licence: CC0-1.0", "licence: CC0-1.0\nlicense: x", "license", "形式にない名前"),
    ("another form", "instrument/1", "instrument/9", "schema", "tazuna/instrument/1"),
    ("no licence", "licence: CC0-1.0\n", "", "licence", "書かれていません"),
    ("an empty licence", "licence: CC0-1.0", "licence: ''", "licence", "空です"),
    ("an empty source", "en: For tests", "en: ' '", "source › en", "空です"),
    ("no wording", Q1, "", "questions › q1 › wording", "書かれていません"),
    (
        "a misspelt key",
        "    key: -1\n    scored",
        "    kye: -1\n    scored",
        "questions › again › kye",
        "形式に",
    ),
    ("a key of 2", "    key: -1\n    scored", "    key: 2\n    scored", "questions › again › key", "1, -1"),
    ("a language missing", ", en: I like my work.", "", "questions › q1 › wording", "en の文言"),
    ("an undeclared language", "en: I like my", "fr: Oui, en: I like my", "q1 › wording › fr", "languages"),
    ("a malformed language", "en: I like my", "EN_us: I, en: I like my", "q1 › wording › EN_us", "言語タグ"),
    ("a language twice", "[ja, en]", "[ja, en, ja]", "languages › 3", "2回"),
    ("a label language missing", "ja: 部分, en: Part", "ja: 部分", "scales › part › label", "en の文言"),
    ("a category label missing", "ja: 時間, en: Time", "en: Time", "kinds › categories › 1 › label", "ja の"),
    ("categories out of order", "value: 3", "value: 1", "agree › categories › 3 › value", "1つ前の値"),
    ("a category twice", "value: 3", "value: 2", "agree › categories › 3 › value", "1つ前の値"),
    ("two equal labels", "ja: 費用, en", "ja: 時間, en", "categories › 2 › label › ja", "同じ文言"),
    ("one category", "      - value: 2\n        label: {ja: 費用, en: Cost}\n", "", "categories", "2つ以上"),
    ("a value in words", "value: 3", "value: three", "agree › categories › 3 › value", "数を書く欄"),
    (
        "a missing code that is a category",
        "missing_codes: [9]",
        "missing_codes: [3]",
        "missing_codes",
        "選択肢に",
    ),
    ("a missing code twice", "missing_codes: [9]", "missing_codes: [9, 9]", "missing_codes", "選択肢に"),
    ("an unknown question", "[q1, q2]", "[q1, q3]", "scales › part › questions › 2", "ない設問"),
    ("a question twice in a scale", "[q1, q2]", "[q1, q1]", "scales › part › questions › 2", "2回"),
    ("an unscored question", "[q1, q2]", "[q1, why]", "scales › part › questions › 2", "得点に使わない"),
    ("a check in a scale", "[q1, q2]", "[q1, again]", "scales › part › questions › 2", "確認用"),
    ("an unknown parent", "parent: all", "parent: al", "scales › part › parent", "ない尺度"),
    ("a circle", "kind: total", "kind: total\n    parent: part", "scales › all › parent", "循環"),
    ("a scale below itself", "parent: all", "parent: part", "scales › part › parent", "循環"),
    ("a scale of nothing", "    parent: all\n", "", "scales › all", "下位の尺度"),
    (
        "an indicator with a parent",
        "indicator\n",
        "indicator\n    parent: all\n",
        "scales › why › parent",
        "指標",
    ),
    ("an unknown kind", "kind: total", "kind: sum", "scales › all › kind", "total, area"),
    (
        "an unknown response",
        "response: kinds",
        "response: kind",
        "questions › why › response",
        "agree, kinds",
    ),
    ("a scored unordered question", "kinds\n    scored: false", "kinds", "questions › why › scored", "順序"),
    ("a check of nothing", "checks: q1", "checks: q9", "questions › again › checks", "別の設問"),
    ("a check of itself", "checks: q1", "checks: again", "questions › again › checks", "別の設問"),
    ("a scored check", "scored: false\n    checks", "scored: true\n    checks", "again › scored", "確認用"),
    ("a code with a hyphen", "  again:", "  q-1:", "questions › q-1", "英字で始め"),
    ("a code in Japanese", "  again:", "  設問:", "questions › 設問", "英字で始め"),
    ("a reserved code", "  again:", "  person_id:", "questions › person_id", "列や集計の名前"),
    ("a reserved beginning", "  again:", "  gap.x:", "questions › gap.x", "列や集計の名前"),
    ("a code twice", "  again:", "  q1:", "questions › q1", "2回"),
    ("a share above one", "kind: total", "kind: total\n    minimum_share: 50", "minimum_share", "限度は1）"),
    ("a scale named like a question", "  part:", "  q2:", "scales › q2", "同じコード"),
    (
        "text for a group",
        "title: {ja: 小さな調査票, en: A small instrument}",
        "title: 小さい",
        "title",
        "名前: 値",
    ),
    ("text for a list", "languages: [ja, en]", "languages: ja", "languages", "一覧"),
    ("a list for text", "licence: CC0-1.0", "licence: [a, b]", "licence", "文字を書く"),
    ("maybe for true", "ordered: false", "ordered: maybe", "responses › kinds › ordered", "true か false"),
    ("an alias", "licence: CC0-1.0", "licence: &a CC0-1.0", "licence", "別名"),
    ("a tag", "licence: CC0-1.0", "licence: !!python/name:os.system x", "licence", "タグ"),
    ("an open quote", "licence: CC0-1.0", 'licence: "CC0', "", "YAMLとして"),
    ("a tab for indentation", "  q1:\n", "\tq1:\n", "", "YAMLとして"),
    ("a second document", "schema:", "a: b\n---\nschema:", "", "1つのファイル"),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"), [b[1:] for b in BREAKAGES], ids=[b[0] for b in BREAKAGES]
)
def test_a_broken_file_names_the_place_in_both_languages(
    tmp_path: Path, old: str, new: str, place: str, said: str
) -> None:
    assert old in GOOD
    error = refused(written(tmp_path, GOOD.replace(old, new, 1)))
    japanese, english = error.text("ja"), error.text("en")
    for text in (japanese, english):
        assert text.startswith("survey.yaml")
        assert place in text
    assert said in japanese
    assert "ください" in japanese
    assert "ください" not in english


def test_the_line_is_that_of_the_fault(tmp_path: Path) -> None:
    line = GOOD.splitlines().index("    key: -1") + 1
    error = refused(written(tmp_path, GOOD.replace("key: -1", "key: minus", 1)))
    assert error.text("ja") == (
        f"survey.yaml {line}行目 questions › q2 › key「minus」：次のどれかを書く欄です：1, -1\n"
        "この中から選んでください。"
    )
    assert f"survey.yaml line {line}, questions › q2 › key: “minus”" in error.text("en")


def test_all_faults_are_said_up_to_ten(tmp_path: Path) -> None:
    error = refused(written(tmp_path, GOOD.replace(", en:", ", fr:")))
    assert error.text("ja").count("survey.yaml") == 10
    assert "ほかに" in error.text("ja")


def test_a_variety_may_leave_labels_to_its_primary_language(tmp_path: Path) -> None:
    easy = GOOD.replace("languages: [ja, en]", "languages: [ja, en, ja-x-easy]")
    lines = [
        line.replace("{ja:", "{ja-x-easy: やさしい 文, ja:") if "wording:" in line else line
        for line in easy.splitlines()
    ]
    number = 0
    for at, line in enumerate(lines):
        if line.lstrip().startswith("label:") and lines[at - 1].lstrip().startswith("- value:"):
            number += 1
            lines[at] = line.replace("{ja:", f"{{ja-x-easy: えらぶ{number}, ja:")
    instrument = read_instrument(written(tmp_path, "\n".join(lines)))
    assert instrument.wording("q1", "ja-x-easy") == "やさしい 文"
    assert "ja-x-easy" not in instrument.scales["part"].label


def test_a_missing_file_a_folder_and_a_binary_file_are_refused(tmp_path: Path) -> None:
    assert "開けません" in refused(tmp_path / "none.yaml").text("ja")
    assert "開けません" in refused(tmp_path).text("ja")
    binary = tmp_path / "photo.yaml"
    binary.write_bytes(bytes(range(256)))
    assert "UTF-8" in refused(binary).text("ja")
    assert "空です" in refused(written(tmp_path, "")).text("ja")
    assert "UTF-8" in refused(_cp932(tmp_path)).text("en")


def _cp932(folder: Path) -> Path:
    path = folder / "cp932.yaml"
    path.write_bytes(GOOD.encode("cp932"))
    return path


def test_a_json_file_with_a_name_twice_or_a_lost_comma_is_refused(tmp_path: Path) -> None:
    assert "2回" in refused(written(tmp_path, '{"id": 1, "id": 2}', "a.json")).text("ja")
    assert "2行目" in refused(written(tmp_path, '{"id": 1\n "x": 2}', "a.json")).text("ja")
    assert "入れ子" in refused(written(tmp_path, "[" * 200_000, "a.json")).text("ja")
    assert "JSON" in refused(written(tmp_path, "1" * 6_000, "a.json")).text("ja")
    assert "多すぎ" in refused(written(tmp_path, json.dumps([0] * 1_000_000), "a.json")).text("ja")
    assert "入れ子" in refused(written(tmp_path, "[" * 20 + "]" * 20, "a.json")).text("ja")


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
LONG = "title:\n" + "".join(f"  k{n}: v\n" for n in range(300_000))


@pytest.mark.parametrize(
    "text",
    [BOMB, "[" * 1_000_000, "- " * 500_000, "a: " * 300_000, "x" * (MAX_BYTES + 1), LONG],
    ids=["alias bomb", "deep brackets", "deep hyphens", "colons", "over 5 MB", "long mapping"],
)
def test_a_hostile_file_is_refused_within_seconds(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    begun = time.monotonic()
    refused(path)
    assert time.monotonic() - begun < 10


def loads_or_is_refused(data: Any) -> Instrument | None:
    try:
        return instrument_from_mapping(data)
    except InstrumentError as error:
        for language in ("ja", "en"):
            error.text(language).encode()
        return None


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text(max_size=6))
def test_random_damage_to_the_text_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, length: int, instead: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_bytes((GOOD[:at] + instead + GOOD[at + length :]).encode("utf-8", "surrogatepass"))
    try:
        read_instrument(path)
    except InstrumentError as error:
        assert error.text("ja").startswith("damaged.yaml")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["q1", "ja", "all"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_any_value_in_any_place_loads_or_is_refused(data: st.DataObject) -> None:
    damaged = yaml.load(GOOD, Loader=yaml.BaseLoader)
    part: Any = damaged
    while True:
        places = list(part) if isinstance(part, dict) else list(range(len(part)))
        place = data.draw(st.sampled_from(places))
        inner = part[place]
        if isinstance(inner, dict | list) and inner and data.draw(st.integers(0, 3)):
            part = inner
            continue
        match data.draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                part[place] = data.draw(ANYTHING)
            case "remove":
                del part[place]
            case _ if isinstance(part, dict):
                part[data.draw(st.text(max_size=8))] = data.draw(ANYTHING)
            case _:
                part.append(data.draw(ANYTHING))
        break
    loads_or_is_refused(damaged)
