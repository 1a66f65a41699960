"""确认到账: the unit says that the money has come (R-46); the bank's result is what counts, this is its echo."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant

from .common import expect, locked, require


@transaction.atomic
def confirm_received(*, grant_id: uuid.UUID, by: User) -> Grant:
    """By the unit it was paid to, once; a bounce or a new round takes it back. Raises Conflict before it is paid."""
    require(by, Role.OPERATOR)
    grant = locked(grant_id)
    if by.organisation_id != grant.payee_id:
        raise PermissionDenied
    if grant.received_on is not None:
        return grant
    expect(grant, Stage.PAID)
    grant.received_by, grant.received_on = by, today()
    grant.save(update_fields=["received_by", "received_on"])
    record(by=by, action="grant.received", obj=grant, detail={"amount": str(grant.outstanding)})
    return grant
