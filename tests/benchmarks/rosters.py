"""Roster files of invented people and the office they are handed to, the same for all contenders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from django.db import connection

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.idnumber import check_digit
from jinhua_labor.core.provinces import PROVINCES
from stations.registry.models import Employer, EmployerAlias
from stations.roster.models import RosterList
from stations.roster.services import lists
from stations.roster.services.staging import employer_key
from tests.factories import credit_code

HEADER = ("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间")
EMPLOYERS = tuple(f"示例{chr(0x7532 + at)}机械制造有限公司" for at in range(20))
_FROM = ("52", "53", "36", "34", "41", "42", "50", "51")
_TABLES = (
    "stations_stagedrow", "stations_insuredmonth", "stations_insuranceextract", "stations_adjudication",
    "stations_delivery", "stations_importbatch", "stations_rosterlist", "stations_person",
)  # fmt: skip


def people(number: int, first: int = 0) -> Iterator[tuple[object, ...]]:
    """Rows of different people in areas that do not exist: six of ten entry dates are date cells, the others text."""
    for at in range(first, first + number):
        province, turn = _FROM[at % 8], at // 8
        born = dt.date(1970, 1, 1) + dt.timedelta(days=turn % 10_000)
        head = f"{province}9999{born:%Y%m%d}{turn // 10_000 + 100:03d}"
        entry = dt.date(2021, 1, 4) + dt.timedelta(days=at % 300)
        name = f"测试{chr(0x4E00 + at % 2000)}"
        hukou = f"{PROVINCES[province]}示例州示例县"
        yield (
            at + 1, name, head + check_digit(head), hukou, EMPLOYERS[at % 20],
            entry if at % 10 < 6 else entry.isoformat(),
        )  # fmt: skip


def write_file(path: Path, number: int, *, titled: bool, first: int = 0) -> None:
    """附件2 as .xlsx; `titled` with the lines above the header that the portal finds its way through."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("附件2")
    if titled:
        sheet.append(["累计输送劳动力名册"])
        sheet.append(["填报单位（盖章）：示例人力资源有限公司   填报日期：2021年4月12日   填表人：测试庚"])
    sheet.append(HEADER)
    for row in people(number, first):
        sheet.append(row)
    book.save(path)


def operator(username: str = "bench_operator", code: int = 9100) -> User:
    """A person of an operator whose twenty employers have been matched before."""
    found = User.objects.filter(username=username).select_related("organisation").first()
    if found is not None:
        return found
    organisation = Organisation.objects.create(
        name=f"示例{code}人力资源有限公司", kind=OrganisationKind.OPERATOR, credit_code=credit_code(code)
    )
    user = User.objects.create(
        username=username, name="测试甲", role=Role.OPERATOR, organisation=organisation, password="!"
    )
    for at, name in enumerate(EMPLOYERS):
        employer, _ = Employer.objects.get_or_create(
            credit_code=credit_code(9200 + at), defaults={"name": name, "created_by": user}
        )
        EmployerAlias.objects.create(operator=organisation, text=employer_key(name), employer=employer)
    return user


def empty_list(user: User) -> RosterList:
    """A new list in rooms without any other."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
    assert user.organisation is not None
    return lists.create_list(operator=user.organisation, by=user)
