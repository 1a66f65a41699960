"""What subsidies add to the world of the sweeps: for each party its account and another on its way, a grant at each
step somebody takes, each of a station of its own, and money asked back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.oversight.enums import Ground
from stations.registry.models import Station
from subsidies.grants.models import Grant
from tests.meta import rows, rows_oversight
from tests.meta import rows_subsidies as made

if TYPE_CHECKING:
    from tests.meta.world import Party


def equip(party: Party, clerk: User, official: User) -> None:
    """Who screened and approved stands in the world as the offices' people."""
    payer = rows.clerk(Role.FINANCE)
    account = made.confirmed_change(organisation=party.organisation, asked_by=party.user)
    yearly = _grant(party, made.yearly)
    paid = _grant(party, made.paid, paid_by=payer)
    fraud = rows_oversight.decided_revocation(
        station=paid.station, operator=party.organisation, grounds=[Ground.G4], facts=f"{party.word}事实"
    )
    party.things |= {
        "account_change": account,
        "asked_change": made.change(organisation=party.organisation, asked_by=party.user),
        "grant": _grant(party, made.grant),
        "grant_submitted": _grant(party, made.submitted),
        "grant_screened": _grant(party, made.screened),
        "grant_reviewed": _grant(party, made.reviewed),
        "grant_approved": _grant(party, made.approved),
        "grant_bounced": _grant(party, made.approved, recheck_reason="账户已销户"),
        "grant_paid": paid,
        "grant_round": made.adjustment(grant=yearly, created_by=official),
        "benefit": made.benefit(grant=_grant(party, made.screened), recorded_by=clerk, policy=f"{party.word}其他补助"),
        "recovery": made.notified(grant=paid, revocation=fraud, reason=f"{party.word}事由", notified_by=official),
        "fraud_decision": fraud,
    }


def grow(party: Party, clerk: User, official: User) -> None:
    """One more of everything a list of this room may show."""
    from tests import factories

    for make in (made.grant, made.submitted, made.screened, made.reviewed, made.approved, made.cancelled):
        _grant(party, make)
    row = _grant(party, made.paid)
    made.notified(grant=row, notified_by=official, revocation=rows_oversight.decided_revocation(station=row.station))
    out = _grant(party, made.paid)
    rows_oversight.decided_revocation(station=out.station, operator=party.organisation, grounds=[Ground.G4])
    made.adjustment(grant=party.grant_round.grant, number=2 + party.grant_round.grant.adjustments.count())
    made.benefit(grant=party.benefit.grant, recorded_by=clerk, amount=Decimal(10))
    made.approval(grant=party.grant_reviewed, step=1 + party.grant_reviewed.approvals.count())
    made.change(organisation=factories.organisation())
    made.refused_change(organisation=party.organisation)


def _grant(party: Party, make: Any, **fields: Any) -> Grant:
    row: Grant = make(station=_station(party), **fields)
    return row


def _station(party: Party) -> Station:
    return rows.station(
        operator=party.organisation, name=f"{party.word}第{rows.number()}补贴站", document=party.station.document
    )
