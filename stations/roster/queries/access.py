"""Who may change what of a list: known from the list's own row."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from jinhua_labor.accounts.enums import Role

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.roster.models import RosterList


def may_write(roster_list: RosterList, user: User) -> bool:
    """The operator's own people, and the counter clerk who entered the list for it."""
    if user.role == Role.OPERATOR:
        return user.organisation_id == roster_list.operator_id
    return user.role == Role.CENTRE and roster_list.created_by_id == user.pk


def is_open(roster_list: RosterList, user: User, row: uuid.UUID | None = None) -> bool:
    """Whether this person may change the list now, or this one row of a locked list."""
    return may_write(roster_list, user) and (
        not roster_list.is_locked or (row is not None and row in roster_list.open_rows)
    )
