"""Writes ``docs/explanation/does-the-draw-tell-the-truth`` from results in ``docs/data``: ``python -m docs.make_truth_tables``.

The results come from ``python -m tests.properties.lottery_truth`` and ``python -m tests.properties.one_kind_of_place``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import altair as alt
import vl_convert
from PIL import Image
from tests.properties import lottery_truth, one_kind_of_place, truth_results
from tests.properties.one_kind_of_place import IdleRow
from tests.properties.self_selected import RuleSet
from tests.properties.truth_results import (
    COVERAGE,
    COVERAGE_UNEQUAL,
    Cell,
    Question,
    Row,
    cells_of,
    largest_in_a_round,
    missed,
)

from tazuna.language import LANGUAGES, Language
from tazuna.reporting import palette
from tazuna.reporting.drawing import FONTS
from tazuna.reporting.figures.theme import Specification, data, finished, layered, side_by_side

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
SUFFIX: Mapping[Language, str] = {"ja": ".ja.md", "en": ".md"}
BEGIN, END = "<!-- {part}: docs/make_truth_tables.py -->", "<!-- end of {part} -->"
SCALE, COLOURS = 2, 64
NORMAL_95 = 1.96
RULES: Mapping[Language, Mapping[RuleSet, str]] = {
    "en": {"plain": "plain", "caps": "caps", "gate and open places": "gate, open places"},
    "ja": {"plain": "基本", "caps": "上限あり", "gate and open places": "相互性と公開抽選枠"},
}
QUESTIONS: Mapping[Language, Mapping[Question, str]] = {
    "en": {"any place": "{n}", "two rounds": "2 × {n}"},
    "ja": {"any place": "{n}人", "two rounds": "{n}人×2回"},
}
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "head": "| applicants | rules | at risk | V | seated against not seated | seated against never applied | lottery: mean error | typical error | intervals with the truth |",
        "equal": "Everybody has the same effect (0 in half of the lotteries, 0.3 in the others; errors in standard deviations of the outcome):",
        "unequal": "Effects differ between people by a standard deviation of 1 (mean 0 or 0.3):",
        "targets": "{kept} of the {cells} cells keep every target.",
        "single": "Rounds one by one, effects of 0 and 0.3 together: the mean error is at most {equal:.1%} of the typical error where everybody has the same effect, and {unequal:.1%} where effects differ; chance alone makes it up to {chance:.1%}.",
        "missed": "Targets missed: {list}.",
        "one": "{lotteries:,} lotteries of {rounds} rounds with 211 applicants; {elsewhere:.0%} of those who miss the idle programmes get another place. A test at 5% of the idle programmes alone finds an effect in {alone:.1%} of the lotteries (mean estimate {alone_error:+.3f}, the truth against no place being 0); beside the other places it does in {beside:.1%} (mean estimate {beside_error:+.3f}).",
        "lottery": "by the draw: mean, and range of 95% of the lotteries",
        "not_seated": "those seated against applicants who were not",
        "not_applied": "those seated against employees who never applied",
        "error": "Error in standard deviations (0: the truth)",
        "covered": "Intervals that hold the truth, %",
        "same": "The same effect for everybody",
        "different": "Effects differ (SD 1)",
        "effect": "effect {effect:g}",
        "picture_errors": "Errors of three comparisons by size of the round and rules",
        "picture_coverage": "Share of intervals that hold the truth by size of the round and rules",
    },
    "ja": {
        "head": "| 応募者 | 決め方 | 抽選に左右された人 | V | 決まった人と決まらなかった応募者の差 | 決まった人と応募しなかった人の差 | 抽選による推定：誤差の平均 | 誤差の大きさ | 真の値を含む区間 |",
        "equal": "効果が全員同じ場合（抽選の半分は0、残りは0.3。誤差の単位は成果の標準偏差）：",
        "unequal": "効果が人によって標準偏差1だけ違う場合（平均は0または0.3）：",
        "targets": "{cells}通りのうち{kept}通りが、すべての目標を満たしました。",
        "single": "1回分の募集ごとに（効果0と0.3をあわせて）見ると、誤差の平均は、効果が全員同じなら最大で誤差の大きさの{equal:.1%}、人によって違うなら{unequal:.1%}です。偶然だけで{chance:.1%}までありえます。",
        "missed": "目標を外れたもの：{list}。",
        "one": "211人が応募する{rounds}回分の募集で、抽選を{lotteries:,}回。効果のないプログラムを外れた人の{elsewhere:.0%}は別の枠に決まります。効果のないプログラムだけを見る5%の検定は、抽選の{alone:.1%}で誤って「効果あり」とします（推定の平均{alone_error:+.3f}。枠がない場合と比べた真の値は0）。ほかの枠とあわせて見ると{beside:.1%}です（推定の平均{beside_error:+.3f}）。",
        "lottery": "抽選による推定：平均と、抽選の95%が入る範囲",
        "not_seated": "決まった人と決まらなかった応募者の差",
        "not_applied": "決まった人と応募しなかった人の差",
        "error": "誤差（標準偏差。0が真の値）",
        "covered": "真の値を含む区間の割合（%）",
        "same": "効果が全員同じ",
        "different": "効果が人によって違う（標準偏差1）",
        "effect": "効果{effect:g}",
        "picture_errors": "募集の規模と決め方ごとに見た、3つの比べ方の誤差",
        "picture_coverage": "募集の規模と決め方ごとに見た、真の値を含む区間の割合",
    },
}


def written(rows: Sequence[Row], language: Language) -> str:
    """What the lotteries show: pictures and tables."""
    return "\n\n".join(_parts(rows, language)).replace("| -", "| −").replace(", -", ", −")


def _parts(rows: Sequence[Row], language: Language) -> Iterator[str]:
    words, cells = WORDS[language], cells_of(rows)
    equal, chance = largest_in_a_round([row for row in rows if not row.spread])
    unequal, _ = largest_in_a_round([row for row in rows if row.spread])
    bad = [
        f"{_name(cell, language)}, {cell.effect:g}: {'; '.join(missed(cell))}"
        for cell in cells
        if missed(cell)
    ]
    yield words["targets"].format(kept=len(cells) - len(bad), cells=len(cells))
    if bad:
        yield words["missed"].format(list=" / ".join(bad))
    yield words["single"].format(equal=equal, unequal=unequal, chance=chance)
    for name in ("errors", "coverage"):
        yield f"![{words[f'picture_{name}']}](../pictures/truth-{name}.{language}.png)"
    for spread, title in ((0.0, "equal"), (1.0, "unequal")):
        shown = [cell for cell in cells if cell.spread == spread]
        pairs = zip(shown[::2], shown[1::2], strict=True)
        yield words[title]
        yield "\n".join(
            [words["head"], "|--:|---" + "|--:" * 7 + "|", *(_line(*pair, language) for pair in pairs)]
        )


def written_idle(rows: Sequence[IdleRow], language: Language) -> str:
    """What asking about programmes without an effect shows."""
    total = sum(row.lotteries for row in rows)
    words = WORDS[language]["one"].format(
        lotteries=total,
        rounds=len(rows),
        elsewhere=sum(row.elsewhere * row.lotteries for row in rows) / total,
        alone=sum(row.alone_rejects for row in rows) / total,
        alone_error=sum(row.alone_error * row.lotteries for row in rows) / total,
        beside=sum(row.beside_rejects for row in rows) / total,
        beside_error=sum(row.beside_error * row.lotteries for row in rows) / total,
    )
    return words.replace(" -", " −").replace("平均-", "平均−")


def _line(none: Cell, some: Cell, language: Language) -> str:
    """One line for the effects 0 and 0.3 of otherwise the same cell."""
    people = QUESTIONS[language][none.question].format(n=f"{none.n:,}")
    naive = f"{some.not_seated:+.2f} | {some.not_applied:+.2f}"
    errors = f"{none.bias:+.4f}, {some.bias:+.4f} | {some.deviation:.3f}"
    held = f"{100 * none.coverage:.1f}%, {100 * some.coverage:.1f}%"
    return f"| {people} | {RULES[language][none.rule_set]} | {none.at_risk:,.0f} | {none.v:.1f} | {naive} | {errors} | {held} |"


def _name(cell: Cell, language: Language) -> str:
    people = QUESTIONS[language][cell.question].format(n=f"{cell.n:,}")
    return f"{people} · {RULES[language][cell.rule_set]}"


def errors_figure(cells: Sequence[Cell], language: Language) -> Specification:
    """How far off three comparisons are on average, and how far the lottery's estimate scatters."""
    words = WORDS[language]
    shown = [cell for cell in cells if cell.effect and not cell.spread]
    rows = [
        {"cell": _name(cell, language), "kind": words[kind], "error": error}
        for cell in shown
        for kind, error in (
            ("lottery", cell.bias),
            ("not_seated", cell.not_seated),
            ("not_applied", cell.not_applied),
        )
    ]
    ranges = [
        {
            "cell": _name(cell, language),
            "from": cell.bias - NORMAL_95 * cell.deviation,
            "to": cell.bias + NORMAL_95 * cell.deviation,
        }
        for cell in shown
    ]
    kinds = [words[kind] for kind in ("lottery", "not_seated", "not_applied")]
    names = [_name(cell, language) for cell in shown]
    y = alt.Y("cell:N", sort=names, axis=alt.Axis(title=None))
    marks = (
        alt.Chart(data(rows))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x=alt.X("error:Q", axis=alt.Axis(title=words["error"])),
            y=y,
            color=alt.Color(
                "kind:N",
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=[palette.ACCENT, palette.WARNING, palette.QUIET_INK]),
                legend=alt.Legend(title=None, orient="top", direction="vertical"),
            ),
            shape=alt.Shape(
                "kind:N",
                sort=kinds,
                scale=alt.Scale(domain=kinds, range=["circle", "square", "diamond"]),
            ),
        )
    )
    bars = (
        alt.Chart(data(ranges))
        .mark_rule(color=palette.ACCENT, strokeWidth=2)
        .encode(x="from:Q", x2="to:Q", y=y)
    )
    truth = alt.Chart(data([{"at": 0}])).mark_rule(color=palette.INK).encode(x="at:Q")
    return finished(layered(truth, bars, marks, width=470, height=24 * len(names)))


def coverage_figure(cells: Sequence[Cell], language: Language) -> Specification:
    """How many intervals hold the truth, with the targets as bands."""
    words = WORDS[language]
    panels = []
    for spread, title in ((0.0, "same"), (1.0, "different")):
        shown = [cell for cell in cells if cell.spread == spread]
        low, high = COVERAGE if spread == 0 else (COVERAGE_UNEQUAL, 1.0)
        rows = [
            {
                "cell": _name(cell, language),
                "kind": words["effect"].format(effect=cell.effect),
                "share": 100 * cell.coverage,
                "from": 100 * (cell.coverage - NORMAL_95 * cell.coverage_error),
                "to": 100 * min(1.0, cell.coverage + NORMAL_95 * cell.coverage_error),
            }
            for cell in shown
        ]
        names = list(dict.fromkeys(str(row["cell"]) for row in rows))
        kinds = list(dict.fromkeys(str(row["kind"]) for row in rows))
        x = alt.X(
            "share:Q", scale=alt.Scale(domain=[93, 100]), axis=alt.Axis(title=words["covered"], tickCount=7)
        )
        y = alt.Y("cell:N", sort=names, axis=alt.Axis(title=None))
        offset = alt.YOffset("kind:N", sort=kinds)
        band = (
            alt.Chart(data([{"low": 100 * low, "high": 100 * high}]))
            .mark_rect(color=palette.ACCENT_GROUND)
            .encode(x=alt.X("low:Q", scale=alt.Scale(domain=[93, 100])), x2="high:Q")
        )
        nominal = alt.Chart(data([{"at": 95}])).mark_rule(color=palette.LINE).encode(x="at:Q")
        base = alt.Chart(data(rows)).encode(y=y, yOffset=offset)
        bars = base.mark_rule(color=palette.QUIET_INK).encode(x="from:Q", x2="to:Q")
        scale = alt.Scale(domain=kinds, range=[palette.ACCENT, palette.WARNING])
        marks = base.mark_point(filled=True, size=60, opacity=1).encode(
            x=x,
            color=alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "square"])),
        )
        panels.append(
            layered(band, nominal, bars, marks, width=230, height=32 * len(names), title=words[title])
        )
    return finished(side_by_side(panels, columns=2))


def main() -> None:
    """Put tables into both pages, and draw the pictures."""
    rows = truth_results.read(lottery_truth.RESULTS)
    cells = cells_of(rows)
    idle = one_kind_of_place.read(one_kind_of_place.RESULTS)
    vl_convert.register_font_directory(str(FONTS))
    for language in LANGUAGES:
        page = DOCS / "explanation" / f"does-the-draw-tell-the-truth{SUFFIX[language]}"
        text = put(page.read_text("utf-8"), "tables", written(rows, language))
        page.write_text(put(text, "idle", written_idle(idle, language)), "utf-8")
        for name, figure in (("errors", errors_figure), ("coverage", coverage_figure)):
            picture = vl_convert.vegalite_to_png(figure(cells, language), scale=SCALE, allowed_base_urls=[])
            few_colours = Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS)
            few_colours.save(PICTURES / f"truth-{name}.{language}.png", optimize=True)


def put(page: str, part: str, words: str) -> str:
    """The page with a part between its two marks exchanged."""
    begin, end = BEGIN.format(part=part), END.format(part=part)
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n\n{words}\n\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    main()
