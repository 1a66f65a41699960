"""Which account a unit's money goes to, and what is on its way to become one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, OrganisationQuerySet, User
from subsidies.payees.enums import ChangeState
from subsidies.payees.models import AccountChange, AccountChangeQuerySet, PayeeAccount


def current(organisation_id: uuid.UUID, *, day: dt.date) -> PayeeAccount | None:
    """The account in force on the day; None where the unit has none."""
    return PayeeAccount.objects.filter(organisation=organisation_id).in_force(day).first()


def current_of(organisations: Collection[uuid.UUID], *, day: dt.date) -> dict[uuid.UUID, PayeeAccount]:
    """The same for many units in one query."""
    rows = PayeeAccount.objects.filter(organisation__in=organisations).in_force(day)
    found: dict[uuid.UUID, PayeeAccount] = {}
    for row in rows:
        found.setdefault(row.organisation_id, row)
    return found


def units(user: User) -> OrganisationQuerySet:
    """The units whose accounts this person may look at: finance pays them all."""
    rows = Organisation.objects.operators()
    return rows if user.role == Role.FINANCE else rows.visible_to(user)


@dataclass(frozen=True, slots=True)
class Unit:
    """收款账户 of one unit: in force, confirmed but still waiting, being looked at, and how it came to be."""

    organisation: Organisation
    current: PayeeAccount | None
    waiting: PayeeAccount | None
    open: AccountChange | None
    history: tuple[AccountChange, ...]


def unit(organisation: Organisation, user: User, *, day: dt.date) -> Unit:
    """Everything about a unit's accounts that this person may see; two queries."""
    accounts = list(PayeeAccount.objects.visible_to(user).filter(organisation=organisation))
    history = tuple(changes(user).filter(organisation=organisation))
    stopped = {row.account_id for row in history if row.state != ChangeState.CONFIRMED}
    in_force = [row for row in accounts if row.effective_on and row.effective_on <= day and row.pk not in stopped]
    later = [row.account for row in history if _awaits(row, day)]
    return Unit(
        organisation,
        max(in_force, key=lambda row: (row.effective_on, row.added_at), default=None),
        later[0] if later else None,
        next((row for row in history if row.is_open), None),
        history,
    )


def _awaits(row: AccountChange, day: dt.date) -> bool:
    on = row.account.effective_on
    return row.state == ChangeState.CONFIRMED and on is not None and on > day


def changes(user: User) -> AccountChangeQuerySet:
    """With what a row of a list shows."""
    rows = AccountChange.objects.visible_to(user)
    return rows.select_related("organisation", "account", "former", "asked_by", "checked_by", "confirmed_by")


def waiting(user: User) -> AccountChangeQuerySet:
    """What this person of the centre has to look at: not what he himself asked for or checked."""
    rows = changes(user).open().order_by("asked_at")
    if user.role != Role.CENTRE:
        return rows.none()
    return rows.exclude(state=ChangeState.CHECKED, checked_by=user).exclude(state=ChangeState.CHECKED, asked_by=user)
