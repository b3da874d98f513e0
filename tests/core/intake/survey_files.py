"""Thirty people's answers in exactly the formats that survey tools export, built byte by byte."""

from __future__ import annotations

import io
import json
import random
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

from tazuna.instrument.shipped import shipped_instruments

PEOPLE = 30
QUESTIONS = tuple(f"ms{number}" for number in range(1, 10))
_INSTRUMENT = shipped_instruments()["management_score"]
WORDINGS = {code: _INSTRUMENT.questions[code].wording["ja"] for code in QUESTIONS}
LABELS = {c.value: c.label["ja"] for c in _INSTRUMENT.questions["ms1"].response.categories}
NUMBERS = tuple(f"{number:05d}" for number in range(1, PEOPLE + 1))
"""Staff numbers, with leading zeros."""
LEARNT = ("研修;読書", "読書", "", "研修;社外の活動;読書")
COMMENT = '上司と\n"面談"した, とても=良い'


_RANDOM = random.Random(4)
_DRAWN = [
    [min(5, max(1, 3 + bent + _RANDOM.choice((-1, 0, 0, 1)))) for _ in QUESTIONS]
    for bent in (_RANDOM.choice((-1, 0, 1)) for _ in range(PEOPLE))
]


def answer(person: int, question: int) -> int | None:
    """The answer of a person, who leaves out a question now and then."""
    return None if (person * 7 + question) % 29 == 0 else _DRAWN[person][question]


def label(person: int, question: int) -> str:
    value = answer(person, question)
    return "" if value is None else LABELS[value]


def moment(person: int) -> datetime:
    return datetime.fromisoformat("2026-06-13 14:12:54") + timedelta(minutes=person)


def email(person: int) -> str:
    return f"Taro{person}@example.co.jp"


def quoted(cells: list[str], separator: str = ",") -> str:
    return separator.join('"' + cell.replace('"', '""') + '"' for cell in cells)


def plain(cells: list[str]) -> str:
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if any(m in cell for m in ',"\n') else cell for cell in cells
    )


# -- Qualtrics

QUALTRICS_CODES = [
    *("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished"),
    *("RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail"),
    *("ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage"),
    *("Q1", *(f"Q2_{number}" for number in range(1, 10)), "Q3", "Q4"),
]
QUALTRICS_WORDS = [
    *("開始日", "終了日", "回答タイプ", "IPアドレス", "進捗状況", "所要時間 (秒)", "終了", "記録日"),
    *("回答ID", "受信者の姓", "受信者の名", "受信者のメール", "外部データ参照", "緯度", "経度"),
    *("配信チャネル", "ユーザーの言語", "社員番号"),
    *(f"次の文はどのくらいあてはまりますか。 - {words}" for words in WORDINGS.values()),
    *("この1年に学んだ方法（複数選択）", "ご意見"),
]
_IMPORTS = [
    *("startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate"),
    *("_recordId", "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference"),
    *("locationLatitude", "locationLongitude", "distributionChannel", "userLanguage", "QID1_TEXT"),
    *(f"QID2_{number}" for number in range(1, 10)),
    *("QID3", "QID4_TEXT"),
]
_TIMES = {"startDate", "endDate", "recordedDate"}


def import_ids() -> list[str]:
    return [
        json.dumps(
            {"ImportId": name, **({"timeZone": "Asia/Tokyo"} if name in _TIMES else {})},
            separators=(",", ":"),
        )
        for name in _IMPORTS
    ]


def _qualtrics_row(person: int, *, status: str = "IP アドレス", finished: str = "True") -> list[str]:
    time = f"{moment(person):%Y-%m-%d %H:%M:%S}"
    channel = "preview" if "プレビュー" in status else "anonymous"
    return [
        *(time, time, status, "203.0.113.5", "100" if finished == "True" else "40", "210", finished, time),
        *(
            f"R_{person:04d}abcdEFG",
            "手綱",
            f"太郎{person}",
            email(person),
            "",
            "35.68",
            "139.76",
            channel,
            "JA",
        ),
        NUMBERS[person],
        *(label(person, question) for question in range(9)),
        LEARNT[person % 4].replace(";", ","),
        COMMENT if person == 3 else "",
    ]


def qualtrics() -> bytes:
    """Three header rows, LF in cells, a preview as the first response, one unfinished."""
    rows = [
        _qualtrics_row(0, status="アンケートのプレビュー"),
        *(_qualtrics_row(person, finished="False" if person == 4 else "True") for person in range(PEOPLE)),
    ]
    lines = [plain(row) for row in (QUALTRICS_CODES, QUALTRICS_WORDS, import_ids(), *rows)]
    return ("\ufeff" + "\n".join(lines) + "\n").encode()


def qualtrics_legacy() -> bytes:
    """Two header rows, codes as numbers, an empty column at the end."""
    codes = [*(f"V{number}" for number in range(1, 11)), "Q1", *(f"Q2_{n}" for n in range(1, 10)), ""]
    names = [
        *(
            "ResponseID",
            "ResponseSet",
            "Name",
            "ExternalDataReference",
            "EmailAddress",
            "IPAddress",
            "Status",
        ),
        *("StartDate", "EndDate", "Finished", "社員番号"),
        *(f"次の文はどのくらいあてはまりますか。-{words}" for words in WORDINGS.values()),
        "",
    ]
    rows = [
        [
            *(f"R_{person:04d}abcdEFG", "Default Response Set", f"手綱 太郎{person}", "", email(person)),
            *("203.0.113.5", "0", f"{moment(person):%Y-%m-%d %H:%M:%S}"),
            *(f"{moment(person):%Y-%m-%d %H:%M:%S}", "1", NUMBERS[person]),
            *(str(answer(person, question) or "") for question in range(9)),
            "",
        ]
        for person in range(PEOPLE)
    ]
    return ("\r\n".join(plain(row) for row in (codes, names, *rows)) + "\r\n").encode("utf-8-sig")


# -- LimeSurvey

_LIME_SYSTEM = [
    *("id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp"),
]
_LIME_WORDS = [
    *("Response ID", "Date submitted", "Last page", "Start language", "Seed", "Access code", "Date started"),
    "Date last action",
]
LIME_CODES = [*_LIME_SYSTEM, "number", *(f"Q1[{c}]" for c in QUESTIONS), "Q2[SQ001]", "Q2[other]", "Q3"]
_STEM = "次の文はどのくらいあてはまりますか。"
_LIME_TEXTS = [
    *_LIME_WORDS,
    "社員番号",
    *(f"{_STEM} [{words}]" for words in WORDINGS.values()),
    *("学んだ方法 [研修]", "学んだ方法 [その他]", "ご意見"),
]
LIME_BOTH = [f"{code}. {text}" for code, text in zip(LIME_CODES, _LIME_TEXTS, strict=True)]
LIME_FULL = _LIME_TEXTS


def limesurvey(headings: list[str] = LIME_CODES, separator: str = ",", answers: str = "codes") -> bytes:
    """BOM, every cell quoted, CRLF between records and LF inside cells, one more blank line."""
    rows = [headings]
    for person in range(PEOPLE):
        time = f"{moment(person):%Y-%m-%d %H:%M:%S}"
        given = [answer(person, question) for question in range(9)]
        said = {
            "codes": ["" if value is None else f"AO0{value}" for value in given],
            "numbers": ["" if value is None else str(value) for value in given],
            "labels": [label(person, question) for question in range(9)],
        }[answers]
        rows.append(
            [
                *(str(person + 1), "" if person == 5 else time, "3", "ja", str(10**9 + person)),
                *(f"tok{person:012d}", time, time, NUMBERS[person], *said, "Y" if person % 2 else ""),
                *("'=1+1" if person == 2 else "", COMMENT if person == 3 else ""),
            ]
        )
    return ("\ufeff" + "\r\n".join(quoted(row, separator) for row in rows) + "\r\n\r\n").encode()


def _xml_rows(section: str, rows: list[dict[str, str]]) -> str:
    cells = [
        "   <row>\n"
        + "".join(f"    <{name}><![CDATA[{value}]]></{name}>\n" for name, value in row.items())
        + "   </row>\n"
        for row in rows
    ]
    fields = "".join(
        f"   <fieldname>{name}</fieldname>\n" for name in dict.fromkeys(n for r in rows for n in r)
    )
    return (
        f" <{section}>\n  <fields>\n{fields}  </fields>\n  <rows>\n{''.join(cells)}  </rows>\n </{section}>\n"
    )


def lime_xml(kind: str, sections: dict[str, list[dict[str, str]]], before: str = "") -> str:
    body = "".join(_xml_rows(name, rows) for name, rows in sections.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<document>\n'
        f" <LimeSurveyDocType>{kind}</LimeSurveyDocType>\n <DBVersion>640</DBVersion>\n"
        f" <languages>\n  <language>ja</language>\n </languages>\n{body}</document>\n"
    )


def lime_structure() -> dict[str, list[dict[str, str]]]:
    subquestions = [
        {"qid": str(20 + n), "parent_qid": "11", "sid": "4711", "gid": "1", "type": "T", "title": f"SQ00{n}"}
        for n in range(1, 10)
    ]
    texts = [("10", "社員番号"), ("11", f"<p>{_STEM}</p>")]
    texts += [(str(20 + n), words) for n, words in enumerate(WORDINGS.values(), start=1)]
    return {
        "surveys": [{"sid": "4711", "language": "ja"}],
        "questions": [
            {"qid": "10", "parent_qid": "0", "sid": "4711", "gid": "1", "type": "S", "title": "number"},
            {"qid": "11", "parent_qid": "0", "sid": "4711", "gid": "1", "type": "F", "title": "Q1"},
        ],
        "subquestions": subquestions,
        "question_l10ns": [
            {"id": str(i), "qid": qid, "question": words, "language": "ja"}
            for i, (qid, words) in enumerate(texts)
        ],
        "answers": [
            {"aid": str(value), "qid": "11", "code": f"AO0{value}", "sortorder": str(value)}
            for value in LABELS
        ],
        "answer_l10ns": [
            {"id": str(value), "aid": str(value), "answer": words, "language": "ja"}
            for value, words in LABELS.items()
        ],
    }


def lime_responses() -> list[dict[str, str]]:
    rows = []
    for person in range(PEOPLE):
        row = {
            "id": str(person + 1),
            "submitdate": "1980-01-01 00:00:00",
            "lastpage": "3",
            "startlanguage": "ja",
            "seed": "77",
            "_4711X1X10": NUMBERS[person],
        }
        for question in range(9):
            value = answer(person, question)
            if value is not None:
                row[f"_4711X1X11SQ00{question + 1}"] = f"AO0{value}"
        if person == 5:
            del row["submitdate"]
        rows.append(row)
    return rows


def lime_archive(responses: str | None = None) -> bytes:
    """A zip of structure and responses; a field without an answer is absent."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("survey_4711.lss", lime_xml("Survey", lime_structure()))
        told = responses or lime_xml("Responses", {"responses": lime_responses()})
        archive.writestr("survey_4711_responses.lsr", told)
        archive.writestr("survey_4711_tokens.lst", lime_xml("Tokens", {"tokens": [{"tid": "1"}]}))
    return packed.getvalue()


# -- Google Forms

GOOGLE_HEADINGS = [
    *("タイムスタンプ", "メールアドレス", "社員番号"),
    *(f"Q{n}．{words[:6]}\n{words[6:]}" for n, words in enumerate(WORDINGS.values(), start=1)),
    *("この1年に学んだ方法\n（複数選択）", "ご意見"),
]


def google_moment(person: int) -> str:
    time = moment(person)
    half = "午前" if time.hour < 12 else "午後"
    return f"{time:%Y/%m/%d} {time.hour % 12 or 12}:{time:%M:%S} {half} GMT+9"


def google_forms(separator: str = ",") -> bytes:
    rows = [GOOGLE_HEADINGS]
    for person in range(PEOPLE):
        rows.append(
            [
                *(google_moment(person), email(person), NUMBERS[person]),
                *(label(person, question) for question in range(9)),
                *(LEARNT[person % 4], COMMENT if person == 3 else ""),
            ]
        )
    return "\n".join(quoted(row, separator) for row in rows).encode()


# -- Microsoft Forms

MICROSOFT_HEADINGS = [
    *("ID", "開始時刻", "完了時刻", "メール", "名前", "最終変更時刻"),
    *(f"{n}. {words}\n" for n, words in enumerate(WORDINGS.values(), start=1)),
    *("学んだ方法", "ご意見", "ご意見2", "点数 - 学んだ方法", "フィードバック - 学んだ方法"),
]


def microsoft_forms(path: Path, *, anonymous: bool = False, headings: list[str] = MICROSOFT_HEADINGS) -> None:
    """One sheet with date cells; anonymous responses have no name."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        dates = book.add_format({"num_format": "m/d/yy h:mm:ss"})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading)
        for person in range(PEOPLE):
            sheet.write_number(person + 1, 0, person + 1)
            sheet.write_datetime(person + 1, 1, moment(person), dates)
            sheet.write_datetime(person + 1, 2, moment(person), dates)
            sheet.write_string(person + 1, 3, "anonymous" if anonymous else email(person).lower())
            if not anonymous:
                sheet.write_string(person + 1, 4, f"手綱 太郎{person}")
            for question in range(9):
                if words := label(person, question):
                    sheet.write_string(person + 1, 6 + question, words)
            chosen = LEARNT[person % 4]
            sheet.write_string(person + 1, 15, f"{chosen};" if chosen else "")
            sheet.write_number(person + 1, 18, person % 3)


# -- the same people in our own form


def write_staff(folder: Path) -> None:
    """A list of staff as a company has it, with addresses."""
    rows = ["社員番号,氏名,メールアドレス,部署,生年月日"]
    rows += [
        f"{NUMBERS[person]},手綱 太郎{person},{email(person)},{('開発部', '営業部')[person % 2]},"
        f"1985-04-0{1 + person % 9}"
        for person in range(PEOPLE)
    ]
    (folder / "社員名簿.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_own(folder: Path) -> Path:
    """The same answers as a study in our own form."""
    folder.mkdir()
    write_staff(folder)
    (folder / "organisations.csv").write_text(
        "organisation_id,name,kind\nC01,手綱,company\n", encoding="utf-8"
    )
    rows = [",".join(["person_id", "wave", "answered_at", *QUESTIONS])]
    for person in range(PEOPLE):
        values = ["" if (v := answer(person, q)) is None else str(v) for q in range(9)]
        rows.append(",".join([NUMBERS[person], "2026-06", f"{moment(person):%Y-%m-%d %H:%M:%S}", *values]))
    (folder / "responses.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(
        'schema = "tazuna/study/1"\ntitle = "own"\n[tables]\npeople = "社員名簿.csv"\n'
        '[columns.people]\n"社員番号" = "person_id"\n"氏名" = "name"\n"メールアドレス" = "email"\n'
        '"部署" = "department"\n"生年月日" = "birth_date"\n',
        encoding="utf-8",
    )
    return folder
