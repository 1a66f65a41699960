"""The figures of the home pages: stations, people, the funnel of applications. Numbers only, never a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.http import urlencode

from jinhua_labor.accounts.models import User
from jinhua_labor.core.provinces import SHORT_NAMES
from jinhua_labor.policy.periods import add_months
from jinhua_labor.review.states import State
from stations.applications.models import Application
from stations.registry.models import Station
from stations.registry.queries.directory import by_province
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery

MONTHS = 12
PROVINCES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its table: `rows` are (label, number, address of the list behind it)."""

    id: str
    title: str
    kind: str
    unit: str
    rows: tuple[tuple[str, int, str], ...]
    summary: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """As `<c-chart>` draws it."""
        series: dict[str, Any] = {"name": self.unit, "data": [row[1] for row in self.rows]}
        if any(row[2] for row in self.rows):
            series["links"] = [row[2] for row in self.rows]
        return {"kind": self.kind, "labels": [row[0] for row in self.rows], "series": [series]}

    @property
    def empty(self) -> bool:
        return not any(row[1] for row in self.rows)


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """数字概览 of the public home."""

    stations: int
    provinces: int
    workers: int
    chart: Figure


def public_figures() -> PublicFigures:
    """Stations that run, provinces they work with, people who counted at 设立: two queries."""
    rows = by_province(Station.objects.public())
    directory = reverse("registry:directory")
    # The stored counts of the lists: no page has to add up the people themselves.
    workers = Application.objects.filter(station__isnull=False).aggregate(n=Sum("roster_list__counted"))["n"] or 0
    chart = Figure(
        "public-provinces",
        "各协作省份的工作站",
        "bar-lying",
        "个",
        tuple((name, count, f"{directory}?{urlencode({'province': code})}") for code, name, count in rows),
    )
    return PublicFigures(sum(row[2] for row in rows), len(rows), workers, chart)


def funnel(user: User) -> Figure:
    """How far the applications came that this person may see, since the beginning: one query."""
    found = Application.objects.visible_to(user).aggregate(
        submitted=Count("pk", filter=Q(review__first_submitted_at__isnull=False)),
        screened=Count("pk", filter=Q(review__screened_at__isnull=False)),
        approved=Count("pk", filter=Q(review__state=State.APPROVED)),
        established=Count("pk", filter=Q(station__isnull=False)),
        plaque=Count("pk", filter=Q(station__plaque_on__isnull=False)),
    )
    files, stations = reverse("applications:list"), reverse("registry:stations")
    rows = (
        ("已提交", found["submitted"], files),
        ("完成初审", found["screened"], files),
        ("审核通过", found["approved"], f"{files}?state=APPROVED"),
        ("发文设立", found["established"], stations),
        ("已挂牌", found["plaque"], stations),
    )
    return Figure("funnel", "设立申请办理情况", "bar-lying", "件", rows)


def people_by_month(user: User, day: dt.date) -> Figure:
    """计入 people by month of entry, the last twelve months: one query."""
    first = add_months(day.replace(day=1), 1 - MONTHS)
    counts = dict(
        _counted(user)
        .filter(entry_on__gte=first, entry_on__lte=day)
        .annotate(month=TruncMonth("entry_on"))
        .values_list("month")
        .annotate(n=Count("pk"))
    )
    months = [add_months(first, step) for step in range(MONTHS)]
    rows = tuple((f"{month.month}月", counts.get(month, 0), "") for month in months)
    total = sum(row[1] for row in rows)
    return Figure("people-month", "近12个月入职人数（计入）", "bar", "人", rows, f"共 {total} 人")


def people_by_province(user: User) -> Figure:
    """计入 people by the province of their 户籍, the largest first: one query."""
    counts = _counted(user).values_list("hukou_province").annotate(n=Count("pk")).order_by("-n", "hukou_province")
    found = [(SHORT_NAMES.get(code, "未识别"), n, "") for code, n in counts]
    rest = sum(n for _, n, _ in found[PROVINCES_SHOWN:])
    rows = found[:PROVINCES_SHOWN] + ([("其他省份", rest, "")] if rest else [])
    total = sum(n for _, n, _ in found)
    return Figure("people-province", "户籍省份（计入）", "bar-lying", "人", tuple(rows), f"累计 {total} 人")


def _counted(user: User) -> Any:
    return Delivery.objects.visible_to(user).filter(status=CountStatus.COUNTED).order_by()
