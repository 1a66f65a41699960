"""The figures of the home pages: stations, people, the funnel of applications. Numbers only, never a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.http import urlencode

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import SHANGHAI
from jinhua_labor.core.dates import datetime_cn
from jinhua_labor.core.provinces import SHORT_NAMES
from jinhua_labor.policy.periods import add_months
from jinhua_labor.review.states import State
from stations.applications.models import Application
from stations.registry.models import Station
from stations.registry.queries.directory import by_province
from stations.roster.models import Headcount

MONTHS = 12
PROVINCES_SHOWN = 10
_WAITS = "有了计入的人员后，这里会画成图，并附数据表；每 5 分钟汇总一次。"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its table: `rows` are (label, number, address of the list behind it)."""

    id: str
    title: str
    kind: str
    unit: str
    rows: tuple[tuple[str, int, str], ...]
    summary: str = ""
    waits: str = "有了数据后，这里会画成图，并附数据表。"  # said while there is nothing to draw

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


def people_figures(user: User, day: dt.date) -> tuple[Figure, Figure]:
    """计入 people by month of entry and by 户籍省份, as they were added up last: one query."""
    found = Headcount.objects.visible_to(user).first()
    as_of = f"截至{datetime_cn(found.as_of.astimezone(SHANGHAI))}" if found else ""
    return _by_month(found, day, as_of), _by_province(found, as_of)


def _by_month(found: Headcount | None, day: dt.date, as_of: str) -> Figure:
    """The last twelve months."""
    first = add_months(day.replace(day=1), 1 - MONTHS)
    months = [add_months(first, step) for step in range(MONTHS)]
    counts = found.by_month if found else {}
    rows = tuple((f"{month.month}月", counts.get(f"{month:%Y%m}", 0), "") for month in months)
    total = sum(row[1] for row in rows)
    return Figure("people-month", "近12个月入职人数（计入）", "bar", "人", rows, f"共 {total} 人，{as_of}", _WAITS)


def _by_province(found: Headcount | None, as_of: str) -> Figure:
    """The largest first."""
    counts = sorted(found.by_province.items(), key=lambda one: (-one[1], one[0])) if found else []
    rows = [(SHORT_NAMES.get(code, "未识别"), n, "") for code, n in counts]
    rest = sum(n for _, n, _ in rows[PROVINCES_SHOWN:])
    shown = rows[:PROVINCES_SHOWN] + ([("其他省份", rest, "")] if rest else [])
    total = sum(n for _, n, _ in rows)
    words = f"累计 {total} 人，{as_of}"
    return Figure("people-province", "户籍省份（计入）", "bar-lying", "人", tuple(shown), words, _WAITS)
