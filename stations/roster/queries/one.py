"""One row of a list with what stands behind it: reasons, insured months, what was settled, its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from jinhua_labor.audit.models import AuditEntry
from stations.registry.models import Employer
from stations.roster.enums import CountFlag, EmploymentForm, ReasonCode
from stations.roster.models import Adjudication, Delivery, InsuranceExtract, InsuredMonth

if TYPE_CHECKING:
    from django.db.models import QuerySet

JUDGED: Final = (ReasonCode.E04, ReasonCode.E14, ReasonCode.E15, ReasonCode.E18, ReasonCode.E19)
"""Open questions a person of the centre answers; the others are decided by the data."""
ADVICE: Final[dict[str, str]] = {
    ReasonCode.E01: "请按证件核对身份证号后更正。",
    ReasonCode.E03: "户籍须为省外（中国大陆其他省份）。",
    ReasonCode.E04: "户籍文字看不出省份，或与身份证号前两位不一致，由中心核对户口簿后认定。",
    ReasonCode.E05: "入职当天须年满16周岁。",
    ReasonCode.E06: "入职和连续参保满2个月时都须未达法定退休年龄。",
    ReasonCode.E07: "劳务派遣人员不计入（第一条）。",
    ReasonCode.E08: "入职企业须为金东区用人主体；登记有误的，请中心在用工企业中更正。",
    ReasonCode.E09: "入职后在金东连续参保不足2个月。",
    ReasonCode.E10: "参保信息还没有查到足够的月份，由中心查询社保后自动更新。",
    ReasonCode.E11: "参保地不在金东，相关月份不计。",
    ReasonCode.E12: "缴费单位不是其入职的金东区用人主体，相关月份不计。",
    ReasonCode.E13: "同一人只计算一次。",
    ReasonCode.E14: "由中心核实后认定归属。",
    ReasonCode.E15: "连续参保中有逾期补缴的月份，由中心认定。",
    ReasonCode.E16: "入职时间晚于统计日。",
    ReasonCode.E17: "只有直接用工计入。",
    ReasonCode.E18: "女职工已满工人岗退休年龄，需管理或技术岗位证明，由中心认定。",
    ReasonCode.E19: "业务外包由中心核查是否名为外包实为派遣。",
}
CHANGES: Final = {
    "roster.row_add": "添加",
    "roster.row_correct": "更正",
    "roster.adjudicate": "认定",
    "roster.reveal": "查看完整身份证号",
    "insurance.tick": "登记参保月份",
}
WORDS: Final = {
    "name": "姓名",
    "id": "身份证后四位",
    "hukou": "户籍",
    "employer": "入职企业",
    "entry_on": "入职时间",
    "form": "用工形式",
    "leave_on": "离职时间",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row does not (yet) count, what helps, and whether a person of the centre may settle it."""

    code: str
    label: str
    advice: str
    judged: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A step in the life of a row."""

    title: str
    at: dt.datetime
    by: str
    text: str


def reasons(row: Delivery) -> list[Reason]:
    """The reasons of a row in the order of their codes."""
    return [
        Reason(code, ReasonCode(code).label, ADVICE.get(ReasonCode(code), ""), code in JUDGED) for code in row.codes
    ]


def flags(row: Delivery) -> list[str]:
    """What a reader should know although it decides nothing."""
    return [str(CountFlag(flag).label) for flag in row.flags]


def questions(row: Delivery, settled: list[Adjudication]) -> list[tuple[Reason, Adjudication | None]]:
    """The open questions of a row and those already answered, each with its answer."""
    answers = {one.code: one for one in settled}
    codes = [code for code in JUDGED if code in row.codes or code in answers]
    return [(Reason(code, code.label, ADVICE[code], judged=True), answers.get(code)) for code in codes]


def months(row: Delivery) -> list[tuple[InsuredMonth, str, bool]]:
    """The person's insured months with the payer's name, the latest extract first within a month; and whether a later
    extract that asked for the month took its place."""
    found = list(
        InsuredMonth.objects.filter(person=row.person_id)
        .select_related("extract")
        .order_by("month", "-extract__at")[:200]
    )
    names = dict(
        Employer.objects.filter(credit_code__in={month.payer_code for month in found}).values_list(
            "credit_code", "name"
        )
    )
    asked = InsuranceExtract.objects.filter(
        Q(roster_list=row.roster_list_id, whole_list=True, at__gte=row.created_at)
        | Q(pk__in={month.extract_id for month in found})
    )
    spans = list(asked.values_list("at", "month_from", "month_to"))
    return [
        (
            month,
            names.get(month.payer_code, ""),
            any(at > month.extract.at and first <= month.month <= last for at, first, last in spans),
        )
        for month in found
    ]


def adjudications(row: Delivery) -> QuerySet[Adjudication]:
    return row.adjudications.select_related("by", "proof").order_by("-at")


def history(row: Delivery) -> list[Change]:
    """What was done to the row, oldest first; the offices' view, from the journal."""
    entries = AuditEntry.objects.filter(
        object_type=row._meta.label_lower, object_id=str(row.pk), action__in=CHANGES
    ).order_by("id")[:100]
    return [Change(CHANGES[entry.action], entry.at, entry.actor_name, _text(entry)) for entry in entries]


def _text(entry: AuditEntry) -> str:
    before, after = entry.detail.get("before"), entry.detail.get("after")
    if entry.action == "roster.row_correct" and before and after:
        parts = [
            f"{label}：{_word(name, before.get(name))} → {_word(name, after.get(name))}"
            for name, label in WORDS.items()
            if before.get(name) != after.get(name)
        ]
        return "；".join(parts) or "其他栏目"
    if entry.action == "roster.adjudicate" and after:
        return f"{entry.detail.get('code')}：{'认可' if after[0] else '不认可'}（{after[1]}）"
    return entry.purpose


def _word(name: str, value: str | None) -> str:
    if name == "form" and value in EmploymentForm.values:
        return str(EmploymentForm(value).label)
    return value or "空"
