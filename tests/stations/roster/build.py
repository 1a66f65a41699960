"""Lists, imports and rows for tests, made through the services as people make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from jinhua_labor.accounts.models import User
from jinhua_labor.core.idnumber import parse
from stations.registry.models import Employer
from stations.roster.models import Delivery, ImportBatch, InsuranceExtract, RosterList
from stations.roster.services import committing, insurance, lists, matching, reading, rows
from stations.roster.services.insurance import Asked
from stations.roster.services.recount import recount_list
from stations.roster.workbook.header import HeadFields
from stations.roster.workbook.problems import Problem
from stations.roster.workbook.rows import ParsedRow, RosterSheet
from tests.data.people import EMPLOYER, HUKOU, id_number, people
from tests.data.workbooks import roster, xlsx
from tests.factories import credit_code

CODE = credit_code(9001)
ENTRY = dt.date(2021, 3, 10)
EXTRACT_HEADER = (
    "姓名",
    "身份证号",
    "费款所属期",
    "险种",
    "参保地",
    "缴费单位",
    "统一社会信用代码",
    "缴费状态",
    "到账日期",
)


@dataclass(frozen=True)
class Whole:
    """A sheet that has been read to its end."""

    rows: list[ParsedRow]
    head: HeadFields
    skipped: list[tuple[int, str]]

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows for problem in row.problems or ()]


def whole(sheet: RosterSheet) -> Whole:
    return Whole(list(sheet.rows), sheet.head, sheet.skipped)


def upload(data: bytes, name: str = "名册.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def empty_list(user: User) -> RosterList:
    return lists.create_list(operator=user.organisation, by=user)


def staged(user: User, data: bytes, *, roster_list: RosterList | None = None, name: str = "名册.xlsx") -> ImportBatch:
    """A batch that has been read."""
    batch = reading.upload(roster_list=roster_list or empty_list(user), file=upload(data, name), by=user)
    return reading.read(batch_id=batch.pk)


def match(batch: ImportBatch, user: User, *, text: str = EMPLOYER, code: str = CODE, here: bool = True) -> Employer:
    return matching.match(batch=batch, text=text, name=text, credit_code=code, in_district=here, by=user).employer


def commit(batch: ImportBatch, user: User, form: str = "DIRECT") -> committing.Committed:
    return committing.commit(batch=batch, by=user, default_form=form, consented=True)


def filled_list(user: User, count: int = 3, *, rows: Sequence[Sequence[object]] | None = None) -> RosterList:
    """A list with that many people of one 金东 employer, imported and counted."""
    roster_list = empty_list(user)
    batch = staged(user, roster(list(rows) if rows is not None else people(count)), roster_list=roster_list)
    match(batch, user)
    commit(batch, user)
    recount_list(roster_list=roster_list)
    return roster_list


def employer(user: User, *, name: str = EMPLOYER, code: str = CODE, here: bool = True) -> Employer:
    found, _ = Employer.objects.get_or_create(
        credit_code=code, defaults={"name": name, "in_district": here, "created_by": user}
    )
    return found


def add(roster_list: RosterList, user: User, number: int = 1, **more: Any) -> Delivery:
    """One row by hand, good unless told otherwise."""
    born = more.pop("born", dt.date(1990, 1, 1))
    province = more.pop("province", "52")
    text = more.pop("id_number", None) or id_number(province, born, number)
    fields = {
        "name": "测试甲",
        "hukou_text": HUKOU.get(province, "贵州省示例州"),
        "employer": more.pop("employer", None) or employer(user),
        "entry_on": ENTRY,
        "employment_form": "DIRECT",
        "id_number": parse(text),
        **more,
    }
    return rows.add_row(roster_list=roster_list, fields=rows.RowFields(**fields), consented=True, by=user)


def extract_file(lines: Sequence[Sequence[object]]) -> bytes:
    return xlsx({"参保明细": [EXTRACT_HEADER, *lines]})


def insured(row: Delivery, month: int, *, paid_on: str = "", status: str = "实缴", **more: Any) -> list[object]:
    """A line of an extract for the person of a row."""
    return [
        more.get("name", row.name),
        row.person.id_number,
        month,
        more.get("kind", "企业职工基本养老保险"),
        more.get("place", "330703"),
        more.get("payer", row.employer.name),
        more.get("code", row.employer.credit_code),
        status,
        paid_on,
    ]


def bring_in(
    roster_list: RosterList, clerk: User, lines: Sequence[Sequence[object]], span: tuple[int, int] = (202103, 202105)
) -> InsuranceExtract:
    stored = insurance.keep(file=upload(extract_file(lines), "明细.xlsx"), by=clerk)
    asked = Asked(span[0], span[1], "社保系统查询")
    return insurance.bring_in(roster_list=roster_list, file=stored, asked=asked, by=clerk)
