"""Reads of the journal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from jinhua_labor.core.clock import SHANGHAI

from .models import AuditEntry

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


def entries(
    user: User,
    *,
    action: str = "",
    who: str = "",
    what: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[AuditEntry]:
    """The journal, newest first, narrowed; empty for everyone but the auditor. Days are those of Asia/Shanghai."""
    rows = AuditEntry.objects.all() if user.role == "AUDITOR" else AuditEntry.objects.none()
    if action:
        rows = rows.filter(action=action)
    if who:
        rows = rows.filter(Q(actor_name__startswith=who) | Q(organisation_name__startswith=who))
    if what:
        rows = rows.filter(Q(object_id=what) | Q(object_title__contains=what))
    if since:
        rows = rows.filter(at__gte=dt.datetime.combine(since, dt.time.min, SHANGHAI))
    if until:
        rows = rows.filter(at__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, SHANGHAI))
    return rows


def actions() -> list[str]:
    """The action codes that occur, for the filter."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())
