"""收款账户: the unit's own name, proof, two people of the centre, the days of waiting, everybody of the unit told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test import Client

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.load import versions
from subsidies.payees.enums import ChangeState
from subsidies.payees.models import AccountChange, PayeeAccount
from subsidies.payees.queries.accounts import current, waiting
from subsidies.payees.rules import effective_on, problems, same_name, tidy
from subsidies.payees.services import accounts
from tests import factories
from tests.subsidies.build import NUMBER, Desk, asked

SETTINGS = versions()[0].settings
OTHER = "3390999900007654321"


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holder", "number", "fields"),
    [
        pytest.param("示例人力资源有限公司", NUMBER, (), id="户名一致"),
        pytest.param("示例人力资源（金华）有限公司", NUMBER, ("holder",), id="别的单位"),
        pytest.param("测试甲", NUMBER, ("holder",), id="个人"),
        pytest.param("示例人力资源有限公司", "3390 9999 0000 1234", (), id="账号带空格"),
        pytest.param("示例人力资源有限公司", "12345678", ("number",), id="八位太短"),
        pytest.param("示例人力资源有限公司", "3390999900001234X", ("number",), id="账号带字母"),
        pytest.param("示例人力资源有限公司", "1.2E+18", ("number",), id="被表格软件改写的账号"),
    ],
)
def test_账户能不能提交(holder: str, number: str, fields: tuple[str, ...]):
    found = problems(holder=holder, bank="示例银行", number=number, unit="示例人力资源有限公司")
    assert tuple(problem.field for problem in found) == fields


def test_户名的括号和空格两种写法是同一个名字():
    assert same_name("示例（金华）有限公司", "示例(金华) 有限公司")
    assert tidy("３３９０-9999 0000") == "339099990000"


def test_首次登记当日生效_变更等待三天():
    day = dt.date(2023, 11, 1)
    assert effective_on(day, first=True, settings=SETTINGS) == day
    assert effective_on(day, first=False, settings=SETTINGS) == dt.date(2023, 11, 4)


# --- services ---------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def unit_of(user: User) -> Any:
    assert user.organisation is not None
    return user.organisation


def changed(desk: Desk, number: str = OTHER) -> AccountChange:
    """A confirmed change that waits its days."""
    row = asked(unit_of(desk.unit), desk.unit, number)
    accounts.check(change_id=row.pk, note="电话向原联系人核实。", by=desk.centre)
    return accounts.confirm(change_id=row.pk, by=desk.second)


def test_首次登记经两人核对复核(desk: Desk):
    unit = unit_of(desk.unit)
    colleague = factories.user(organisation=unit)
    row = asked(unit, desk.unit)
    assert current(unit.pk, day=today()) is None
    with pytest.raises(Conflict):
        accounts.confirm(change_id=row.pk, by=desk.second)
    accounts.check(change_id=row.pk, note="电话核实。", by=desk.centre)
    with pytest.raises(Refused, match="另一位同事"):
        accounts.confirm(change_id=row.pk, by=desk.centre)
    accounts.confirm(change_id=row.pk, by=desk.second)
    found = current(unit.pk, day=today())
    assert found is not None
    assert (found.number, found.tail, found.masked) == (NUMBER, NUMBER[-4:], f"**** **** {NUMBER[-4:]}")
    assert Message.objects.filter(user=colleague).count() == 2


def test_变更等待期内仍用原账户(desk: Desk, travelled: time_machine.Coordinates):
    unit, former = unit_of(desk.unit), desk.account()
    row = changed(desk)
    assert row.account.effective_on == dt.date(2023, 11, 4)
    assert current(unit.pk, day=dt.date(2023, 11, 3)) == former
    assert current(unit.pk, day=dt.date(2023, 11, 4)) == row.account


def test_等待期内可以撤回_生效后不能(desk: Desk, travelled: time_machine.Coordinates):
    unit, former = unit_of(desk.unit), desk.account()
    row = changed(desk)
    accounts.stop(change_id=row.pk, reason="不是本单位提出的", by=desk.unit)
    assert current(unit.pk, day=dt.date(2023, 12, 1)) == former
    again = changed(desk, "3390999900007654322")
    travelled.shift(dt.timedelta(days=4))
    with pytest.raises(Conflict, match="已经生效"):
        accounts.stop(change_id=again.pk, reason="后悔", by=desk.unit)


def test_同时只有一件在办_同一张表单只算一次(desk: Desk):
    row = asked(unit_of(desk.unit), desk.unit)
    same = asked(unit_of(desk.unit), desk.unit, key=row.pk)
    assert same == row
    with pytest.raises(Refused, match="正在办理"):
        asked(unit_of(desk.unit), desk.unit, OTHER)


def test_户名不是本单位的拒绝(desk: Desk):
    with pytest.raises(Refused) as refused:
        asked(unit_of(desk.unit), desk.unit, holder="测试甲")
    assert refused.value.problems[0][1] == "#id_holder"
    assert not PayeeAccount.objects.exists()


def test_变更须写原因_不能换成同一个账户(desk: Desk):
    desk.account()
    with pytest.raises(Refused) as refused:
        asked(unit_of(desk.unit), desk.unit, reason=" ")
    assert {place for _, place in refused.value.problems} == {"#id_reason", "#id_number"}


def test_退回后原账户照用(desk: Desk):
    former = desk.account()
    row = asked(unit_of(desk.unit), desk.unit, OTHER)
    accounts.refuse(change_id=row.pk, reason="开户证明看不清", by=desk.centre)
    assert current(former.organisation_id, day=today()) == former
    row.refresh_from_db()
    assert row.state == ChangeState.REFUSED


def test_别的单位和局不能提出(desk: Desk, stranger_operator: User):
    for user in (stranger_operator, desk.bureau):
        with pytest.raises(PermissionDenied):
            asked(unit_of(desk.unit), user)
    row = asked(unit_of(desk.unit), desk.unit)
    with pytest.raises(PermissionDenied):
        accounts.check(change_id=row.pk, note="核实", by=desk.unit)


def test_中心录入的由另两位同事中的一位复核(desk: Desk):
    row = asked(unit_of(desk.unit), desk.second)
    accounts.check(change_id=row.pk, note="凭纸质证明。", by=desk.centre)
    with pytest.raises(Refused, match="另一位同事"):
        accounts.confirm(change_id=row.pk, by=desk.second)
    assert list(waiting(desk.second)) == []


def test_账号加密_数据库里没有明文_也不能改(desk: Desk):
    account = desk.account()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM subsidies_payeeaccount WHERE id = %s", [account.pk])
        stored = bytes(cursor.fetchone()[0])
    assert NUMBER.encode() not in stored
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        PayeeAccount.objects.filter(pk=account.pk).update(tail="9999")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_页面只显示末四位_查看完整账号要写用途并记录(desk: Desk, client_for: Any):
    account = desk.account()
    client: Client = client_for(desk.finance)
    page = f"/subsidies/accounts/changes/{account.change.pk}/"
    assert NUMBER not in client.get(page).content.decode()
    assert client.post(f"{page}reveal/", {"purpose": ""}).status_code == 422
    shown = client.post(f"{page}reveal/", {"purpose": "核对退票"})
    assert NUMBER in shown.content.decode()
    entry = AuditEntry.objects.get(action="account.show_number")
    assert (entry.actor, entry.purpose) == (desk.finance, "核对退票")
    assert NUMBER not in str(entry.detail)


def test_单位在网页上登记(desk: Desk, client_for: Any):
    unit, client = unit_of(desk.unit), client_for(desk.unit)
    assert client.get("/subsidies/accounts/").url == f"/subsidies/accounts/units/{unit.pk}/"
    page = client.get(f"/subsidies/accounts/units/{unit.pk}/")
    form = page.context["form"]
    data = {"key": form.initial["key"], "holder": unit.name, "bank": "示例银行", "number": NUMBER}
    ask = f"/subsidies/accounts/units/{unit.pk}/ask/"
    wrong = client.post(ask, {**data, "holder": "测试甲", "proof": factories.png()})
    assert wrong.status_code == 422
    assert "测试甲" in wrong.content.decode()
    done = client.post(ask, {**data, "proof": factories.png()})
    assert done.status_code == 302
    assert AccountChange.objects.get().state == ChangeState.ASKED


def test_别的单位的账户找不到(desk: Desk, stranger_operator: User, client_for: Any):
    account = desk.account()
    client = client_for(stranger_operator)
    assert client.get(f"/subsidies/accounts/units/{account.organisation_id}/").status_code == 404
    assert client.get(f"/subsidies/accounts/changes/{account.change.pk}/").status_code == 404


def test_双击核对和不予通过_只办一次(desk: Desk):
    row = asked(unit_of(desk.unit), desk.unit)
    for _ in range(2):
        accounts.check(change_id=row.pk, note="电话核实。", by=desk.centre)
    for _ in range(2):
        accounts.refuse(change_id=row.pk, reason="开户证明看不清", by=desk.second)
    actions = AuditEntry.objects.filter(action__in=["account.check", "account.refuse"]).values_list("action", flat=True)
    assert sorted(actions) == ["account.check", "account.refuse"]


def test_别人用过的表单编号_说明而不出错(desk: Desk):
    row = asked(unit_of(desk.unit), desk.unit)
    with pytest.raises(Conflict, match="他人提交"):
        asked(unit_of(desk.unit), desk.centre, key=row.pk)
