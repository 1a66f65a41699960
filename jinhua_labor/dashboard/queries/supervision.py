"""What waits in daily supervision: changes, problems, visits, activities, complaints, accidents, alerts, 取消资格."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.dates import date_cn
from stations.oversight.queries import activities, assignments, changes, revocations, safety, visits
from stations.registry.models import Station

SHOWN = 5
VISIT_SOON_DAYS = 7


class Row(NamedTuple):
    """A line of 待办 in the order of its fields."""

    title: str
    url: str
    sub: str = ""
    state: str = ""
    label: str = ""
    due_on: dt.date | None = None


def supervision(user: User, *, day: dt.date) -> Iterator[Row]:
    """Lines for the unit, for the offices and for the association; a fixed number of queries for each role."""
    if user.role == Role.ASSOCIATION:
        yield from _assignments(user, day)
        return
    if user.role in (Role.CENTRE, Role.BUREAU):
        yield from _alerts(user, day)
    yield from _complaints(user, day)
    yield from _accidents(user)
    if user.role == Role.BUREAU:
        return
    yield from _revocations(user, day)
    yield from _changes(user, day)
    yield from _findings(user)
    yield from _activities(user)
    if user.role == Role.CENTRE:
        yield from _visits(user, day)


def _page(station: Station, name: str) -> str:
    return reverse(f"oversight:{name}", args=[station.pk])


def _alerts(user: User, day: dt.date) -> Iterator[Row]:
    """无专人 and 逾期未整改: alerts that lead to no act by themselves (R-20, R-22)."""
    for one in changes.without_liaison(user, day=day)[:SHOWN]:
        words = "超过期限，请核实是否仍具备设立条件" if one.long else "请督促确定专人"
        yield Row(
            f"无专人：{one.station.name}",
            _page(one.station, "station_changes"),
            f"{date_cn(one.gap.start)}起 {one.gap.days} 天，{words}",
            "REVOKING" if one.long else "PENDING",
            f"无专人 {one.gap.days} 天",
        )
    for alert in revocations.alerts(user, day=day)[:SHOWN]:
        yield Row(
            f"可能不再具备设立条件：{alert.station.name}",
            _page(alert.station, "station_revocations"),
            "；".join(alert.reasons),
            "PENDING",
            "请核实",
        )
    for finding in visits.findings_overdue(user, day=day)[:SHOWN]:
        late = visits.overdue_of(finding, day=day)
        yield Row(
            f"逾期未整改：{finding.station.name}",
            finding.get_absolute_url(),
            finding.text[:60],
            "RETURNED",
            late.text if late else "",
        )


def _revocations(user: User, day: dt.date) -> Iterator[Row]:
    """What 取消资格 asks beside the inbox of the review."""
    for row in revocations.waiting(user, day=day)[:SHOWN]:
        title, due = revocations.next_step(row, user)
        pill = revocations.shown_state(row, user)
        yield Row(f"{title}：{row.station.name}", row.get_absolute_url(), row.number, pill["state"], pill["label"], due)


def _changes(user: User, day: dt.date) -> Iterator[Row]:
    operator = user.role == Role.OPERATOR
    for row in changes.waiting(user)[:SHOWN]:
        if not operator:
            title, sub, state, label = "备案变更", row.station.name, "SUBMITTED", "待备案"
        elif row.new_operator_id == user.organisation_id:
            title, sub, state, label = "确认是否承接", row.station.name, "PENDING", "待确认"
        else:
            title, sub, state, label = "修改变更报备", row.answer[:60], "RETURNED", "已退回"
        yield Row(f"{title}：{row.get_kind_display()}", row.get_absolute_url(), sub, state, label)
    for row in changes.handovers_due(user, day=day)[:SHOWN]:
        title = "提交工作交接清单" if operator else "工作交接清单逾期"
        sub = f"{row.station.name}，变更{row.get_kind_display()}"
        yield Row(title, row.get_absolute_url(), sub, "PENDING", "待交接", row.handover_due_on)


def _findings(user: User) -> Iterator[Row]:
    operator = user.role == Role.OPERATOR
    for row in visits.findings_waiting(user)[:SHOWN]:
        title = "整改" if operator else "复查整改"
        state, label = ("RETURNED", "待整改") if operator else ("SUBMITTED", "待复查")
        due = row.due_on if operator else None
        yield Row(f"{title}：{row.station.name}", row.get_absolute_url(), row.text[:60], state, label, due)


def _activities(user: User) -> Iterator[Row]:
    operator = user.role == Role.OPERATOR
    for row in activities.waiting(user)[:SHOWN]:
        title, sub = ("修改活动", row.answer[:60]) if operator else ("确认活动", row.station.name)
        state, label = ("RETURNED", "已退回") if operator else ("SUBMITTED", "待确认")
        yield Row(f"{title}：{row.name}", row.get_absolute_url(), sub, state, label)


def _complaints(user: User, day: dt.date) -> Iterator[Row]:
    """投诉 with the step that is owed; the bureau sees what is late."""
    for row in safety.complaints_owed(user, day=day)[:SHOWN]:
        owed = safety.due_of(row, day=day)
        if owed is None:
            continue
        late = owed.text if owed.late else ""
        if user.role == Role.OPERATOR:
            yield Row(f"说明投诉情况：{row.number}", row.get_absolute_url(), row.shown[:60], "PENDING", "待说明")
            continue
        where = row.station.name if row.station else "没有指明工作站"
        yield Row(
            f"投诉{owed.step}：{row.number}",
            row.get_absolute_url(),
            where,
            "RETURNED" if late else "SUBMITTED",
            late or row.get_state_display(),
            None if late else owed.by,
        )


def _accidents(user: User) -> Iterator[Row]:
    title = "认定是否重大事故" if user.role == Role.BUREAU else "事故责任认定"
    for row in safety.accidents_owed(user)[:SHOWN]:
        label = "待局认定" if user.role == Role.BUREAU else row.get_state_display()
        yield Row(f"{title}：{row.number}", row.get_absolute_url(), row.station.name, "SUBMITTED", label)


def _assignments(user: User, day: dt.date) -> Iterator[Row]:
    """受托检查 nobody of the association has written about yet."""
    for row in assignments.owed(user, day=day)[:SHOWN]:
        sub = row.purpose[:60]
        yield Row(f"受托检查：{row.station.name}", row.get_absolute_url(), sub, "PENDING", "待提交意见", row.ends_on)


def _visits(user: User, day: dt.date) -> Iterator[Row]:
    for row in visits.planned_for(user, until=day + dt.timedelta(days=VISIT_SOON_DAYS))[:SHOWN]:
        sub = f"{row.get_kind_display()}，计划{date_cn(row.planned_on) if row.planned_on else ''}"
        yield Row(f"走访：{row.station.name}", row.get_absolute_url(), sub, "PENDING", "待走访", row.planned_on)
