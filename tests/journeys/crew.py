"""The workers of a journey and the files people bring: rosters, insurance extracts, scans and photographs."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from jinhua_labor.core.clock import today
from jinhua_labor.demo import papers, workbooks
from jinhua_labor.demo.people import ELECTRONICS, MACHINES, Month, Worker, credit_code, id_number, months
from jinhua_labor.demo.people import Unit as Employing

if TYPE_CHECKING:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from playwright.sync_api import FilePayload

GANSU, HUKOU = "62", "甘肃省示例州样例县"
ENTERED = 155
"""Days since the first entry: four insured months fit in."""
_people = itertools.count(1)
_serials = itertools.count(188)
_units = itertools.count(700_001)
GIVEN = "甲乙丙丁戊己庚辛壬癸"


class Unit(NamedTuple):
    """An operator nobody has registered yet, and the account its person will choose."""

    name: str
    code: str
    username: str


def new_unit() -> Unit:
    number = next(_units)
    return Unit(f"旅程{number % 1000}号人力资源有限公司", credit_code(number), f"lvke{number}")


def serial() -> int:
    """The next number of a 设立文件."""
    return next(_serials)


def _number() -> tuple[int, str]:
    """The next person's number here, and his identity number."""
    number = next(_people)
    born = dt.date(1972, 1, 1) + dt.timedelta(days=number % 9000)
    return number, id_number(GANSU, born, number // 9000 * 2 + 1)


def crew(count: int) -> list[Worker]:
    """So many people of 甘肃 whom nobody has named before, beyond doubt once their insurance is known."""
    first = today() - dt.timedelta(days=ENTERED)
    found = []
    for _ in range(count):
        number, identity = _number()
        entry, unit = first + dt.timedelta(days=number % 20), (MACHINES, ELECTRONICS)[number % 2]
        found.append(Worker(_name(number), identity, HUKOU, unit, entry, months=months(entry, 4, unit)))
    return found


def one(entry: dt.date, unit: Employing, insured: tuple[Month, ...] = ()) -> Worker:
    """One more of them, who entered there on that day."""
    number, identity = _number()
    return Worker(_name(number), identity, HUKOU, unit, entry, months=insured)


def _name(number: int) -> str:
    return f"测试{GIVEN[number // 10 % 10]}{GIVEN[number % 10]}"


def wrong_rows() -> list[Sequence[object]]:
    """Five rows that cannot be taken in as they stand: 姓名, 身份证号, 户籍, 入职企业, 入职时间."""
    entry = f"{today() - dt.timedelta(days=ENTERED):%Y-%m-%d}"
    _, ok = _number()
    return [
        ("测试错一", ok[:-1] + ("1" if ok[-1] == "0" else "0"), HUKOU, MACHINES.name, entry),
        ("测试错二", 6.2999919910506e17, HUKOU, MACHINES.name, entry),
        ("", _number()[1], HUKOU, MACHINES.name, entry),
        ("测试错四", _number()[1], HUKOU, MACHINES.name, "上个月"),
        ("测试错五", _number()[1], "", MACHINES.name, entry),
    ]


def payload(file: SimpleUploadedFile) -> FilePayload:
    """A file as the browser takes it."""
    return {"name": str(file.name), "mimeType": str(file.content_type), "buffer": file.read()}


def roster(workers: Sequence[Worker], more: Sequence[Sequence[object]] = (), *, unit: str) -> FilePayload:
    return payload(workbooks.roster(workers, unit=unit, filler="测试庚", day=today(), more=more))


def insurance(workers: Sequence[Worker]) -> FilePayload:
    return payload(workbooks.insurance(workers))


def scan(title: str) -> FilePayload:
    """A one-page PDF."""
    return payload(papers.paper(title, "旅程测试用，内容虚构"))


def photo(title: str) -> FilePayload:
    return payload(papers.paper(title, "旅程测试用，内容虚构", kind="JPEG"))


def broken() -> FilePayload:
    """A program that calls itself a PDF."""
    return {"name": "营业执照.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + b"\0" * 2000}
