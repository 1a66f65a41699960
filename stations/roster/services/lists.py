"""The list itself: made with its application, locked by SUBMIT, opened again as far as a 补正通知书 names it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused
from stations.roster.models import RosterList
from stations.roster.queries.access import may_write

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import Organisation, User

AT_STATION = "已归工作站的人员，请在工作站名册中添加或更正，写明理由。"
LOCKED = "名册已随申请提交并锁定。需要更正的，请等中心退回补正，或先撤回申请。"


@transaction.atomic
def create_list(*, operator: Organisation, by: User) -> RosterList:
    """An empty, open list of an operator; `by` is his own person or the counter clerk who enters it."""
    roster_list = RosterList.objects.create(operator=operator, created_by=by)
    record(by=by, action="roster.create", obj=roster_list)
    return roster_list


@transaction.atomic
def lock_list(*, roster_list: RosterList, by: User) -> RosterList:
    """Closes the list (提交): rows stay as they are; insurance data and adjudications may still arrive."""
    locked = held(roster_list)
    locked.locked_at = timezone.now()  # the latest hand-in: the day its count goes by
    locked.open_rows = []
    locked.save(update_fields=["locked_at", "open_rows"])
    record(by=by, action="roster.lock", obj=locked, detail={"rows": locked.rows})
    return locked


@transaction.atomic
def unlock_list(*, roster_list: RosterList, by: User, rows: Collection[uuid.UUID] | None = None) -> RosterList:
    """Opens the whole list (`rows` None), or only the rows a 补正通知书 names."""
    locked = held(roster_list)
    if rows is None:
        locked.locked_at, locked.open_rows = None, []
    else:
        locked.locked_at, locked.open_rows = locked.locked_at or timezone.now(), sorted(set(rows))
    locked.save(update_fields=["locked_at", "open_rows"])
    record(by=by, action="roster.unlock", obj=locked, detail={"rows": "all" if rows is None else len(set(rows))})
    return locked


@transaction.atomic
def change_head(
    *, roster_list: RosterList, filler: str, filler_phone: str, filled_on: dt.date | None, by: User
) -> RosterList:
    """填表人, 联系电话, 填报日期 as 附件2 prints them. Raises Refused while the list is locked."""
    locked = held_for(roster_list, by)
    locked.filler, locked.filler_phone, locked.filled_on = filler, filler_phone, filled_on
    locked.save(update_fields=["filler", "filler_phone", "filled_on"])
    record(by=by, action="roster.head", obj=locked)
    return locked


def held(roster_list: RosterList) -> RosterList:
    """The list, locked until the transaction ends."""
    return RosterList.objects.select_for_update(of=("self",), no_key=True).get(pk=roster_list.pk)


def held_for(roster_list: RosterList, by: User, *, row: uuid.UUID | None = None) -> RosterList:
    """The list held for a change by this person. Raises PermissionDenied for a stranger, Refused while it is closed.

    `row` is the only row that will change: it may be open although the list is not.
    """
    locked = held(roster_list)
    if not may_write(locked, by):
        raise PermissionDenied
    if locked.is_locked and row not in locked.open_rows:
        raise Refused(LOCKED)
    if row is not None and locked.station_id is not None:
        raise Refused(AT_STATION)
    return locked
