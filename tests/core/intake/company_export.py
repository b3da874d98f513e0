"""A company's export as it really looks, made for the tests, with what must be found in it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

PEOPLE = """\
社員名簿（2026年10月1日現在）,,,,,,,,,,,
,,,,,,,,,,,
社員番号,氏名,フリガナ,所属,性別,生年月日,入社年月日,雇用形態,役職,在籍区分,管理職,上司社員番号
000101,髙橋　一郎,タカハシ イチロウ,営業部,1,1975/4/1,平成10年4月1日,正社員,部長①,在籍,○,
000102,吉田　花子,ヨシダ ハナコ,営業部,2,1988-7-15,2011年4月1日,正社員,,在籍,×,101
０００１０３,山﨑　健,ヤマザキ ケン,㈱開発室,1,19920301,20150401,契約,,在籍,×,000101
000104,佐藤　恵,サトウ メグミ,開発部,2,昭和60年12月3日,H20.4.1,嘱託,,休職,×,000101
,,,,,,,,,,,
000105,鈴木　実,スズキ ミノル,開発部,1,1990/13/1,2018/13/1,パート・アルバイト,,出向,×,000101
000106,伊藤　学,イトウ マナブ,物流部,1,1969-01-31,43191,正社員,,受入出向,×,000999
000102,吉田　花子,ヨシダ ハナコ,開発部,2,1988-7-15,2011年4月1日,正社員,,在籍,×,000101
000107,渡辺　望,ワタナベ ノゾミ,開発部,2,30/4/1,04/05/2018,業務委託,,在籍,×,000101
合計,8名,,,,,,,,,,
"""


def write_company_export(folder: Path) -> Path:
    """Write a roster in CP932, a workbook of departments and waves, and two waves of answers."""
    folder.mkdir(exist_ok=True)
    (folder / "社員名簿.csv").write_bytes(PEOPLE.replace("\n", "\r\n").encode("cp932"))
    _write_departments(folder / "組織図.xlsx")
    _write_answers(folder / "アンケート結果.xlsx")
    return folder


def _write_departments(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("部署一覧")
        sheet.write_row(0, 0, ["部署一覧　2026年度"])
        sheet.write_row(2, 0, ["部署コード", "会社コード", "部署名", "廃止日", "新部署コード"])
        day = book.add_format({"num_format": "yyyy/m/d"})
        rows = [
            ("D1", "C01", "営業部", None, None),
            ("D2", "C01", "㈱開発室", date(2026, 3, 31), "D3"),
            ("D3", "C01", "開発部", None, None),
        ]
        for place, (code, company, name, ended, successor) in enumerate(rows, start=3):
            sheet.write_row(place, 0, [code, company, name])
            if ended:
                sheet.write_datetime(place, 3, ended, day)
            if successor:
                sheet.write_string(place, 4, successor)
        waves = book.add_worksheet("調査回")
        waves.write_row(0, 0, ["調査回", "調査開始日", "調査終了日"])
        for place, (wave, opened, closed) in enumerate(
            [("2025", "2025/10/1", "2025/10/31"), ("2026", "2026/10/1", "2026/10/31")], start=1
        ):
            waves.write_row(place, 0, [wave, opened, closed])


def _write_answers(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("回答")
        moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.write_row(0, 0, ["社員番号", "調査回", "回答日時", "ms1", "ms2", "ms3", "自由記述"])
        rows = [
            ("000101", "2025", "2025-10-02T09:00", 4, 4, 5, None),
            ("000101", "2026", "2026-10-02T09:00", 5, 4, 5, "=1+1 のような記述"),
            ("000102", "2026", "2026-10-03T09:00", 1, 2, 3, None),
            ("000102", "2026", "2026-10-05T09:00", 2, 2, 3, None),
            ("103", "2026", "2026-10-05T09:00", 3, 3, 3, None),
            ("000104", "2026", "2026-10-06T09:00", None, None, None, None),
            ("000105", "2026", "2026-10-06T09:00", 6, 3, 3, None),
            ("000106", "2026", "2026-10-06T09:00", 3, 3, None, None),
        ]
        for place, (person, wave, when, *answers) in enumerate(rows, start=1):
            sheet.write_string(place, 0, person)
            sheet.write_string(place, 1, wave)
            sheet.write_datetime(place, 2, datetime.fromisoformat(when), moment)
            for column, answer in enumerate(answers, start=3):
                if isinstance(answer, str):
                    sheet.write_string(place, column, answer)
                elif answer is not None:
                    sheet.write_number(place, column, answer)
        sheet.write_formula(8, 5, "=D9+0", None, 3)
        sheet.write_formula(7, 4, "=1/0", None, "#DIV/0!")
