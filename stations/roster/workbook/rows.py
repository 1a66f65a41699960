"""Turns the rows of a roster (附件2) into checked ones: all problems of all rows in one pass."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinhua_labor.core import idnumber
from jinhua_labor.core.idnumber import IdNumber
from jinhua_labor.core.people import NAME_MAX, clean_name, clean_phone, name_warning
from jinhua_labor.core.provinces import province_of_text
from jinhua_labor.core.text import TextError, match_key
from stations.roster.workbook.cells import column_letter, date_message, read_date, read_text, text_of
from stations.roster.workbook.header import Header, HeadFields, label_of
from stations.roster.workbook.limits import Limits
from stations.roster.workbook.preflight import WorkbookRefused
from stations.roster.workbook.problems import ASK, ERROR, WARNING, Problem
from stations.roster.workbook.reader import Cell, Row

_NOT_PERSONS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "总人数",
    "总数",
    "人数",
    "汇总",
    "本页",
    "以上",
    "注意",
    "注:",
    "注：",
    "备注",
    "说明",
    "填表",
    "填报",
    "审核",
    "制表",
    "经办人",
    "负责人",
    "单位负责人",
    "…",
    "...",
)
_TEXT_MAX: Final = 100
_PLAIN_NAME: Final = re.compile(rf"[\u4e00-\u9fff]{{1,{NAME_MAX}}}")  # nothing `clean_name` would change or warn of
_ID_MIN: Final = 15
_PROBLEMS_MAX: Final = 20
_OPTIONAL: Final = ("post", "education", "employment_form", "skill_level", "cert_no", "phone", "leave_on")


# Titles of the groups the checking page shows.
@dataclass(slots=True)
class ParsedRow:
    """A person of the roster as understood, with what stood in the sheet and everything found wrong."""

    row_no: int
    name: str
    id_number: str | None
    person: IdNumber | None
    hukou_text: str
    province: str | None
    employer_text: str
    entry_on: dt.date | None
    raw: Row
    extra: dict[str, Any] | None = None
    problems: list[Problem] | None = None

    @property
    def good(self) -> bool:
        """Whether the row may be committed: warnings do not count, a question does."""
        return not self.problems or all(problem.severity == WARNING for problem in self.problems)

    @property
    def severity(self) -> str | None:
        """The gravest severity of its problems: error, ask, warning or None."""
        found = {problem.severity for problem in self.problems or ()}
        return next((severity for severity in (ERROR, ASK, WARNING) if severity in found), None)

    def cells(self, header: Header) -> dict[str, str]:
        """The row's own cells by field, as text; what the page shows for correcting."""
        return {name: text_of(self.raw[at]) if at < len(self.raw) else "" for name, at in header.columns.items()}


@dataclass(slots=True)
class RosterSheet:
    """A roster while it is read. `rows` gives its persons once, in sheet order, each with the problems known by then;
    with the last of them `skipped` (row number and why) is complete, and `late` holds those of whom a later row had
    still to tell something."""

    header: Header
    head: HeadFields
    rows: Iterable[ParsedRow]
    skipped: list[tuple[int, str]]
    late: dict[int, ParsedRow]


class RosterReader:
    """Checks rows one by one and remembers what repeats: date and hukou texts, employers, persons of this file."""

    def __init__(self, header: Header, *, today: dt.date, min_age: int = 16, date1904: bool = False) -> None:
        """`min_age` in full years at entry (《劳动法》第15条; the policy's `age_min`)."""
        self.header, self.today, self.min_age, self.date1904 = header, today, min_age, date1904
        self._dates: dict[object, dt.date | str] = {}
        self._hukou: dict[object, tuple[str, str | None, str | None]] = {}
        self._latest_birth: dict[dt.date, dt.date] = {}
        self._employers: dict[object, tuple[str, str | None]] = {}
        self._first: dict[str, ParsedRow] = {}
        self.late: dict[int, ParsedRow] = {}
        self._optional = [(name, header.columns[name]) for name in _OPTIONAL if name in header.columns]

    def read(self, row_no: int, row: Row) -> ParsedRow:
        """One person. Never raises for what a cell holds; every problem of the row is in its list."""
        columns = self.header.columns
        problems: list[Problem] = []
        name = self._name(row_no, row[columns["name"]], problems)
        number = row[columns["id_number"]]
        found = idnumber.examine(number, self.today)
        person = None if isinstance(found, str) else found
        if person is None:
            self._no_person(row_no, number, str(found), problems)
        hukou, province = self._hukou_of(row_no, row[columns["hukou"]], problems)
        employer = self._employer(row_no, row[columns["employer"]], problems)
        value = row[columns["entry_on"]]
        entry = self._dates.get(value)
        if entry is None:
            entry = self._dates[value] = read_date(value, date1904=self.date1904)
        if isinstance(entry, str):
            self._add(problems, entry, row_no, "entry_on", date_message(entry, "入职时间", value))
            entry = None
        else:
            self._check_entry(row_no, entry, person, problems)
        parsed = ParsedRow(row_no, name, person[0] if person else None, person, hukou, province, employer, entry, row)
        if self._optional:
            parsed.extra = self._extra(row_no, row, entry, problems)
        parsed.problems = problems or None
        if person is not None:
            self._check_twice(parsed, person[0])
        return parsed

    def _add(
        self, problems: list[Problem], code: str, row_no: int, name: str, message: str, severity: str = ERROR
    ) -> None:
        problems.append(Problem(code, row_no, self.header.letter(name), name, message, severity))

    def _name(self, row_no: int, value: Cell, problems: list[Problem]) -> str:
        if isinstance(value, str) and _PLAIN_NAME.fullmatch(value):
            return value
        text = text_of(value)
        try:
            name = clean_name(text)
        except TextError as error:
            self._add(problems, "name", row_no, "name", f"姓名：{error.message}" if text.strip() else error.message)
            return "".join(char for char in text if char.isprintable()).strip()[:NAME_MAX]
        if not name.isalpha() and (warning := name_warning(name)):
            self._add(problems, "name_odd", row_no, "name", warning, WARNING)
        return name

    def _no_person(self, row_no: int, value: Cell, found: str, problems: list[Problem]) -> None:
        shown = idnumber.normalise(value) if isinstance(value, str) else text_of(value)
        if found == "number" and "E+" in shown:
            found, shown = "scientific", f"{value:.3G}" if isinstance(value, float) else shown
        self._add(problems, found, row_no, "id_number", idnumber.explain(found, shown))

    def _hukou_of(self, row_no: int, value: Cell, problems: list[Problem]) -> tuple[str, str | None]:
        known = self._hukou.get(value)
        if known is None:
            text, problem = read_text(value, "户籍", _TEXT_MAX)
            if not text and problem is None:
                problem = "户籍为空，请填写到省、市、县，如「贵州省示例州示例县」。"
            known = self._hukou[value] = (text, province_of_text(text), problem)
        text, province, problem = known
        if problem is not None:
            self._add(problems, "hukou", row_no, "hukou", problem)
        elif province is None:
            message = f"户籍「{text[:30]}」看不出省份，将列为待核。请从省名写起，如「贵州省示例州示例县」。"
            self._add(problems, "hukou_unread", row_no, "hukou", message, WARNING)
        return text, province

    def _employer(self, row_no: int, value: Cell, problems: list[Problem]) -> str:
        known = self._employers.get(value)
        if known is None:
            text, problem = read_text(value, "入职企业", _TEXT_MAX)
            if not text and problem is None:
                problem = "入职企业为空，请填写营业执照上的企业全称。"
            known = self._employers[value] = (text, problem)
        if known[1] is not None:
            self._add(problems, "employer", row_no, "employer", known[1])
        return known[0]

    def _check_entry(self, row_no: int, entry: dt.date, person: IdNumber | None, problems: list[Problem]) -> None:
        if entry > self.today:
            message = f"入职时间 {entry} 晚于今天，请核对；尚未入职的人员请入职后再报。"
            self._add(problems, "entry_future", row_no, "entry_on", message)
        if person is None:
            return
        latest = self._latest_birth.get(entry)
        if latest is None:
            latest = self._latest_birth[entry] = latest_birth(entry, self.min_age)
        if person[1] > latest:
            message = f"入职时不满 {self.min_age} 周岁（按身份证号和入职时间计算），不得招用。请核对两项有无录错。"
            self._add(problems, "under_age", row_no, "entry_on", message)

    def _extra(self, row_no: int, row: Row, entry: dt.date | None, problems: list[Problem]) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for name, at in self._optional:
            value = row[at]
            if value == "" or value is None:
                continue
            label = self.header.labels[name]
            if name == "leave_on":
                day = read_date(value, date1904=self.date1904)
                if isinstance(day, str):
                    if day != "date_empty":
                        self._add(problems, day, row_no, name, date_message(day, label, value))
                    continue
                if entry is not None and day < entry:
                    self._add(problems, "leave_early", row_no, name, f"离职时间 {day} 早于入职时间，请核对。")
                found[name] = day
            elif name == "phone":
                try:
                    found[name] = clean_phone(text_of(value))
                except TextError as error:
                    self._add(problems, "phone", row_no, name, error.message, WARNING)
            else:
                text, problem = read_text(value, label, _TEXT_MAX)
                if problem is not None:
                    self._add(problems, "text", row_no, name, problem)
                elif text:
                    found[name] = text
        return found or None

    def _check_twice(self, parsed: ParsedRow, number: str) -> None:
        first = self._first.setdefault(number, parsed)
        if first is parsed:
            return
        self.late[first.row_no] = first
        same = parsed.entry_on == first.entry_on and match_key(parsed.employer_text) == match_key(first.employer_text)
        for one, other in ((first, parsed), (parsed, first)):
            letter = self.header.letter("id_number")
            if same:
                message = f"与第 {other.row_no} 行是同一人、同一企业、同一入职时间，请删去其中一行。"
                problem = Problem("duplicate", one.row_no, letter, "id_number", message)
            else:
                message = f"与第 {other.row_no} 行是同一人，但企业或入职时间不同。请确认是更正还是再次输送。"
                problem = Problem("repeat", one.row_no, letter, "id_number", message, ASK)
            if one.problems is None:
                one.problems = [problem]
            elif len(one.problems) < _PROBLEMS_MAX:  # a file with one number in every row must stay linear
                one.problems.append(problem)


def latest_birth(entry: dt.date, age: int) -> dt.date:
    """The last day on which somebody may be born to be `age` full years old at `entry`."""
    try:
        return entry.replace(year=entry.year - age)
    except ValueError:  # 29 February: who was born on 1 March is a day too young
        return dt.date(entry.year - age, 2, 28)


def parse_roster(
    rows: Iterable[tuple[int, Row]],
    header: Header,
    *,
    today: dt.date,
    limits: Limits | None = None,
    head: HeadFields | None = None,
    min_age: int = 16,
    date1904: bool = False,
) -> RosterSheet:
    """The persons under the header, read one by one as `rows` of the answer is walked; `rows` here are (sheet row
    number, cells).

    Blank and formatted rows, totals, notes and repeated headers are left out and listed in `skipped`. The walk raises
    WorkbookRefused when there are more persons than `limits.rows`.
    """
    reader = RosterReader(header, today=today, min_age=min_age, date1904=date1904)
    skipped: list[tuple[int, str]] = []
    persons = _persons(reader, rows, skipped, most=limits.rows if limits else 0)
    return RosterSheet(header, head or HeadFields(), persons, skipped, reader.late)


def _persons(
    reader: RosterReader, rows: Iterable[tuple[int, Row]], skipped: list[tuple[int, str]], *, most: int
) -> Iterator[ParsedRow]:
    columns, first, read = reader.header.columns, reader.header.first_row, reader.read
    name_at, id_at = columns["name"], columns["id_number"]
    width, number_of_persons = max(columns.values()) + 1, 0
    for row_no, row in rows:
        if row_no < first:
            continue
        if len(row) < width:
            row = row + [""] * (width - len(row))
        name, number = row[name_at], row[id_at]
        # Only a row without a full person can be something else than a person.
        if not (name.__class__ is str and number.__class__ is str and len(number) >= _ID_MIN and name):
            why = _not_a_person(row, columns)
            if why is not None:
                if why:
                    skipped.append((row_no, why))
                continue
        number_of_persons += 1
        if most and number_of_persons > most:
            raise WorkbookRefused("rows", f"名册超过 {most:,} 人。请拆成几份分别上传。")
        yield read(row_no, row)


def _not_a_person(row: Row, columns: Mapping[str, int]) -> str | None:
    """'' for a blank row, else why the row is no person; None if it is one."""
    texts = {name: text_of(row[at]).strip() for name, at in columns.items() if name != "seq"}
    asked = [texts[name] for name in ("name", "id_number", "hukou", "employer", "entry_on") if name in texts]
    line = [text for value in row if (text := text_of(value).strip())]
    if not line:
        return ""
    # 「合计 … 40人」 may stand in the column of the numbers; half a number is no total.
    if line[0].replace(" ", "").startswith(_NOT_PERSONS) and len(texts.get("id_number", "")) < _ID_MIN:
        return line[0][:30]
    if not any(asked):
        return "" if len(line) <= 1 else f"只有「{line[0][:10]}」等内容，没有人员信息"
    if label_of(texts.get("name", "")) == "姓名" and not any(char.isdigit() for char in texts.get("id_number", "")):
        return "重复的表头"
    return None


def column_of(header: Header, name: str) -> str:
    """The letter of a field's column, or of the column after the last when the sheet has none."""
    return header.letter(name) or column_letter(max(header.columns.values()) + 1)
