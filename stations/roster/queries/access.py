"""Who may change what: known from the row of the list, or of the station."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from jinhua_labor.accounts.enums import Role

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.registry.models import Station
    from stations.roster.models import RosterList


def may_write(roster_list: RosterList, user: User) -> bool:
    """The operator's own people, and the counter clerk who entered the list for it; a station's list moves with it."""
    if user.role == Role.OPERATOR:
        station = roster_list.station
        return user.organisation_id == (station.operator_id if station is not None else roster_list.operator_id)
    return user.role == Role.CENTRE and roster_list.created_by_id == user.pk


def is_open(roster_list: RosterList, user: User, row: uuid.UUID | None = None) -> bool:
    """Whether this person may change the list now, or this one row of a locked list. Rows of a station are corrected
    with a reason instead (`may_keep`)."""
    if row is not None and roster_list.station_id is not None:
        return False
    return may_write(roster_list, user) and (
        not roster_list.is_locked or (row is not None and row in roster_list.open_rows)
    )


def may_keep(station: Station, user: User) -> bool:
    """Whether this person keeps the roster of the station: its operator's people and the centre."""
    if user.role == Role.OPERATOR:
        return user.organisation_id == station.operator_id
    return user.role == Role.CENTRE
