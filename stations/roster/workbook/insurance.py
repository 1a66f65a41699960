"""Reads a social-insurance extract (参保明细) in whatever layout of months it comes.

A row a month (or several months, or a span, in one cell); a row a span with 起始月 and 截止月; a row a person with a
column a month, the year in the same cell, in a row above the months, or in a column 年度 of its own.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from jinhua_labor.core import idnumber
from jinhua_labor.core.creditcode import CreditCodeError
from jinhua_labor.core.creditcode import parse as parse_credit_code
from jinhua_labor.core.dates import add_to_month, is_month, months_between
from jinhua_labor.core.text import TextError, clean_text
from stations.roster.workbook.cells import column_letter, date_message, read_date, text_of
from stations.roster.workbook.header import Header
from stations.roster.workbook.limits import Limits
from stations.roster.workbook.months import SPAN_MAX, read_month, read_months, read_year
from stations.roster.workbook.preflight import WorkbookRefused
from stations.roster.workbook.problems import ERROR, WARNING, Problem
from stations.roster.workbook.reader import Row

PAID: Final = "实缴"
OWED: Final = "欠缴"
BACK_PAID: Final = "补缴"
PENSION: Final = "企业职工基本养老保险"

_STATUS: Final = {
    **dict.fromkeys(("实缴", "已实缴", "已缴", "已缴费", "到账", "已到账", "正常", "正常缴费", "足额到账"), PAID),
    **dict.fromkeys(("补缴", "已补缴", "补缴到账", "补收"), BACK_PAID),
    **dict.fromkeys(("欠缴", "未缴", "未到账", "欠费", "未缴费", "中断", "停保", "暂停"), OWED),
}
_TICKS: Final = {"√", "✓", "✔", "☑", "是", "有", "Y", "YES", "1"}
_CROSSES: Final = {"×", "✗", "✘", "X", "否", "无", "N", "NO", "0", "-", "—", "/"}
# The codes social insurance books are kept under; 金东 may be booked under 金华市本级, which the policy lists or not.
_PLACES: Final = (("金东", "330703"), ("婺城", "330702"), ("市本级", "330799"), ("市直", "330799"))


class InsuredRow(NamedTuple):
    """A month of a person as the extract has it: `place` a six-digit code (or empty), `status` 实缴, 欠缴 or 补缴."""

    row: int
    name: str
    id_number: str
    month: int
    kind: str
    place: str
    payer: str
    payer_code: str
    status: str
    paid_on: dt.date | None


@dataclass(slots=True)
class InsuranceSheet:
    """A whole extract: its months, every person who appears (insured or not), the months it covers."""

    header: Header
    rows: list[InsuredRow] = field(default_factory=list)
    persons: set[str] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def covered(self) -> tuple[int, int] | None:
        """First and last month the file itself shows (202103, 202105); the query may have asked for more."""
        return (min(self.months), max(self.months)) if self.months else None


class _Reader:
    def __init__(self, sheet: InsuranceSheet, today: dt.date, kind: str, place: str, date1904: bool) -> None:
        self.sheet, self.today, self.date1904 = sheet, today, date1904
        self.kind, self.place = kind, place
        self.kinds: dict[object, str] = {}
        self.places: dict[object, str] = {}
        self.payers: dict[object, tuple[str, str | None]] = {}
        self.codes: dict[object, tuple[str, str | None]] = {}
        self.months: dict[object, list[int] | None] = {}

    def problem(self, code: str, row_no: int, name: str, message: str, severity: str = ERROR) -> None:
        letter = self.sheet.header.letter(name)
        self.sheet.problems.append(Problem(code, row_no, letter, name, message, severity))

    def cell(self, row: Row, name: str) -> object:
        at = self.sheet.header.columns.get(name)
        return "" if at is None else row[at]

    def months_of(self, value: object) -> list[int] | None:
        if value not in self.months:
            self.months[value] = read_months(value)
        return self.months[value]

    def kind_of(self, value: object) -> str:
        known = self.kinds.get(value)
        if known is None:
            known = self.kinds[value] = read_kind(text_of(value)) or self.kind
        return known

    def place_of(self, row_no: int, value: object) -> str:
        known = self.places.get(value)
        if known is None:
            text = text_of(value).strip()
            known = self.places[value] = read_place(text) if text else self.place
            if not known:
                message = f"参保地「{text[:20]}」不能识别，不按金东参保计。请写区划代码（如 330703）或「金东区」。"
                self.problem("place", row_no, "place", message, WARNING)
        return known

    def payer_of(self, row_no: int, row: Row) -> tuple[str, str]:
        value, code = self.cell(row, "payer"), self.cell(row, "payer_code")
        if value not in self.payers:
            self.payers[value] = _text(value)
        if code not in self.codes:
            self.codes[code] = _code(code)
        for name, (_, problem) in (("payer", self.payers[value]), ("payer_code", self.codes[code])):
            if problem is not None:
                self.problem(name, row_no, name, problem, WARNING)
        return self.payers[value][0], self.codes[code][0]


def _text(value: object) -> tuple[str, str | None]:
    try:
        return clean_text(text_of(value), max_length=100), None
    except TextError as error:
        return "", f"缴费单位{error.message}"


def _code(value: object) -> tuple[str, str | None]:
    text = text_of(value).strip()
    if not text:
        return "", None
    try:
        return parse_credit_code(text).text, None
    except CreditCodeError as error:
        return "", error.message


def read_kind(text: str) -> str:
    """The insurance's usual name; plain 养老保险 in an employer's extract is the one of employees (R-03)."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if "养老" in plain and not any(word in plain for word in ("居民", "机关", "灵活", "个体")):
        return PENSION
    return plain[:40]


def read_place(text: str) -> str:
    """The six-digit code of a place of insurance, from the code itself or the words 金东, 市本级; else empty."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if found := re.match(r"(\d{6})(?!\d)", plain):
        return found.group(1)
    return next((code for word, code in _PLACES if word in plain), "")


def read_status(text: str) -> str | None:
    """实缴, 欠缴 or 补缴 for the words people use; None if the word is not known."""
    return _STATUS.get("".join(unicodedata.normalize("NFKC", text).split()))


def parse_insurance(
    rows: Iterable[tuple[int, Row]],
    header: Header,
    month_columns: Mapping[int, int],
    *,
    today: dt.date,
    limits: Limits | None = None,
    default_kind: str = PENSION,
    default_place: str = "",
    date1904: bool = False,
) -> InsuranceSheet:
    """All insured months of an extract with all its problems.

    `default_kind` and `default_place` stand in for columns the extract does not have or leaves blank. A month twice
    with another status is a problem naming both rows; the first holds. Raises WorkbookRefused beyond `limits.rows`.
    """
    sheet = InsuranceSheet(header, months={month for month in month_columns.values() if is_month(month)})
    reader = _Reader(sheet, today, default_kind, default_place, date1904)
    seen: dict[tuple[str, int, str, str, str], InsuredRow] = {}
    id_at, name_at = header.columns["id_number"], header.columns["name"]
    width = max([*header.columns.values(), *month_columns]) + 1
    count = 0
    for row_no, row in rows:
        if row_no < header.first_row:
            continue
        if len(row) < width:
            row = row + [""] * (width - len(row))
        number, name = row[id_at], row[name_at]
        if number == "" and (name == "" or not text_of(name).strip() or text_of(name).startswith(("合计", "总计"))):
            continue
        count += 1
        if limits and count > limits.rows:
            raise WorkbookRefused("rows", f"{limits.label}超过 {limits.rows:,} 行。请拆成几份分别上传。")
        found = idnumber.examine(number, today)
        if isinstance(found, str):
            shown = idnumber.normalise(number) if isinstance(number, str) else text_of(number)
            reader.problem(found, row_no, "id_number", idnumber.explain(found, shown))
            continue
        person = found[0]
        sheet.persons.add(person)
        if month_columns:
            months = _wide(reader, row_no, row, _dated(reader, row_no, row, month_columns))
        else:
            months = _long(reader, row_no, row)
        for month, status, paid_on in months:
            payer, code = reader.payer_of(row_no, row)
            insured = InsuredRow(
                row_no,
                text_of(name).strip()[:50],
                person,
                month,
                reader.kind_of(reader.cell(row, "kind")),
                reader.place_of(row_no, reader.cell(row, "place")),
                payer,
                code,
                status,
                paid_on,
            )
            key = (person, month, insured.kind, insured.place, code or payer)
            first = seen.setdefault(key, insured)
            if first is insured:
                sheet.rows.append(insured)
                sheet.months.add(month)
            elif (first.status, first.paid_on) != (status, paid_on):
                message = (
                    f"与第 {first.row} 行是同一人同一月份，但状态或到账日期不同，已按第 {first.row} 行读入。请核对。"
                )
                reader.problem("contradiction", row_no, "id_number", message, WARNING)
    return sheet


def _dated(reader: _Reader, row_no: int, row: Row, columns: Mapping[int, int]) -> Mapping[int, int]:
    """The month columns of this row: with the year it names, where the columns have none. Twelve columns do not say
    that twelve months were asked for, so only those with an entry are covered."""
    if "year" not in reader.sheet.header.columns or all(is_month(month) for month in columns.values()):
        return columns
    value = reader.cell(row, "year")
    year = read_year(value)
    if year is None:
        message = f"年度「{text_of(value)[:20]}」不能识别，请写成 2021。"
        reader.problem("month", row_no, "year", message)
        return {}
    return {index: year * 100 + number for index, number in columns.items()}


def _months_of(reader: _Reader, row_no: int, row: Row) -> list[int]:
    """The months a row names in one cell, or from 起始月 to 截止月."""
    if "month" in reader.sheet.header.columns:
        value = reader.cell(row, "month")
        months = reader.months_of(value)
        if months is None:
            message = f"费款所属期「{text_of(value)[:20]}」不是月份，请写成 202103 或 2021年3月。"
            reader.problem("month", row_no, "month", message)
        return months or []
    first, last = (read_month(reader.cell(row, name)) for name in ("month_from", "month_to"))
    if first is None or last is None or first > last or add_to_month(first, SPAN_MAX) < last:
        message = "起始月和截止月应从早到晚，写成 202103 或 2021年3月。"
        reader.problem("month", row_no, "month_from", message)
        return []
    return list(months_between(first, last))


def _long(reader: _Reader, row_no: int, row: Row) -> list[tuple[int, str, dt.date | None]]:
    months = _months_of(reader, row_no, row)
    if not months:
        return []
    paid_on = _paid_on(reader, row_no, reader.cell(row, "paid_on"))
    words = text_of(reader.cell(row, "status")).strip()
    status = read_status(words) if words else PAID
    if status is None:
        message = f"缴费状态「{words[:20]}」不能识别，请写实缴、欠缴或补缴。"
        reader.problem("status", row_no, "status", message)
        return []
    if not words and "status" in reader.sheet.header.columns:
        reader.problem("status", row_no, "status", "缴费状态为空，请写实缴、欠缴或补缴。")
        return []
    # One day of payment for several months is the day of the latest; of the others nothing is known.
    return [(month, status, paid_on if month == months[-1] else None) for month in months]


def _paid_on(reader: _Reader, row_no: int, value: object) -> dt.date | None:
    day = read_date(value, date1904=reader.date1904)
    if isinstance(day, dt.date):
        return day
    if day != "date_empty":
        reader.problem(day, row_no, "paid_on", date_message(day, "到账日期", value), WARNING)
    return None


def _wide(reader: _Reader, row_no: int, row: Row, columns: Mapping[int, int]) -> list[tuple[int, str, dt.date | None]]:
    found: list[tuple[int, str, dt.date | None]] = []
    for at, month in columns.items():
        value = row[at]
        if value == "" or value is False or value == 0:
            continue
        if isinstance(value, tuple):
            day = read_date(value)
            found.append((month, PAID, day if isinstance(day, dt.date) else None))
            continue
        text = "".join(unicodedata.normalize("NFKC", text_of(value)).split()).upper()
        status = _STATUS.get(text)
        if status is None and (value is True or text in _TICKS or _amount(text)):
            status = PAID
        if status is not None:
            found.append((month, status, None))
        elif text and text not in _CROSSES:
            day = read_date(value)
            if isinstance(day, dt.date):
                found.append((month, PAID, day))
                continue
            message = f"「{text_of(value)[:20]}」不能识别，请写实缴、欠缴、补缴或留空。"
            reader.sheet.problems.append(Problem("status", row_no, column_letter(at), "status", message))
    return found


def _amount(text: str) -> bool:
    try:
        amount = float(text.replace(",", ""))
    except ValueError:
        return False
    return 0 < amount < 1_000_000 and not re.fullmatch(r"\d{8}|\d{4}\.\d{1,2}", text)
