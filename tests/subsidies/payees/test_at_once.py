"""Two people at one account, and a grant that is decided while its unit's account changes: one step at a time, and a
grant keeps one account whole (F3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from subsidies.grants.queries.account import snapshot_of
from subsidies.grants.services import review
from subsidies.payees.enums import ChangeState
from subsidies.payees.models import AccountChange, PayeeAccount
from subsidies.payees.queries.accounts import current
from subsidies.payees.services import accounts
from tests import factories
from tests.killing import kill_behind
from tests.stations.roster.test_killed import together
from tests.subsidies.build import NUMBER, Desk, asked, derive, grant_of, lingering, reload
from tests.subsidies.build import station as running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OTHER = "3390999900007654321"


@pytest.fixture
def desk(
    operator_user: User,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
    bureau_second: User,
    finance: User,
) -> Desk:
    """On the day it is: a process of its own has no other."""
    derive()  # the policy is read before anybody waits for a lock
    return Desk(operator_user, centre_clerk, centre_second, bureau_official, bureau_second, finance)


def new(desk: Desk, number: str = NUMBER, *, checked: bool = False) -> AccountChange:
    assert desk.unit.organisation is not None
    row = asked(desk.unit.organisation, desk.unit, number)
    return accounts.check(change_id=row.pk, note="电话核实。", by=desk.centre) if checked else row


def told(row: AccountChange, words: str) -> int:
    return Message.objects.filter(user__organisation=row.organisation, subject__contains=words).count()


def one_taken(found: list[Any]) -> None:
    assert sorted(type(one).__name__ for one in found) == ["AccountChange", "Conflict"], found


def test_两人同时复核_确认一次(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row, third = new(desk, checked=True), factories.user(Role.CENTRE)
    lingering(monkeypatch, accounts, "_expect")
    found = together(*[lambda who=who: accounts.confirm(change_id=row.pk, by=who) for who in (desk.second, third)])
    one_taken(found)
    assert AuditEntry.objects.filter(action="account.confirm").count() == 1
    assert told(row, "收款账户已确认") == 1


def test_双击复核_确认一次(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = new(desk, checked=True)
    lingering(monkeypatch, accounts, "_expect")
    found = together(*[lambda: accounts.confirm(change_id=row.pk, by=desk.second)] * 2)
    assert [one.state for one in found] == [ChangeState.CONFIRMED] * 2
    assert told(row, "收款账户已确认") == 1


def test_两人同时核对_核对一次(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = new(desk)
    lingering(monkeypatch, accounts, "_expect")
    people = (desk.centre, desk.second)
    one_taken(together(*[lambda by=by: accounts.check(change_id=row.pk, note="核实。", by=by) for by in people]))
    assert AuditEntry.objects.filter(action="account.check").count() == 1


@pytest.mark.parametrize("other", ["refuse", "stop"])
def test_复核时另一人不予通过或单位撤回_只成一样(other: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row, third = new(desk, checked=True), factories.user(Role.CENTRE)
    lingering(monkeypatch, accounts, "_expect")
    others = {
        "refuse": lambda: accounts.refuse(change_id=row.pk, reason="看不清。", by=third),
        "stop": lambda: accounts.stop(change_id=row.pk, reason="不是本单位提出的。", by=desk.unit),
    }
    one_taken(together(lambda: accounts.confirm(change_id=row.pk, by=desk.second), others[other]))
    row.refresh_from_db()
    in_force = current(row.organisation_id, day=today())
    assert (row.state == ChangeState.CONFIRMED) == (in_force is not None)
    assert (row.closed_at is None) == (row.state == ChangeState.CONFIRMED)


def test_单位两人同时登记账户_只有一件(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = desk.unit.organisation
    assert unit is not None
    colleague = factories.user(organisation=unit)
    lingering(monkeypatch, accounts, "current")
    found = together(lambda: asked(unit, desk.unit), lambda: asked(unit, colleague, OTHER))
    assert sorted(type(one).__name__ for one in found) == ["AccountChange", "Refused"]
    assert (AccountChange.objects.count(), PayeeAccount.objects.count(), Attachment.objects.count()) == (1, 1, 1)


def test_双击提交账户_只有一件(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    unit, key = desk.unit.organisation, AccountChange().pk
    assert unit is not None
    lingering(monkeypatch, accounts, "current")
    found = together(*[lambda: asked(unit, desk.unit, key=key)] * 2)
    assert [one.pk for one in found] == [key] * 2
    assert PayeeAccount.objects.count() == 1


def test_首个账户复核的同时确认补贴_要么整个账户_要么还没有(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = running(desk.unit)
    derive()
    grant, row = grant_of(place), new(desk, checked=True)
    found = together(
        lambda: accounts.confirm(change_id=row.pk, by=desk.second),
        lambda: review.confirm_account(grant_id=grant.pk, by=desk.unit),
    )
    assert isinstance(found[0], AccountChange)
    grant = reload(grant)
    if isinstance(found[1], Refused):
        assert (grant.account, grant.account_snapshot) == (None, None)
        review.confirm_account(grant_id=grant.pk, by=desk.unit)
        grant = reload(grant)
    kept = snapshot_of(grant)
    assert kept is not None
    assert (grant.account, kept.number, kept.holder) == (row.account, NUMBER, row.organisation.name)


def test_变更复核的同时初审补贴_补贴仍是确认时的账户(desk: Desk) -> None:
    desk.account()
    place = running(desk.unit)
    derive()
    grant = desk.submitted(grant_of(place))
    former, row = grant.account, new(desk, OTHER, checked=True)
    found = together(
        lambda: accounts.confirm(change_id=row.pk, by=desk.second), lambda: desk.screen(grant, by=desk.centre)
    )
    assert not [one for one in found if isinstance(one, Exception)]
    grant = reload(grant)
    kept = snapshot_of(grant)
    assert kept is not None
    assert (grant.account, kept.number) == (former, NUMBER)


BEFORE = """
from jinhua_labor.accounts.models import User
from subsidies.payees.services import accounts
by = User.objects.get(pk="{by}")
"""
PLACE = "subsidies.payees.services.accounts"


@pytest.mark.parametrize("stop", ["_locked", "effective_on", "record", "_tell_unit"])
def test_复核途中被杀_账户没有生效_再办一次生效(stop: str, desk: Desk, tmp_path: Path) -> None:
    row = new(desk, checked=True)
    before = (Message.objects.count(), AuditEntry.objects.count())
    call = f"accounts.confirm(change_id='{row.pk}', by=by)"
    kill_behind(PLACE, stop, call, tmp_path, before=BEFORE.format(by=desk.second.pk))
    row.refresh_from_db()
    assert (row.state, current(row.organisation_id, day=today())) == (ChangeState.CHECKED, None)
    assert (Message.objects.count(), AuditEntry.objects.count()) == before
    with pytest.raises(Conflict):
        accounts.check(change_id=row.pk, note="再核实。", by=desk.second)
    accounts.confirm(change_id=row.pk, by=desk.second)
    assert current(row.organisation_id, day=today()) == row.account
