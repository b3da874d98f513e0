"""Small tables written as text, checked as a study's tables are."""

from __future__ import annotations

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.checks import Checked, Rules, check_tables
from tazuna.intake.fault_table import FaultTable
from tazuna.intake.sources import read_table

LIKERT = {"そう思わない": 1, "strongly disagree": 1, "そう思う": 5, "strongly agree": 5}


def question(code: str, *, company: bool = False) -> AskedQuestion:
    """A question with five categories and 0 and 9 for "not answered"."""
    words = {"ja": f"設問{code}"}
    return AskedQuestion(code, (1, 2, 3, 4, 5), (0, 9), LIKERT, words, words if company else None)


RULES = Rules(
    questions={code: question(code) for code in ("q1", "q2", "q3")},
    company_questions={code: question(code, company=True) for code in ("q1", "q2")},
    instruments=("first", "second"),
)

ORGANISATIONS = "organisation_id,name,kind\nC1,手綱,company\nC2,隣,company\n"
PEOPLE = "person_id,organisation_id\n001,C1\n002,C1\n003,C2\n"


def check_text(tables: dict[str, str], rules: Rules = RULES, *, skip_faulty: bool = False) -> Checked:
    """Check tables given as CSV text; organisations and people are added where they are missing."""
    every = {"organisations": ORGANISATIONS, "people": PEOPLE, **tables}
    raws = {name: read_table(text.encode(), f"{name}.csv")[0] for name, text in every.items()}
    return check_tables(raws, rules, skip_faulty=skip_faulty)


def faults_of(checked: Checked) -> FaultTable:
    """All faults of all tables."""
    return FaultTable(tuple(group for draft in checked.drafts.values() for group in draft.faults))


def found(checked: Checked) -> list[tuple[str, str, int | None, str | None, str | None]]:
    """Kind, table, line, column and value of every fault."""
    return [(f.kind, f.table, f.line, f.column, f.value) for f in faults_of(checked)]
