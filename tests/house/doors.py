"""Where the code may touch answers of people: everything that shows figures takes them from behind the door.

The rooms that show (`tazuna.reporting`, `tazuna.commands`, `tazuna_web`) get group figures as a `Release`, a
`Benchmark`, an `Effect` or figures of a draw, and none of their modules sums answers up itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

SHOWING = ("tazuna/reporting/", "tazuna/commands/", "tazuna_web/")
SUMMING = frozenset(
    "agg aggregate annotate average bincount describe group_by histogram mean median nanmean over pivot "
    "quantile std value_counts var Avg Count Counter Sum fmean".split()
)
"""Calls that make figures out of rows."""
SUMS_ELSEWHERE = {
    "tazuna/reporting/figures/between_companies.py": "places of marks on the axis",
    "tazuna_web/overview/rates.py": "response rates of units of k people, while a wave runs",
    "tazuna_web/surveys/forms.py": "forms of one person's answers",
    "tazuna_web/surveys/tables.py": "answers to rows of the core's study",
    "tazuna_web/site/demo_data/": "the invented consortium, before it is stored",
}
FRAMES, TABLES = ("responses", "individual"), ("responses", "company_answers", "participation", "outcomes")
"""Frames of a study and of what was measured, and tables, with a row a person."""
READS_PEOPLE = {
    "tazuna/commands/report.py": "how many answers are being scored, on the screen",
    "tazuna/commands/score.py": "the same, and scores.parquet, which stays on the machine",
    "tazuna/commands/sample.py": "an invented study",
    "tazuna_web/overview/making.py": "the names of the columns",
    "tazuna_web/surveys/": "everybody's own answers, and rows for the core's study",
    "tazuna_web/site/demo_data/": "the invented consortium",
}
RELEASED = {
    "tazuna.measurement.comparing": {"Comparability", "comparing_process"},
    "tazuna.measurement.company_points": {"asked_measures", "companies_with_people", "company_points"},
    "tazuna.measurement.factor.fit_indices": {"FitIndices"},
    "tazuna.measurement.factor.invariance": {"GroupDifference", "Invariance"},
    "tazuna.measurement.group_rules": {"group_rules"},
    "tazuna.measurement.careless.flags": {"CARELESS"},
    "tazuna.measurement.careless.rules": {"careless_rules"},
    "tazuna.measurement.classes.replication": {"Verdict"},
    "tazuna.measurement.classes.rule_items": {"RULINGS"},
    "tazuna.measurement.dip.finding": {"Verdict"},
    "tazuna.measurement.graded.fit": {"GradedFit"},
    "tazuna.measurement.management_score": {"GapFact"},
    "tazuna.measurement.overview": {
        "MethodFacts",
        "StudyFigures",
        "WaveReliability",
        "release_study",
        "released",
    },
    "tazuna.measurement.pilot.asked": {"PilotQuestion"},
    "tazuna.measurement.pilot.one_factor": {"OneFactor"},
    "tazuna.measurement.pilot.pilot": {"JudgedQuestion", "JudgedScale", "Pilot"},
    "tazuna.measurement.pilot.precision": {"reliability_at"},
    "tazuna.measurement.pilot.verdicts": {"GroupName", "Verdict"},
    "tazuna.measurement.reliability": {"Reliability"},
    "tazuna.measurement.second_look.careless": {"NOT_FLAGGED"},
    "tazuna.measurement.second_look.classes": {"FEWEST_PEOPLE"},
    "tazuna.measurement.second_look.dips": {"EVERYBODY", "DipFinding"},
    "tazuna.measurement.second_look.look": {"SecondLook", "second_look"},
    "tazuna.measurement.second_look.moves": {"MoveFinding"},
    "tazuna.measurement.transitions.transitions": {"FEWEST_PEOPLE"},
}
"""What may be taken from measurement: protected figures, and facts that are about nobody."""
FOR_ONE = {
    "tazuna/commands/score.py": {"tazuna.measurement.overview": {"measure"}},
    "tazuna/commands/fit.py": {"tazuna.measurement": set()},
    "tazuna/commands/fit_inputs.py": {"tazuna.measurement": set()},
    "tazuna/commands/fit_screen.py": {"tazuna.measurement": set()},
    "tazuna_web/overview/making.py": {
        "tazuna.measurement.person_interval": {"standard_error_of_measurement"},
        "tazuna.measurement.scoring": {"scored_scales"},
    },
    "tazuna_web/profiles/queries.py": {
        "tazuna.measurement.person_interval": {"Change", "PersonInterval", "change", "person_interval"},
        "tazuna.measurement.scoring": {"ScoredScale", "scored_scales"},
    },
}
"""Module → what else it takes: a person's own profile, scores that stay local, an item table of the user's.

An empty set stands for everything below the name.
"""
MAKES_RELEASES = ("tazuna/disclosure/release.py", "tazuna_web/overview/making.py")
ANSWERS = frozenset(("Answer", "AnswerSheet", "CompanyAnswer"))


def ways_round(path: str, source: str) -> list[str]:
    """How a module gets at group figures that did not come through the door.

    Parameters
    ----------
    path
        Below ``src``, with slashes.
    source
        Its text.
    """
    tree = ast.parse(source)
    found = list(_releases(path, tree))
    if path.startswith(SHOWING):
        found += [*_imports(path, tree), *_sums(path, tree), *_people(path, tree)]
    return [f"{path}: {what}" for what in found]


def _known(path: str, places: dict[str, str]) -> bool:
    return any(path == place or (place.endswith("/") and path.startswith(place)) for place in places)


def _imports(path: str, tree: ast.Module) -> Iterator[str]:
    own = FOR_ONE.get(path, {})
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("tazuna.measurement"):
            if isinstance(node, ast.Import):
                yield from (f"imports {a.name}" for a in node.names if "tazuna.measurement" in a.name)
            continue
        module = str(node.module)
        if any(not names and module.startswith(name) for name, names in own.items()):
            continue
        allowed = RELEASED.get(module, set()) | own.get(module, set())
        yield from (f"takes {a.name} of {module}" for a in node.names if a.name not in allowed)


def _sums(path: str, tree: ast.Module) -> Iterator[str]:
    if _known(path, SUMS_ELSEWHERE):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in SUMMING:
            yield f"line {node.lineno} calls {_called(node)}"


def _people(path: str, tree: ast.Module) -> Iterator[str]:
    if _known(path, READS_PEOPLE):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in FRAMES:
            yield f"line {node.lineno} reads {node.attr}"
        if isinstance(node, ast.Subscript) and getattr(node.slice, "value", None) in TABLES:
            yield f"line {node.lineno} reads the table {ast.unparse(node.slice)}"
        if isinstance(node, ast.ImportFrom) and "overview/rates" not in path:
            yield from (f"takes {a.name}" for a in node.names if a.name in ANSWERS)


def _releases(path: str, tree: ast.Module) -> Iterator[str]:
    if path in MAKES_RELEASES or path.startswith("tazuna_web/overview/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "Release":
            yield f"line {node.lineno} makes a Release without release_cells"


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))
