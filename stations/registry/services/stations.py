"""Every write of a station that is not its establishment: the plaque, and the end of its term."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import OFFICE_ROLES
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.policy.switches import EstablishedAnchor
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import PUBLIC_STATES, StationState
from stations.registry.models import Station
from stations.registry.rules import state_on


@transaction.atomic
def record_plaque(
    *, station_id: uuid.UUID, plaque_no: str, plaque_on: dt.date, photo: attachments.Upload, by: User
) -> Station:
    """登记挂牌: number, day and photograph of the plaque, once (第一条; R-01). It delays and adds no right.

    Raises Refused with what to mend; Conflict when a colleague recorded it. The same plaque twice is one.
    """
    if by.role not in OFFICE_ROLES:
        raise PermissionDenied
    station = lock_station(station_id)
    if station.plaque_on is not None:
        if (station.plaque_no, station.plaque_on) == (plaque_no, plaque_on):
            return station
        raise Conflict(f"该工作站已登记挂牌（{station.plaque_no}，{date_cn(station.plaque_on)}），请刷新后查看。")
    problems = []
    if station.state not in PUBLIC_STATES:
        problems.append((f"工作站{station.get_state_display()}，不再挂牌。", ""))
    if plaque_on < station.established_on:
        problems.append((f"挂牌日期不能早于设立日期（{date_cn(station.established_on)}）。", "#id_plaque_on"))
    if plaque_on > today():
        problems.append(("挂牌日期不能晚于今天。", "#id_plaque_on"))
    if holder := Station.objects.filter(plaque_no=plaque_no).exclude(pk=station.pk).first():
        problems.append((f"铭牌编号{plaque_no}已登记给{holder.name}，请核对。", "#id_plaque_no"))
    if problems:
        raise Refused("还不能登记挂牌，请先处理以下问题。", problems=tuple(problems))
    station.plaque_photo = attachments.store(
        photo,
        by=by,
        organisation=station.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kinds=("jpeg", "png"),
        kind="plaque_photo",
    )
    station.plaque_no, station.plaque_on, station.plaque_by = plaque_no, plaque_on, by
    if policy_on(station.established_on).policy.established_anchor is EstablishedAnchor.PLAQUE:
        station.established_on = plaque_on
    station.save()
    record(
        by=by,
        action="station.plaque",
        obj=station,
        detail={"plaque_no": plaque_no, "plaque_on": plaque_on.isoformat()},
    )
    send(
        to_organisation=station.operator,
        subject=f"{station.name}已登记挂牌",
        body=f"铭牌编号{plaque_no}，{date_cn(plaque_on)}挂牌。",
        link=station.get_absolute_url(),
    )
    return station


def expire_due(*, day: dt.date, spared: Collection[uuid.UUID] = ()) -> int:
    """经营期限届满: stations whose last day is over on `day` become EXPIRED, without any bar (R-19); gives how many.

    `spared` are stations whose renewal is approved and waits for its document (§5). Each in a transaction of its own,
    so that one locked row does not hold up the others; run again, it does nothing.
    """
    due = Station.objects.filter(state__in=[StationState.ACTIVE, StationState.RECTIFYING], term_to__lt=day)
    due = due.exclude(pk__in=list(spared))
    return sum(_expire(pk, day) for pk in list(due.order_by("term_to", "pk").values_list("pk", flat=True)))


@transaction.atomic
def _expire(station_id: uuid.UUID, day: dt.date) -> bool:
    station = lock_station(station_id)
    before, after = station.state, state_on(StationState(station.state), station.term_to, day)
    if after == before:
        return False
    station.state = after
    station.save(update_fields=["state"])
    system = User.objects.system()
    record(by=system, action="station.expire", obj=station, detail={"before": before, "term_to": station.term_to})
    grace = policy_on(day).policy.settings.renewal_grace_months
    send(
        to_organisation=station.operator,
        subject=f"{station.name}经营期限已届满",
        body=f"经营期限至{date_cn(station.term_to)}止。届满不影响重新申报，{grace}个月内可以申请续期。",
        link=station.get_absolute_url(),
    )
    return True


def lock_station(station_id: uuid.UUID) -> Station:
    """The station with its operator, locked until the transaction ends; every step that changes what is its own."""
    return Station.objects.select_for_update(of=("self",), no_key=True).select_related("operator").get(pk=station_id)
