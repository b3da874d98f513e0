"""Dates in every form of the table contract."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.intake.dates import eras, parse_dates, parse_datetimes

APRIL = dt.date(2018, 4, 1)
READABLE = st.characters(exclude_categories=["Cc", "Cs"])


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2018-04-01", None),
        ("2018-4-1", "unpadded"),
        ("2018/4/1", "slashes"),
        ("2018.04.01", "dots"),
        ("20180401", "eight_digits"),
        ("2018年4月1日", "japanese"),
        ("2018年 4月 1日", "japanese"),
        ("平成30年4月1日", "era"),
        ("平成３０年４月１日", "era"),
        ("㍻30年4月1日", "era"),
        ("H30.4.1", "era"),
        ("h30/04/01", "era"),
        ("Ｈ３０．４．１", "era"),
        ("２０１８／４／１", "slashes"),
        ("2018/4/1(日)", "slashes"),
        ("2018/04/01（日曜日）", "slashes"),
        ("2018-04-01 00:00:00", "excel_date"),
        ("2018-04-01T09:30:00+09:00", "time_dropped"),
        ("2018/04/01 2:12:54 午後 GMT+9", "time_dropped"),
        ("　2018-04-01 ", None),
    ],
)
def test_accepted_forms_are_read_and_counted(written: str, form: str | None) -> None:
    parsed = parse_dates(pl.Series([written, written, None]))
    assert parsed.values.to_list() == [APRIL, APRIL, None]
    assert parsed.forms == ({form: 2} if form else {})
    assert parsed.unread == ()


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("明治45年7月29日", dt.date(1912, 7, 29)),
        ("T1.7.30", dt.date(1912, 7, 30)),
        ("大正15年12月24日", dt.date(1926, 12, 24)),
        ("S64.1.7", dt.date(1989, 1, 7)),
        ("平成元年1月8日", dt.date(1989, 1, 8)),
        ("令和元年5月1日", dt.date(2019, 5, 1)),
        ("㋿8年4月1日", dt.date(2026, 4, 1)),
    ],
)
def test_eras_begin_and_end_where_history_says(written: str, date: dt.date) -> None:
    assert parse_dates(pl.Series([written])).values.to_list() == [date]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2018/13/1", "impossible_day"),
        ("2018-02-29", "impossible_day"),
        ("20180431", "impossible_day"),
        ("0018/4/1", "impossible_day"),
        ("04/05/2018", "ambiguous"),
        ("13-4-2018", "ambiguous"),
        ("30/4/1", "two_digit_year"),
        ("30.4.1", "two_digit_year"),
        ("43191", "serial_number"),
        ("平成40年4月1日", "era_year"),
        ("昭和0年4月1日", "era_year"),
        ("H30.2.30", "era_year"),
        ("2018", "day_missing"),
        ("2018年4月", "day_missing"),
        ("201804", "day_missing"),
        ("未定", "not_a_date"),
        ("2018-04-01 25:00", "not_a_date"),
        ("٢٠١٨-٠٤-٠١", "not_a_date"),
    ],
)
def test_every_other_form_is_a_fault_with_its_reason(written: str, reason: str) -> None:
    parsed = parse_dates(pl.Series(["2018-04-01", written, None]))
    assert parsed.values.to_list() == [APRIL, None, None]
    assert parsed.bad.to_list() == [False, True, False]
    assert [unread.reason for unread in parsed.unread] == [reason]


def test_a_serial_number_is_named_as_the_date_that_it_probably_is() -> None:
    (unread,) = parse_dates(pl.Series(["43191", "2018-04-01", "43922.5"])).unread
    assert unread.details is not None
    assert unread.details["date"].to_list() == ["2018-04-01", "2020-04-01"]


def test_an_ambiguous_date_is_named_with_both_meanings() -> None:
    (unread,) = parse_dates(pl.Series(["04/05/2018", "13/04/2018", "31/31/2018"])).unread
    assert unread.details is not None
    assert unread.details["possible"].to_list() == ["2018-04-05 / 2018-05-04", "2018-04-13", "-"]


def test_typed_columns_are_taken_over() -> None:
    assert parse_dates(pl.Series(["2018-04-01T09:00"]).str.to_datetime()).values.to_list() == [APRIL]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026/06/13 2:12:54 午後 GMT+9", "2026-06-13T14:12:54"),
        ("2026/06/13 12:12:54 午前 GMT+9", "2026-06-13T00:12:54"),
        ("2026-06-13T05:12:54Z", "2026-06-13T14:12:54"),
        ("2026-06-13T05:12:54.250+00:00", "2026-06-13T14:12:54"),
        ("2026-06-13 14:12", "2026-06-13T14:12:00"),
        ("2026/6/13 午後2:12", "2026-06-13T14:12:00"),
        ("2026/6/13 2:12 PM", "2026-06-13T14:12:00"),
        ("令和8年6月13日 14時12分54秒", "2026-06-13T14:12:54"),
        ("2026-06-13 14時", "2026-06-13T14:00:00"),
        ("20260613", "2026-06-13T00:00:00"),
    ],
)
def test_moments_are_wall_clock_time_of_the_study(written: str, moment: str) -> None:
    assert parse_datetimes(pl.Series([written])).values.dt.to_string("iso:strict").to_list() == [
        f"{moment}.000000"
    ]


@pytest.mark.parametrize("written", ["2026-06-13 24:00", "2026-06-13 12:60", "2026-06-13 昼", "12:30"])
def test_a_moment_that_is_none_is_a_fault(written: str) -> None:
    parsed = parse_datetimes(pl.Series([written]))
    assert parsed.values.to_list() == [None]
    assert parsed.bad.to_list() == [True]


@settings(deadline=None)
@given(st.dates(dt.date(1989, 1, 8), dt.date(2019, 4, 30)))
def test_all_forms_of_one_day_agree(day: dt.date) -> None:
    era_year = day.year - 1988
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"平成{era_year}年{day.month}月{day.day}日",
        f"H{era_year}.{day.month}.{day.day}",
    ]
    assert parse_dates(pl.Series(forms)).values.to_list() == [day] * len(forms)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(), st.text(READABLE, max_size=12), st.text("0123456789/-.年月日HS平成元: ", max_size=12)
        )
    )
)
def test_every_cell_is_read_or_empty_or_named_once(texts: list[str | None]) -> None:
    cells = pl.Series(texts, dtype=pl.String)
    for parsed in (parse_dates(cells), parse_datetimes(cells)):
        assert parsed.values.len() == len(texts)
        times_named = sum(
            (unread.mask.cast(pl.Int64) for unread in parsed.unread), pl.zeros(len(texts), eager=True)
        )
        for text, value, named in zip(texts, parsed.values, times_named, strict=True):
            blank = text is None or not text.strip()
            assert (value is not None) + named == (0 if blank else 1)


def test_the_eras_follow_each_other_without_a_gap() -> None:
    known = eras()
    assert [era.last for era in known[:-1]] == [era.first for era in known[1:]]
    assert known[-1].last is None


@pytest.mark.parametrize(
    "odd", ["2023-02-30", "2018/4/1", "平成30年4月1日", "0999-01-01", "2023-10-05T24:00:00", "２０２３-10-05"]
)
def test_one_cell_in_another_form_changes_nothing_for_the_others(odd: str) -> None:
    usual = ["2023-10-05", "2018-04-01", None]
    assert (
        parse_dates(pl.Series(usual)).values.to_list()
        == parse_dates(pl.Series([*usual, odd])).values[:3].to_list()
    )
    moments = ["2023-10-05T12:13:00", "2018-04-01T00:00:59", None]
    alone, together = (parse_datetimes(pl.Series(cells)) for cells in (moments, [*moments, odd]))
    assert alone.values.to_list() == together.values[:3].to_list()
    assert alone.forms == {}


@pytest.mark.parametrize("wrong", ["2023-10-05T12:13:60", "2023-10-05T25:00:00", "2023-13-05T12:00:00"])
def test_an_impossible_moment_is_unread_also_where_all_are_in_one_form(wrong: str) -> None:
    parsed = parse_datetimes(pl.Series(["2023-10-05T12:13:00", wrong]))
    assert parsed.bad.to_list() == [False, True]
