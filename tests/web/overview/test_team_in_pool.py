"""A manager whose department is shown only together with others."""

from __future__ import annotations

import io

import polars as pl
import pytest
from django_scopes import scopes_disabled

from tazuna_web.accounts.models import Role
from tazuna_web.organisations.models import Department
from tazuna_web.overview.models import Release
from web.overview.conftest import Companies, Enter


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "を守るため、小さな部署は単独では示しません。次の部署を合わせた数値です"),
        ("en", "小さな部署 is not shown alone. These figures are of these departments together: "),
    ],
)
def test_a_manager_of_a_hidden_department_finds_it_together_with_others(
    companies: Companies, enter: Enter, language: str, said: str
) -> None:
    with scopes_disabled():
        membership = companies.loaded.accounts[Role.MANAGER].memberships.select_related("person").get()
        assert membership.person is not None
        beside = membership.person.department
        assert beside is not None
        small = Department.objects.create(held_by=companies.organisation, code="SMALL", name="小さな部署")
        type(membership.person).objects.filter(pk=membership.person.pk).update(department=small)
        figures = pl.read_parquet(io.BytesIO(bytes(companies.own.figures)))
        of_beside = figures.filter(group_by="department", group=beside.code)
        pool = of_beside.with_columns(group=pl.lit(f"{beside.code}+SMALL"))
        hidden = of_beside.with_columns(
            *(pl.lit(None, of_beside.schema[name]).alias(name) for name in ("n", "mean", "lower", "upper")),
            group=pl.lit("SMALL"),
            suppressed=pl.lit(value=True),
        )
        buffer = io.BytesIO()
        pl.concat([figures, pool, hidden]).write_parquet(buffer)
        Release.objects.filter(pk=companies.own.pk).update(figures=buffer.getvalue())
    page = (
        enter(Role.MANAGER, companies.organisation, language=language).get("/overview/team/").content.decode()
    )
    assert said in page
    assert beside.name in page
    assert "score-value" in page
