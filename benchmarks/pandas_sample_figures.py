"""The peer: the group figures of a study folder as a straightforward pandas script would compute them.

Scores, groups, means with intervals, shares, response rates, distributions of answers, age curves and gaps;
k is applied. It checks nothing, reads no other form of file, and leaves out reliability.

    python -m benchmarks.pandas_sample_figures STUDY ASKED.json OUT.csv
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

PLACE = ["organisation_id", "wave"]
GROUPINGS = [
    *([], ["viewpoint"], ["department"], ["age_band"], ["department", "age_band"]),
    *(["level"], ["level", "age_band"], ["layer"], ["unmoved"], ["unmoved", "age_band"], ["cause"]),
    *(["worksite"], ["gender"], ["job_family"], ["employment_type"]),
]
CONTRIBUTION = {"D": 1, "C": 2, "B": 3, "A": 4, "S": 5}
K = 10
CURVE_MEASURES = ("co", "used", "opportunity")
BANDWIDTH = 8
REPLICATES = 2_000


def score(answers: pd.DataFrame, scales: list[dict[str, Any]]) -> pd.DataFrame:
    """Scale scores from 0 to 100: the mean of the answered questions, where half of them are answered."""
    scores = {}
    for scale in scales:
        keyed = pd.DataFrame()
        for item in scale["items"]:
            points = 100 * (answers[item["code"]] - item["low"]) / (item["high"] - item["low"])
            keyed[item["code"]] = points if item["key"] == 1 else 100 - points
        scores[scale["code"]] = keyed.mean(axis=1).where(keyed.notna().sum(axis=1) >= scale["needed"])
    return pd.DataFrame(scores)


def place(rules: list[tuple[str, Any]], index: pd.Index) -> pd.Series:
    """The first group whose condition holds; none where an unknown condition comes first."""
    group = pd.Series(None, index=index, dtype="object")
    undecided = pd.Series(data=True, index=index)
    for name, condition in rules:
        holds = pd.Series(data=condition, index=index, dtype="boolean")
        group[undecided & holds.fillna(value=False)] = name
        undecided &= ~holds.fillna(value=True)
    return group


def known(column: pd.Series) -> pd.Series:
    """The column with NA for a missing number, so that comparisons with it are unknown."""
    return column.astype("Float64")


def add_groups(data: pd.DataFrame) -> None:
    """The columns of groups by rule."""
    age, total, use_here = known(data["age"]), known(data["co"]), known(data["q_lg_use_here"])
    rules = {
        "age_band": [("20-34", age <= 34), ("35-49", age <= 49), ("50+", age >= 50)],
        "level": [("low", total < 40), ("middle", total < 60), ("high", total >= 60)],
        "layer": [
            ("practice", known(data["q_lg_practice"]) >= 4),
            ("understanding", known(data["q_lg_interest"]) >= 4),
            ("traditional", True),
        ],
        "cause": [
            (name, known(data["q_lg_cause"]) == code)
            for code, name in enumerate(("does_not_understand", "never_positive", "gave_up"), start=1)
        ],
        "step": [
            ("know", known(data["q_lg_knows"]) == 0),
            ("deepen", known(data["q_lg_explains"]) == 0),
            ("deepen_more", known(data["q_lg_plan"]) == 0),
            ("practise", known(data["q_lg_plan"]) == 1),
        ],
    }
    for name, conditions in rules.items():
        data[name] = place(conditions, data.index)
    practises = data["layer"].eq("practice").astype("boolean").mask(data["layer"].isna())
    unmoved = [
        ("moved", practises & (use_here > 2)),
        ("unreached", known(data["q_lg_met"]) == 0),
        ("not_growing", known(data["q_lg_support"]) <= 2),
        ("not_pictured", (total >= 60) & (use_here <= 2)),
        ("unclassified", True),
    ]
    data["unmoved"] = place(unmoved, data.index)


def read_people(study: Path, scales: list[dict[str, Any]]) -> tuple[pd.DataFrame, list[str], list[str]]:
    """One row a person asked and wave; the names of the columns that are means and shares."""
    people = pd.read_csv(study / "people.csv", dtype={"person_id": str, "manager_id": str})
    answers = pd.read_csv(study / "responses.csv", dtype={"person_id": str})
    departments = pd.read_csv(study / "departments.csv")
    waves = pd.read_csv(study / "waves.csv", parse_dates=["closed_on"])
    scored = score(answers, scales)
    questions = answers.drop(columns=["person_id", "wave", "answered_at"])
    scored["answered"] = questions.notna().any(axis=1)
    data = people.merge(
        pd.concat([answers[["person_id", "wave"]], scored, questions.add_prefix("q_")], axis=1),
        on=["person_id", "wave"],
        how="left",
    )
    data = data[data["status"] != "left"].copy()
    data["answered"] = data["answered"].eq(other=True)
    successor = departments.dropna(subset="successor_id").set_index("department_id")["successor_id"].to_dict()
    for old in successor:
        while successor[old] in successor:
            successor[old] = successor[successor[old]]
    data["unit"] = data["department"].replace(successor)
    data["department"] = data["unit"].where(data["status"] != "seconded_out")
    data["unit"] = data["unit"].fillna("")
    data["viewpoint"] = np.where(data["is_manager"].eq(other=True), "manager", "employee")
    data["age"] = data["wave"].map(waves.set_index("wave")["closed_on"].dt.year) - data["birth_year"]
    data["contribution"] = data["contribution"].map(CONTRIBUTION).where(data["answered"])
    add_groups(data)
    binary = [scale["code"] for scale in scales if scale["binary"]]
    shares = {code: data[code].gt(50).where(data[code].notna()) for code in binary}
    for ruling in ("layer", "unmoved", "cause", "step", "level"):
        for group in data[ruling].dropna().unique():
            shares[f"share.{ruling}.{group}"] = data[ruling].eq(group).where(data[ruling].notna())
    shares["response_rate"] = data["answered"]
    data = data.drop(columns=[*shares], errors="ignore")
    data = pd.concat([data, pd.DataFrame(shares).astype(float)], axis=1)
    means = [scale["code"] for scale in scales if not scale["binary"]]
    return data, [*means, "contribution"], list(shares)


def means_of(data: pd.DataFrame, by: list[str], measures: list[str]) -> pd.DataFrame:
    """Mean, n and t interval; by department (clusters) where there are ten or more."""
    grouped = data.groupby(by)[measures]
    n, mean, plain = grouped.count(), grouped.mean(), grouped.sem()
    within = data.groupby([*by, "unit"])[measures]
    count, total = within.count(), within.sum()
    residual = total - count * mean.reindex(count.index.droplevel("unit")).to_numpy()
    clusters = (count > 0).groupby(level=by).sum()
    clustered = np.sqrt(clusters / (clusters - 1) * (residual**2).groupby(level=by).sum()) / n
    many = clusters >= 10
    error = clustered.where(many, plain)
    freedom = clusters.where(many, n) - 1
    half = error * stats.t.ppf(0.975, freedom.where(freedom > 0))
    lower, upper = mean - half, mean + half
    scales = [measure for measure in measures if measure != "contribution"]
    lower[scales], upper[scales] = lower[scales].clip(lower=0), upper[scales].clip(upper=100)
    return tidy(n, mean, lower, upper)


def shares_of(data: pd.DataFrame, by: list[str], measures: list[str]) -> pd.DataFrame:
    """Share in percent with n and Wilson's interval."""
    grouped = data.groupby(by)[measures]
    n, share = grouped.count(), grouped.mean()
    return tidy(n, *wilson(n, share))


def wilson(n: pd.DataFrame, share: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Share in percent, lower and upper bound."""
    z = stats.norm.ppf(0.975)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return 100 * share, 100 * (centre - half), 100 * (centre + half)


def tidy(n: pd.DataFrame, mean: pd.DataFrame, lower: pd.DataFrame, upper: pd.DataFrame) -> pd.DataFrame:
    """One row a group and measure."""
    parts = {"n": n, "mean": mean, "lower": lower, "upper": upper}
    columns = {name: part.rename_axis(columns="measure").stack() for name, part in parts.items()}
    return pd.DataFrame(columns).reset_index()


def labelled(figures: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """With the columns of groups.csv."""
    groups = [key for key in keys if key != "viewpoint"]
    if "viewpoint" not in figures:
        figures["viewpoint"] = "all"
    figures["group_by"] = "*".join(groups) or "all"
    figures["group"] = figures[groups].astype(str).agg("|".join, axis=1) if groups else "all"
    return figures.drop(columns=groups)


def distribution(data: pd.DataFrame, by: list[str], question: dict[str, Any]) -> pd.DataFrame:
    """Share of people who chose each category of a question."""
    chosen = data.groupby(by)["q_" + question["code"]].value_counts().unstack(fill_value=0)
    chosen = chosen.reindex(columns=question["categories"], fill_value=0)
    chosen.columns = [f"dist.{question['code']}.{category}" for category in question["categories"]]
    n = pd.DataFrame({name: chosen.sum(axis=1) for name in chosen})
    return tidy(n, *wilson(n, chosen / n))


def distributions(data: pd.DataFrame, questions: list[dict[str, Any]]) -> list[pd.DataFrame]:
    """Of every question for everybody, of unordered ones by group too."""
    parts = []
    for question in questions:
        groupings = [[]] if question["ordered"] else [[], ["age_band"], ["layer"], ["unmoved"]]
        parts += [labelled(distribution(data, [*PLACE, *keys], question), keys) for keys in groupings]
    return parts


def curve_at(part: pd.DataFrame, age: float) -> dict[str, Any]:
    """Local linear regression with tricube weights at one age, and its interval by department."""
    window = part[(part["age"] - age).abs() < BANDWIDTH]
    if window["age"].nunique() < 2:
        return {"n": len(window)}
    away = (window["age"] - age).to_numpy()
    design = np.column_stack([np.ones_like(away), away])
    weighted = design * ((1 - (np.abs(away) / BANDWIDTH) ** 3) ** 3)[:, None]
    inverse = np.linalg.inv(design.T @ weighted)
    line = inverse @ weighted.T @ window["score"].to_numpy()
    error = weighted @ inverse[0] * (window["score"].to_numpy() - design @ line)
    by_unit = pd.Series(error).groupby(window["unit"].to_numpy()).sum()
    clusters, n = len(by_unit), len(window)
    if clusters >= 10:
        variance, freedom = clusters / (clusters - 1) * (by_unit**2).sum(), clusters - 1
    else:
        variance, freedom = n / max(n - 2, 1) * (error**2).sum(), n - 2
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance) if freedom > 0 else np.nan
    return {"n": n, "mean": line[0], "lower": line[0] - half, "upper": line[0] + half}


def curves(data: pd.DataFrame) -> pd.DataFrame:
    """Age curves for everybody and by level, from the 2nd to the 98th in a hundred of the ages asked."""
    rows = []
    for here, asked in data.dropna(subset="age").groupby(PLACE):
        share = asked["age"].value_counts(normalize=True).sort_index().cumsum()
        ages = np.arange(share.index[share >= 0.02][0], share.index[share >= 0.98][0] + 1)
        parts = {"": asked, **{f"{level}|": part for level, part in asked.groupby("level")}}
        for level, part in parts.items():
            place = {
                **dict(zip(PLACE, here, strict=True)),
                "viewpoint": "all",
                "group_by": "level*age_curve" if level else "age_curve",
            }
            for measure in CURVE_MEASURES:
                scored = part[["age", "unit"]].assign(score=part[measure]).dropna()
                rows += [
                    {**place, "group": f"{level}{age:.0f}", "measure": measure, **curve_at(scored, age)}
                    for age in ages
                ]
    return pd.DataFrame(rows)


def gaps(data: pd.DataFrame, company: pd.DataFrame, scales: list[dict[str, Any]]) -> pd.DataFrame:
    """What executives, HR and managers say less what employees say; bootstrap by department."""
    rng = np.random.default_rng(1)
    both_sides = [scale for scale in scales if scale["code"].startswith("ms")]
    codes = [scale["code"] for scale in both_sides]
    said = pd.concat([company[[*PLACE, "viewpoint"]], score(company, both_sides)], axis=1)
    rows = []
    for here, part in data.groupby(PLACE):
        by_unit = part.groupby(["viewpoint", "unit"])[codes].agg(["count", "sum"])
        units = sorted(part["unit"].unique())
        n, total = {}, {}
        for view in ("employee", "manager"):
            sums = by_unit.loc[view].reindex(units, fill_value=0).swaplevel(axis=1)
            n[view], total[view] = sums["count"].to_numpy(), sums["sum"].to_numpy()
        office = {
            view: answers[codes].to_numpy()
            for view, answers in said[(said[PLACE] == list(here)).all(axis=1)].groupby("viewpoint")
        }
        drawn: dict[str, list[Any]] = {view: [] for view in ("employee", "manager", *office)}
        for _ in range(REPLICATES):
            draw = rng.integers(len(units), size=len(units))
            for view in n:
                drawn[view].append(total[view][draw].sum(axis=0) / n[view][draw].sum(axis=0))
            for view, scores in office.items():
                drawn[view].append(scores[rng.integers(len(scores), size=len(scores))].mean(axis=0))
        mean = {view: total[view].sum(axis=0) / n[view].sum(axis=0) for view in n}
        mean |= {view: scores.mean(axis=0) for view, scores in office.items()}
        employees = n["employee"].sum(axis=0)
        for view in ("manager", *office):
            apart = np.array(drawn[view]) - np.array(drawn["employee"])
            lower, upper = np.nanpercentile(apart, [2.5, 97.5], axis=0)
            gap = {
                **dict(zip(PLACE, here, strict=True)),
                "viewpoint": f"{view}-employee",
                "group_by": "all",
                "group": "all",
                "measure": [f"gap.{code}" for code in codes],
                "n": np.minimum(n[view].sum(axis=0), employees) if view in n else employees,
                "mean": mean[view] - mean["employee"],
                "lower": lower,
                "upper": upper,
            }
            rows.append(pd.DataFrame(gap))
    return pd.concat(rows)


def main(study: Path, asked_file: Path, out: Path) -> None:
    """Compute and write the figures."""
    asked = json.loads(asked_file.read_text("utf-8"))
    data, means, shares = read_people(study, asked["scales"])
    parts = []
    for keys in GROUPINGS:
        by = [*PLACE, *keys]
        figures = pd.concat([means_of(data, by, means), shares_of(data, by, shares)])
        parts.append(labelled(figures, keys))
    parts += distributions(data, asked["questions"])
    parts.append(curves(data))
    parts.append(gaps(data, pd.read_csv(study / "company_answers.csv"), asked["scales"]))
    figures = pd.concat(parts)
    figures.loc[figures["n"] < K, ["n", "mean", "lower", "upper"]] = np.nan
    figures.to_csv(out, index=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
