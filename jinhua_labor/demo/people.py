"""Invented workers and employers: names nobody bears, areas ending in 9999 that do not exist, right check digits."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from stdnum.cn import uscc

from jinhua_labor.core.creditcode import organisation_check
from jinhua_labor.core.idnumber import check_digit
from jinhua_labor.core.provinces import PROVINCES
from jinhua_labor.policy.periods import add_months
from stations.roster.enums import EmploymentForm
from stations.roster.workbook.insurance import BACK_PAID, PAID

DISTRICT, ELSEWHERE = "330703", "330702"


def credit_code(number: int) -> str:
    """A credit code with right check characters in the area 339999, which does not exist."""
    body = f"MA{number:06d}"
    head = f"91339999{body}{organisation_check(body)}"
    return head + uscc.calc_check_digit(head)


@dataclass(frozen=True, slots=True)
class Unit:
    """An invented employer."""

    name: str
    credit_code: str
    in_district: bool = True
    dispatches: bool = False


MACHINES = Unit("示例机械制造有限公司", credit_code(910001))
ELECTRONICS = Unit("样例电子科技有限公司", credit_code(910002))
TEXTILES = Unit("演示纺织服装有限公司", credit_code(910003))
FURNITURE = Unit("虚构家具（金东）有限公司", credit_code(910004))
OUTSIDE = Unit("外区示例建材有限公司", credit_code(910005), in_district=False)
DISPATCH = Unit("示例劳务派遣有限公司", credit_code(910006), dispatches=True)
EMPLOYERS = (MACHINES, ELECTRONICS, TEXTILES, FURNITURE)
UNITS = {unit.name: unit for unit in (*EMPLOYERS, OUTSIDE, DISPATCH)}


@dataclass(frozen=True, slots=True)
class Month:
    """An insured month of a worker (yyyymm)."""

    month: int
    payer: Unit
    paid_on: dt.date
    place: str = DISTRICT
    status: str = PAID


@dataclass(frozen=True, slots=True)
class Worker:
    """A row of 附件2 with what the insurance extract knows of the person."""

    name: str
    id_number: str
    hukou: str
    employer: Unit
    entry_on: dt.date
    form: str = EmploymentForm.DIRECT
    post: str = "操作工"
    education: str = "初中"
    skill: str = ""
    certificate: str = ""
    months: tuple[Month, ...] = field(default=())


SURNAME = "测试"
# 千字文: given names in an order that nobody mistakes for real people.
GIVEN = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"
    "云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜"
)
RARE = (
    "测试𠮷", "测试䶮", "测试𠮷娃", "买买提·测试", "古丽·示例", "阿依古丽·买买提·测试", "测试㛃", "次仁·示例",
)  # fmt: skip
PLACES = {
    "52": "示例州示例县", "51": "示例市样例县", "53": "示例州样例县", "41": "示例市示例县", "36": "示例市示例县",
    "50": "示例区示例镇", "45": "示例市样例县", "61": "示例市样例区", "42": "示例州示例县", "43": "示例州样例县",
}  # fmt: skip
SKILLS = (("", ""), ("", ""), ("", ""), ("初级工", "示例"), ("中级工", "示例"), ("高级工", "示例"))
SCHOOLS = ("小学", "初中", "初中", "高中", "中专", "大专")
POSTS = ("操作工", "装配工", "缝纫工", "质检员", "仓管员", "焊工")


def id_number(province: str, born: dt.date, sequence: int) -> str:
    """A number with a right check digit in the area «province»9999; odd sequences are men."""
    head = f"{province}9999{born:%Y%m%d}{sequence:03d}"
    return head + check_digit(head)


class Population:
    """Gives out workers, each person once. The same on every seeding, but for dates counted back from its day."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)
        self._rare = itertools.cycle(RARE)

    def worker(
        self, province: str, entry_on: dt.date, *, born: dt.date | None = None, sex: str = "", insured: int = 4
    ) -> Worker:
        """One who is beyond doubt: of the province, of age, directly employed, insured from the month of entry on."""
        number = next(self._numbers)
        birth = born or dt.date(entry_on.year - 22 - number % 23, 1 + number % 12, 1 + number % 28)
        male = sex == "M" if sex else number % 3 != 0
        employer = EMPLOYERS[number % len(EMPLOYERS)]
        skill, issued = SKILLS[number % len(SKILLS)]
        name = next(self._rare) if number % 23 == 0 else SURNAME + GIVEN[number % len(GIVEN)]
        if number >= len(GIVEN) and len(name) == len(SURNAME) + 1 and name not in RARE:
            name += GIVEN[(number // len(GIVEN) * 7 + number) % len(GIVEN)]
        return Worker(
            name=name,
            id_number=id_number(province, birth, (number * 2 + (1 if male else 0)) % 1000),
            hukou=f"{PROVINCES[province]}{PLACES[province]}",
            employer=employer,
            entry_on=entry_on,
            post=POSTS[number % len(POSTS)],
            education=SCHOOLS[number % len(SCHOOLS)],
            skill=skill,
            certificate=f"{issued}{number:06d}" if skill else "",
            months=months(entry_on, insured, employer),
        )

    def crowd(self, province: str, size: int, *, last: dt.date, insured: int = 4) -> Iterator[Worker]:
        """So many of them, who entered one after another in the months up to `last`."""
        for number in range(size):
            yield self.worker(province, entered(number, last), insured=insured)


def entered(number: int, last: dt.date) -> dt.date:
    """The day of entry of the n-th of a crowd: spread over half a year, more towards its end."""
    return last - dt.timedelta(days=number % 21 + 30 * (number % 7 * (number % 3) // 2))


def months(
    entry_on: dt.date,
    count: int,
    payer: Unit,
    *,
    place: str = DISTRICT,
    paid_later: int = 1,
    status: str = PAID,
) -> tuple[Month, ...]:
    """Insured months from the month of entry on, each paid on the 15th so many months later."""
    first = entry_on.replace(day=1)
    days = [add_months(first, number) for number in range(count)]
    return tuple(
        Month(day.year * 100 + day.month, payer, add_months(day, paid_later).replace(day=15), place, status)
        for day in days
    )


def oddities(people: Population, province: str, entry_on: dt.date) -> list[Worker]:
    """One worker for each reason not (yet) to count that a single row can show; `entry_on` lies long enough back.

    Of the codes of R-02 these leave out E13 and E14, which need another row, and E01, E05 and E16, whose rows are never
    taken in but stay in staging.
    """

    def one(**fields: object) -> Worker:
        return people.worker(province, entry_on, **fields)  # type: ignore[arg-type]

    home = people.worker("52", entry_on)
    retired = one(born=dt.date(entry_on.year - 63, 3, 8), sex="M")
    office = one(born=dt.date(entry_on.year - 52, 3, 8), sex="F")
    late = one()
    elsewhere, other_payer, outsourced, away = one(), one(), one(), one()
    return [
        replace(home, id_number=id_number("33", dt.date(1990, 5, 6), 451), hukou="浙江省示例市样例县"),  # E03
        replace(one(), hukou=f"{PLACES[province]}样例村"),  # E04: no province in the text
        retired,  # E06
        replace(one(), form=EmploymentForm.DISPATCH),  # E07
        replace(away, employer=OUTSIDE, months=months(entry_on, 4, MACHINES)),  # E08
        replace(one(), months=()),  # E09: asked for, not insured
        replace(elsewhere, months=months(entry_on, 4, elsewhere.employer, place=ELSEWHERE)),  # E11
        replace(other_payer, months=months(entry_on, 4, DISPATCH)),  # E12, looks like dispatch
        replace(late, months=months(entry_on, 2, late.employer, paid_later=2, status=BACK_PAID)),  # E15
        replace(one(), form=EmploymentForm.PART_TIME),  # E17
        office,  # E18
        replace(outsourced, form=EmploymentForm.OUTSOURCING),  # E19
    ]
