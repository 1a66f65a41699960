"""Invented people: address codes ending in 9999 do not exist, the check digits are right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from jinhua_labor.core.idnumber import check_digit

HEADER = ("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间")
EMPLOYER = "示例机械制造有限公司"
HUKOU = {"52": "贵州省示例州示例县", "51": "四川省示例市示例县", "61": "陕西省示例市示例区"}


def id_number(province: str = "52", born: dt.date = dt.date(1990, 1, 1), sequence: int = 1) -> str:
    """A number with a right check digit in an area that does not exist."""
    head = f"{province}9999{born:%Y%m%d}{sequence:03d}"
    return head + check_digit(head)


def person(number: int, *, province: str = "52", entry: object = dt.date(2021, 3, 10)) -> list[object]:
    """A row of 附件2: 序号, 姓名, 身份证号, 户籍, 入职企业, 入职时间."""
    born = dt.date(1975, 1, 1) + dt.timedelta(days=number % 9000)
    text = id_number(province, born, number // 9000 * 2 + 1)
    return [number, f"测试{chr(0x7532 + number % 10)}", text, HUKOU[province], EMPLOYER, entry]


def people(count: int) -> Iterator[list[object]]:
    """Rows of different people, numbered from 1."""
    return (person(number) for number in range(1, count + 1))
