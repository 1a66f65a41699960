"""追回通知 of a case as it reads."""

from __future__ import annotations

from jinhua_labor.documents.letters import RecoveryNotice
from subsidies.grants.models import Recovery


def notice_of(row: Recovery) -> RecoveryNotice:
    """A draft while it is not sent."""
    grant = row.grant
    return RecoveryNotice(
        number=row.number,
        unit=grant.payee.name,
        station=grant.station.name,
        item=grant.item,
        paid=row.paid,
        amount=row.amount,
        reason=row.reason,
        basis=row.basis,
        due_on=row.due_on,
        issued_on=row.notified_on,
    )
