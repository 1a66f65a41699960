"""The pages of grants: who sees what, in which words, and the steps taken in the browser."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Grant, Recovery
from subsidies.grants.services import paying
from tests import factories
from tests.meta import rows_subsidies as made
from tests.subsidies.build import NUMBER, Desk, corrected, derive, grant_of, pay, reload, year

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(station: Station) -> Grant:
    year(station, 1, 75)
    derive()
    return grant_of(station, GrantKind.YEARLY, 1)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_单位看到五种说法_办公人员看到全部(desk: Desk, grant: Grant, client_for: Any):
    assert "请确认收款账户" in text(client_for(desk.unit).get(grant.get_absolute_url()))
    desk.submitted(grant)
    assert "审核中" in text(client_for(desk.unit).get(grant.get_absolute_url()))
    page = text(client_for(desk.centre).get(grant.get_absolute_url()))
    assert "待初审" in page
    assert "第1年度评估75分，70分以上（含）80分以下 → 50,000 元" in page
    assert NUMBER not in page


def test_尚未生成的显示为应生成_查看不写入(desk: Desk, station: Station, client_for: Any):
    year(station, 1, 75)
    page = text(client_for(desk.bureau).get(reverse("grants:list")))
    assert "应生成而尚未生成" in page
    assert "50,000 元" in page
    assert not Grant.objects.exists()


def test_在网页上确认账户_初审_审核(desk: Desk, grant: Grant, client_for: Any):
    at = grant.get_absolute_url()

    def begin(user: User) -> dict[str, Any]:
        client_for(user).get(at)
        return {"key": uuid.uuid4(), "version": reload(grant).review.version}

    assert client_for(desk.unit).post(f"{at}account/", begin(desk.unit)).status_code == 302
    data = {**begin(desk.centre), "recommendation": "AGREE", "opinion": "无误。"}
    refused = client_for(desk.centre).post(f"{at}screen/", data)
    assert refused.status_code == 422
    assert "其他同类补助" in text(refused)
    done = client_for(desk.centre).post(f"{at}screen/", {**data, "key": uuid.uuid4(), "others_checked": "on"})
    assert done.status_code == 302
    approved = client_for(desk.bureau).post(f"{at}approve/", {**begin(desk.bureau), "opinion": "同意。"})
    assert approved.status_code == 302
    assert reload(grant).stage == Stage.REVIEWED


def test_查看补贴的完整账号要写用途(desk: Desk, grant: Grant, client_for: Any):
    desk.submitted(grant)
    shown = client_for(desk.finance).post(f"{grant.get_absolute_url()}reveal/", {"purpose": "核对付款"})
    assert NUMBER in text(shown)
    assert AuditEntry.objects.get(action="account.show_number").purpose == "核对付款"


def test_别的单位的补贴找不到(desk: Desk, grant: Grant, stranger_operator: User, client_for: Any):
    client = client_for(stranger_operator)
    assert client.get(grant.get_absolute_url()).status_code == 404
    assert client.post(f"{grant.get_absolute_url()}account/").status_code == 404
    assert grant.station.name not in text(client.get(reverse("grants:list")))


def test_待办里有账户确认_公示稿_审批(desk: Desk, grant: Grant, travelled: time_machine.Coordinates, client_for: Any):
    def home(user: User) -> str:
        return text(client_for(user).get(reverse("dashboard:home")))

    assert f"确认收款账户：{grant}" in home(desk.unit)
    desk.reviewed(grant)
    assert f"拟补贴公示稿：{grant}" in home(desk.centre)
    desk.published(grant)
    travelled.shift(dt.timedelta(days=20))
    assert f"补贴审批：局领导审批：{grant}" in home(desk.leader)
    assert "补贴审批" not in home(desk.bureau)  # who decided it does not approve it


def test_追回通知是PDF_单位在告知之后才看到(desk: Desk, station: Station, client_for: Any):
    row = made.recovery(grant=made.paid(station=station))
    at = reverse("grants:recovery", args=[row.pk])
    assert client_for(desk.unit).get(at).status_code == 404
    client = client_for(desk.bureau)
    assert client.post(f"{at}notify/", {"due_on": "2023-12-31"}).status_code == 302
    letter = client_for(desk.unit).get(f"{at}letter.pdf")
    assert letter.content.startswith(b"%PDF")
    row.refresh_from_db()
    assert row.due_on == dt.date(2023, 12, 31)
    paid = client_for(desk.finance).post(f"{at}return/", {"returned_on": "2023-11-01", "voucher_no": "测试-1"})
    assert paid.status_code == 302
    assert Recovery.objects.get().grant.returned == Decimal(10000)


def test_公开页面只列已拨付的_没有账户(desk: Desk, station: Station, client_for: Any, client: Any):
    paid = made.paid(station=station, payee=factories.organisation(name="示例公开人力资源有限公司"))
    other = made.recovery(grant=made.paid()).grant
    page = text(client.get(reverse("grants:public")))
    assert paid.payee.name in page
    assert "10,000 元" in page
    assert other.payee.name not in page
    assert "4567" not in page


def test_更正后的差额写在页面上(
    desk: Desk, station: Station, grant: Grant, travelled: time_machine.Coordinates, client_for: Any
):
    desk.reviewed(grant)
    desk.published(grant)
    travelled.shift(dt.timedelta(days=20))
    desk.steps(grant)
    (held,) = paying.lock([grant.pk])
    paying.take_into_batch(held, by=desk.finance)
    pay(held, amount=held.due, on=dt.date(2023, 11, 21), by=desk.finance)
    assert grant.assessment is not None
    corrected(grant.assessment, 85)
    page = text(client_for(desk.bureau).get(grant.get_absolute_url()))
    assert "系统下一次更新时：重新核定" in page
    derive()
    page = text(client_for(desk.unit).get(grant.get_absolute_url()))
    assert "第2次" in page
    assert "本次应补" in page


def test_单位确认到账_一次_别人不能_退票之后重新确认(
    desk: Desk, grant: Grant, stranger_operator: User, travelled: time_machine.Coordinates, client_for: Any
):
    grant = desk.reviewed(grant)
    desk.published(grant)
    travelled.shift(dt.timedelta(days=20))
    desk.steps(grant)
    address = reverse("grants:received", args=[grant.pk])
    assert client_for(desk.unit).post(address).status_code == 409
    (held,) = paying.lock([grant.pk])
    paying.take_into_batch(held, by=desk.finance)
    pay(held, amount=held.due, on=dt.date(2023, 11, 21), by=desk.finance)
    assert "单位还没有确认到账" in text(client_for(desk.centre).get(grant.get_absolute_url()))
    assert client_for(stranger_operator).post(address).status_code == 404
    assert client_for(desk.centre).post(address).status_code == 403
    assert "款项已到账" in text(client_for(desk.unit).get(grant.get_absolute_url()))
    for _ in range(2):
        assert client_for(desk.unit).post(address).status_code == 302
    page = text(client_for(desk.unit).get(grant.get_absolute_url()))
    assert "2023年11月21日单位确认到账" in page
    assert "款项已到账" not in page
    assert AuditEntry.objects.filter(action="grant.received").count() == 1
    (held,) = paying.lock([grant.pk])
    paying.bounced_later(held, amount=held.outstanding, by=desk.finance, reason="账户已销户")
    assert reload(grant).received_on is None
