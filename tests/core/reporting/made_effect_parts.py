"""What made effects are put together from: words in both languages, estimates, refusals, a balance."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tazuna.evaluation.balance import Balance, CovariateBalance
from tazuna.evaluation.effect import (
    Question,
)
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.language import Language, Message


@dataclass(frozen=True, slots=True)
class Said(Message):
    """A message with both languages at hand instead of a catalogue."""

    ja: str = ""

    def text(self, language: Language) -> str:
        """The sentence in ``language``."""
        return self.ja if language == "ja" else self.template


def said(english: str, japanese: str) -> Message:
    return Said(english, {}, japanese)


def found(
    estimate: float,
    lower: float,
    upper: float,
    *,
    treated: int = 61,
    comparison: int = 68,
    p_value: float = 0.012,
    redrawn: bool = False,
) -> Estimate:
    finite = [abs(end - estimate) for end in (lower, upper) if math.isfinite(end)]
    error = max(finite, default=9.8) / 1.96
    return Estimate(
        estimate,
        error,
        lower,
        upper,
        p_value,
        treated,
        comparison,
        inference="redraws" if redrawn else "t",
    )


def refusal(code: str, problem: tuple[str, str], cure: tuple[str, str]) -> Refusal:
    return Refusal(code, said(*problem), said(*cure))


QUESTION = Question(
    rounds=("2025-autumn",),
    program="any",
    program_label=said("Mutual side work, autumn 2025", "相互副業 2025年秋"),
    outcome="co",
    outcome_label=said("Career ownership profile", "キャリアオーナーシップ・プロフィール"),
    before="2025",
    after="2026",
    better="high",
)
AGE_BAND = said("Age band", "年代")
ENTRY = said("How they came to apply", "応募のきっかけ")
SMALL_GROUP = refusal(
    "small_group",
    ("Fewer than 10 people at risk: not shown.", "対象者が10人未満のため、示しません。"),
    ("Pool this group with a neighbouring one.", "近い群とまとめてください。"),
)
NO_DRAW = refusal(
    "no_draw",
    (
        "The study holds no draw whose chances could be computed.",
        "確率を計算できる抽選の記録（draw.json）がありません。",
    ),
    ("Let the next round be drawn with tazuna match.", "次回の募集では tazuna match で抽選してください。"),
)
NO_SCORE = refusal(
    "no_score",
    ("The table priorities has no interview score.", "表 priorities に面接の得点がありません。"),
    ("Record the score on which places are given.", "枠を決める得点を記録してください。"),
)
NO_PANEL = refusal(
    "too_few_waves",
    (
        "Only two waves: trends before the start cannot be seen.",
        "調査回が2回しかなく、開始前の傾向が見えません。",
    ),
    ("Go on asking; a third wave opens this design.", "調査を続けてください。3回目から使えます。"),
)
NO_COMPARISON = refusal(
    "all_treated",
    (
        "Everybody took part, so there is nobody to compare with.",
        "全員が参加しているため、比べる相手がいません。",
    ),
    ("Add people who did not take part.", "参加していない人を調査に加えてください。"),
)


def _covariate(name: str, before: float, after: float, *, binary: bool = False) -> CovariateBalance:
    unknown = float("nan")
    return CovariateBalance(
        name,
        "binary" if binary else "continuous",
        52.1,
        52.1 - 10 * before,
        before,
        52.1,
        52.1 - 10 * after,
        after,
        unknown if binary else 1.1,
        unknown if binary else 1.02,
    )


BALANCE = Balance(
    (
        _covariate("co (2025)", 0.62, 0.03),
        _covariate("age", -0.31, -0.05),
        _covariate("tenure_years", -0.27, -0.08),
        _covariate("is_manager", 0.09, 0.01, binary=True),
        _covariate("worksite=field", -0.18, -0.02, binary=True),
        _covariate("engagement (2025)", 0.48, 0.12),
    ),
    44.2,
    97.8,
)
