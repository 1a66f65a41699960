"""The running list of a station: made with its first row, held for every change, closed where a year is frozen."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused
from stations.registry.enums import StationState
from stations.registry.models import Station
from stations.roster.enums import StagedState
from stations.roster.models import FrozenYear, ImportBatch, RosterList
from stations.roster.queries.access import may_keep

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


def hold_station(station_id: uuid.UUID | None) -> Station | None:
    """The station, locked until the transaction ends: changes of its roster and the freezing of a year take turns."""
    if station_id is None:
        return None
    rows = Station.objects.select_for_update(of=("self",), no_key=True).select_related("operator")
    return rows.get(pk=station_id)


def held_station(station: Station, by: User) -> Station:
    """The station held for a change of its roster by this person. Raises PermissionDenied for a stranger."""
    locked = hold_station(station.pk)
    assert locked is not None
    if not may_keep(locked, by):
        raise PermissionDenied
    return locked


@transaction.atomic
def list_of(*, station: Station, by: User) -> RosterList:
    """The list into which everything goes that is delivered after the establishment; made when it is first needed.

    Raises Refused for a station whose qualification was withdrawn.
    """
    locked = held_station(station, by)
    if locked.state == StationState.REVOKED:
        raise Refused("工作站资格已取消，不再登记输送人员。")
    found, made = RosterList.objects.get_or_create(
        station=locked, defaults={"operator": locked.operator, "created_by": by}
    )
    if made:
        record(by=by, action="roster.create", obj=found, detail={"station": locked.number})
    elif found.operator_id != locked.operator_id:  # the station was taken over: what comes now is the new unit's
        found.operator = locked.operator
        found.save(update_fields=["operator"])
    return found


def frozen_on(station_id: uuid.UUID | None, *days: dt.date) -> FrozenYear | None:
    """The frozen year of the station that one of these days lies in."""
    if station_id is None:
        return None
    for day in days:
        found = FrozenYear.objects.filter(station=station_id, starts_on__lte=day, ends_on__gte=day).first()
        if found is not None:
            return found
    return None


def refuse_frozen(batch: ImportBatch) -> None:
    """Raises Refused where good rows of an import fall into a frozen year: those are added singly, with a reason."""
    years = FrozenYear.objects.filter(station=batch.roster_list.station_id)
    numbers: list[int] = []
    for year in years if batch.roster_list.station_id else ():
        rows = batch.rows.filter(state=StagedState.GOOD, entry_on__range=(year.starts_on, year.ends_on))
        numbers += rows.order_by("row_no").values_list("row_no", flat=True)[:20]
    if numbers:
        told = "、".join(str(number) for number in numbers[:20])
        raise Refused(
            f"第 {told} 行的入职时间在已冻结的年度内，不能成批导入。"
            "请将这些行选为不导入，在工作站名册中逐人补录并写明理由。"
        )
