"""Effects with plausible numbers for every design, and the odd ones that a report must survive."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from tests.core.reporting.made_effect_parts import (
    AGE_BAND,
    BALANCE,
    ENTRY,
    NO_COMPARISON,
    NO_DRAW,
    NO_PANEL,
    NO_SCORE,
    QUESTION,
    SMALL_GROUP,
    found,
    said,
)

from tazuna.evaluation.balance import Balance
from tazuna.evaluation.effect import (
    Assumption,
    AtRiskRow,
    Attrition,
    Calibration,
    Dose,
    Effect,
    FirstStage,
    FurtherOutcome,
    Needed,
    OtherDesign,
    Subgroup,
    Verdict,
)
from tazuna.evaluation.evidence import Rung
from tazuna.evaluation.refusal import Caution

LOTTERY = Effect(
    question=QUESTION,
    rung="A",
    estimand=said(
        "People who applied and whom the draw decided about, compared with applying and not getting a place.",
        "応募し、抽選で結果が分かれた人について、応募して枠を得なかった場合と比べました。",
    ),
    estimate=found(6.2, 1.4, 11.0, redrawn=True),
    deviation=19.8,
    naive=found(11.9, 7.7, 16.1, treated=74, comparison=911, p_value=0.0000004),
    weights=said(
        "People count by p(1 − p): most where the draw was most open.",
        "抽選の確率pに応じてp(1−p)で重み付け：結果が半々だった人ほど重く数えます。",
    ),
    verdict=Verdict(
        said(
            "A place raised career ownership by 6.2 points (0.31 SD); 1.4 to 11.0 points go with what the "
            "draw showed.",
            "枠を得たことで、キャリアオーナーシップは6.2点（0.31 SD）高まりました。"
            "抽選の結果と両立する範囲は1.4〜11.0点です。",
        ),
        "strong",
    ),
    assumptions=(
        Assumption(
            "draw",
            said("The draw was carried out as published.", "抽選は公開された手順どおりに行われた。"),
            said("Repeated from draw.json: the same result.", "draw.jsonから再実行し、同じ結果でした。"),
            True,
        ),
        Assumption(
            "response",
            said("A place does not change who answers.", "枠の有無で、回答するかどうかは変わらない。"),
            said("92% and 88% answered; p = 0.41.", "回答は92%と88%（p = 0.41）。"),
            True,
        ),
        Assumption(
            "spillover",
            said("Colleagues' places change nothing.", "同僚が枠を得ても、本人の結果は変わらない。"),
            said("By share of the department seated; p = 0.03.", "部署で枠を得た割合で検定（p = 0.03）。"),
            False,
        ),
        Assumption(
            "same_measure",
            said("The questions mean the same to both sides.", "設問の意味は、両側の人にとって同じである。"),
            said("Too few answers to test.", "回答が少なく、検定できません。"),
            None,
        ),
    ),
    cautions=(
        Caution(
            "consent_not_tracked",
            said(
                "The study does not say who agreed to the evaluation.",
                "評価への利用に同意した人が記録されていません。",
            ),
            said(
                "Add the column evaluation_consent to people.",
                "表 people に列 evaluation_consent を加えてください。",
            ),
        ),
    ),
    attrition=Attrition(
        66, 77, 61, 68, found(0.04, -0.06, 0.14, p_value=0.41, redrawn=True), 4.1, 7.9, (-0.6, 12.5)
    ),
    balance=BALANCE,
    other_designs=(
        OtherDesign(
            "D",
            said("The same people, adjusted for the records.", "同じ人を、記録された特徴で調整。"),
            found(8.4, 3.3, 13.5),
        ),
        OtherDesign(
            "E",
            said("The change of those who took part.", "参加した人の前後の変化。"),
            found(9.8, 6.1, 13.5, comparison=0),
        ),
    ),
    not_above=(),
    participation=found(7.4, 1.7, 13.3, redrawn=True),
    per_hour=found(0.19, 0.04, 0.35, redrawn=True),
    dose=Dose(38.4, 5.1, 72.0),
    first_stage=FirstStage(found(0.84, 0.75, 0.93, redrawn=True), 0.87, 0.03),
    n_at_risk=143,
    v=31.4,
    n_eff=125.6,
    mde=0.42,
    subgroups=(
        Subgroup(
            "age_band", AGE_BAND, "20-34", found(3.1, -5.2, 11.6, treated=19, comparison=24), 0.22, True
        ),
        Subgroup("age_band", AGE_BAND, "35-49", found(9.4, 1.8, 17.1, treated=31, comparison=30), 0.22, True),
        Subgroup("age_band", AGE_BAND, "50+", SMALL_GROUP, 0.22, True),
        Subgroup(
            "entry", ENTRY, "volunteered", found(6.8, 1.2, 12.3, treated=50, comparison=55), 0.71, False
        ),
        Subgroup("entry", ENTRY, "nominated", found(3.9, -8.1, 15.7, treated=11, comparison=13), 0.71, False),
    ),
    further_outcomes=(
        FurtherOutcome("used", said("Being used", "活用実感"), found(4.4, -0.9, 9.7, redrawn=True), 0.19),
        FurtherOutcome(
            "stay", said("Intention to stay", "継続意向"), found(-0.8, -6.0, 4.5, redrawn=True), 0.83
        ),
    ),
    at_risk=(
        AtRiskRow("co (2025)", 55.2, 53.9, 47.6),
        AtRiskRow("age", 38.1, 39.4, 43.0),
        AtRiskRow("is_manager", 0.21, 0.24, 0.18),
    ),
    calibration=Calibration(
        found(6.2, 1.4, 11.0, redrawn=True), found(8.4, 3.3, 13.5), found(2.2, -1.9, 6.3, p_value=0.29)
    ),
    spillover=found(1.3, 0.1, 2.6, p_value=0.03, redrawn=True),
    redraws=10_000,
    deviations=(),
    preregistration_sha256="9f2c41d07be8a6533f1e02b7c8d94e5561aa3b0cd7e8f90412b6a5c3d4e7f801",
    rounds_needed=2,
    places_needed=31,
    needed=Needed(0.3, 41.0, 2, 24),
)

IMPRECISE = replace(
    LOTTERY,
    estimate=found(4.6, -5.9, 15.4, treated=13, comparison=17, p_value=0.36, redrawn=True),
    verdict=Verdict(
        said(
            "Too few places were drawn to say: a place changed career ownership by anything between −5.9 and "
            "+15.4 points.",
            "抽選された枠が少なく、まだ言えません。枠によるキャリアオーナーシップの変化は、"
            "−5.9〜+15.4点の範囲にあります。",
        ),
        "weak",
    ),
    participation=found(5.6, -7.4, 19.5, redrawn=True),
    n_at_risk=31,
    v=7.2,
    n_eff=28.8,
    mde=0.92,
    rounds_needed=5,
    places_needed=22,
    needed=Needed(0.3, 41.0, 6, 101),
    deviations=None,
    preregistration_sha256=None,
)
"""A round too small to say."""

UNBOUNDED = replace(
    IMPRECISE,
    estimate=found(9.7, -2.1, math.inf, treated=8, comparison=9, p_value=0.14, redrawn=True),
    participation=found(31.0, -math.inf, math.inf, redrawn=True),
    per_hour=found(0.9, -math.inf, math.inf, redrawn=True),
    subgroups=(Subgroup("age_band", AGE_BAND, "20-34", found(3.0, -math.inf, 14.0), None, False),),
    verdict=Verdict(
        said(
            "Too few places were drawn to say: the data set no upper limit to the change.",
            "抽選された枠が少なく、まだ言えません。データからは変化の上限が定まりません。",
        ),
        "none",
    ),
    rounds_needed=None,
    places_needed=None,
    needed=None,
)
"""Intervals without an end on one side and on both."""

NOTHING = replace(
    LOTTERY,
    estimate=found(0.4, -2.6, 3.3, treated=190, comparison=205, p_value=0.79, redrawn=True),
    verdict=Verdict(
        said(
            "No effect larger than 3.3 points (0.17 SD): a place changed career ownership by between −2.6 "
            "and +3.3 points.",
            "3.3点（0.17 SD）を超える効果はありませんでした。"
            "枠によるキャリアオーナーシップの変化は−2.6〜+3.3点の範囲です。",
        ),
        "strong",
    ),
    participation=found(0.5, -3.1, 3.9, redrawn=True),
    n_at_risk=410,
    v=88.0,
    n_eff=352.0,
    mde=0.19,
    needed=Needed(0.3, 36.0, 1, 0),
)
"""A precise result of nothing."""

ONE_PROGRAMME = replace(
    LOTTERY,
    question=replace(
        QUESTION,
        program="P012",
        program_label=said("Town guide app (Shiojiri)", "まち歩きアプリの企画（塩尻市）"),
    ),
    fallback_share={"P003": 0.34, "P007": 0.21, "": 0.45},
    against_no_place=found(7.9, 0.6, 15.3, redrawn=True),
)
"""One programme against the mix where people go without it."""

DISCONTINUITY = replace(
    LOTTERY,
    rung="B",
    estimand=said("People near the cut-off of the interview score.", "面接の得点が合否の境目に近かった人。"),
    weights=said("People count more the nearer they are to the cut-off.", "境目に近い人ほど重く数えます。"),
    verdict=Verdict(
        said(
            "A place raised career ownership by 5.1 points (0.26 SD), near the "
            "cut-off of the interview score.",
            "面接の合否の境目に近い人では、"
            "枠を得たことでキャリアオーナーシップが5.1点（0.26 SD）高まりました。",
        ),
        "moderate",
    ),
    estimate=found(5.1, 0.4, 9.8),
    not_above=(("A", NO_DRAW),),
    participation=None,
    per_hour=None,
    dose=None,
    n_at_risk=None,
    v=None,
    n_eff=None,
    mde=0.48,
    at_risk=(),
    calibration=None,
    spillover=None,
    redraws=0,
    deviations=None,
    preregistration_sha256=None,
    rounds_needed=None,
    places_needed=None,
    needed=None,
)

STAGGERED = replace(
    DISCONTINUITY,
    rung="C",
    question=replace(
        QUESTION, program_label=said("Career sheet dialogue", "キャリアシートによる対話"), before="2023"
    ),
    estimand=said(
        "Departments that have started, against those that had not yet.",
        "始めた部署と、まだ始めていない部署。",
    ),
    verdict=Verdict(
        said(
            "Dialogue raised career ownership by 3.4 points (0.17 SD), if trends were parallel.",
            "部署の傾向が並行していたとすれば、"
            "対話によってキャリアオーナーシップが3.4点（0.17 SD）高まりました。",
        ),
        "moderate",
    ),
    estimate=found(3.4, 0.9, 5.9, treated=14, comparison=22),
    not_above=(("A", NO_DRAW), ("B", NO_SCORE)),
    attrition=None,
    first_stage=None,
)

ADJUSTED = replace(
    DISCONTINUITY,
    rung="D",
    estimand=said(
        "Those who took part, against others who were alike in what was recorded.",
        "参加した人と、記録された特徴が同じような参加しなかった人。",
    ),
    verdict=Verdict(
        said(
            "The figures suggest that taking part goes with 8.4 points (0.42 SD) more career ownership; "
            "those who took part may have been keener from the start.",
            "参加した人のキャリアオーナーシップは8.4点（0.42 SD）高く、効果が示唆されます。ただし、"
            "もともと意欲の高い人が参加した可能性が残ります。",
        ),
        "weak",
    ),
    estimate=found(8.4, 3.3, 13.5, treated=74, comparison=911),
    robustness_value=0.11,
    not_above=(("A", NO_DRAW), ("B", NO_SCORE), ("C", NO_PANEL)),
    other_designs=(
        OtherDesign(
            "E", said("The change of those who took part.", "参加した人の前後の変化。"), found(9.8, 6.1, 13.5)
        ),
    ),
    first_stage=None,
)

BEFORE_AFTER = replace(
    ADJUSTED,
    rung="E",
    estimand=said("Those who took part, before and after.", "参加した人の前と後。"),
    verdict=Verdict(
        said(
            "Career ownership changed by +9.8 points (0.49 SD) among those who took "
            "part; what caused it is open.",
            "参加した人のキャリアオーナーシップは+9.8点（0.49 SD）変化しました。その原因は分かりません。",
        ),
        "none",
    ),
    estimate=found(9.8, 6.1, 13.5, treated=74, comparison=0),
    naive=NO_COMPARISON,
    robustness_value=None,
    not_above=(("A", NO_DRAW), ("B", NO_SCORE), ("C", NO_PANEL), ("D", NO_COMPARISON)),
    other_designs=(),
    balance=None,
    attrition=None,
    subgroups=(),
    further_outcomes=(),
)

BARE = replace(BEFORE_AFTER, assumptions=(), cautions=(), not_above=(), naive=NO_COMPARISON, mde=None)
"""Nothing but the estimate."""

REFUSED = replace(
    LOTTERY,
    naive=NO_COMPARISON,
    participation=NO_SCORE,
    per_hour=NO_PANEL,
    against_no_place=NO_SCORE,
    spillover=NO_PANEL,
    dose=None,
    calibration=None,
    other_designs=(OtherDesign("D", said("The same people.", "同じ人。"), NO_COMPARISON),),
    subgroups=tuple(replace(one, result=SMALL_GROUP) for one in LOTTERY.subgroups),
)
"""Refusals wherever there may be one."""


def _crowded() -> Effect:
    """The longest of everything, with as many as there may be."""
    label = said(
        "Development of a new service together with the old merchant houses of the castle town",
        "城下町の老舗と一緒に新しいサービスを企画し、地域の外にも広げていく共創プロジェクト（第2期）",
    )
    caution = Caution(
        "long",
        said(
            "37 of 143 people answered the first wave only after the result was published; their "
            "earlier score is taken as missing.",
            "143人のうち37人は結果の公表後に最初の調査へ答えたため、事前の得点は欠測として扱いました。",
        ),
        said("Close the wave before the draw.", "調査を締め切ってから抽選してください。"),
    )
    bands = ("20-34", "35-49", "50+")
    return replace(
        LOTTERY,
        question=replace(
            QUESTION, program="P012", program_label=label, rounds=("2024", "2025-spring", "2025-autumn")
        ),
        fallback_share={f"P{i:03}": 0.08 for i in range(1, 13)} | {"": 0.04},
        against_no_place=found(7.9, 0.6, 15.3, redrawn=True),
        cautions=(caution,) * 5,
        assumptions=LOTTERY.assumptions * 2,
        subgroups=tuple(
            Subgroup(
                f"m{i}",
                said(f"What they wished for at the start, {i}", f"応募時に期待していたこと（その{i}）"),
                band,
                found(3.1 + i, -5.2, 11.6 + i),
                0.22,
                i == 1,
            )
            for i in range(1, 6)
            for band in bands
        ),
        further_outcomes=LOTTERY.further_outcomes * 4,
        balance=Balance(BALANCE.covariates * 4, 44.2, 97.8),
        deviations=(
            said("The wave closed three weeks later than registered.", "締め切りが3週間遅れました。"),
            said("One programme was called off.", "1つの募集が中止になりました。"),
        ),
    )


EFFECTS: Mapping[str, Effect] = {
    "lottery": LOTTERY,
    "imprecise": IMPRECISE,
    "unbounded": UNBOUNDED,
    "nothing": NOTHING,
    "one-programme": ONE_PROGRAMME,
    "discontinuity": DISCONTINUITY,
    "staggered": STAGGERED,
    "adjusted": ADJUSTED,
    "before-after": BEFORE_AFTER,
    "bare": BARE,
    "refused": REFUSED,
    "crowded": _crowded(),
}
RUNGS: tuple[Rung, ...] = ("A", "B", "C", "D", "E")
