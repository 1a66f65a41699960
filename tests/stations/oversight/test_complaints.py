"""投诉 through its services and pages: secrecy, deadlines, what counts for A4, the public's page and code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.periods import Period
from stations.oversight.enums import ComplainantKind, ComplaintChannel, ComplaintState, Verdict
from stations.oversight.models import Complaint
from stations.oversight.queries import safety as queries
from stations.oversight.services import complaints as services
from stations.oversight.services.complaints import Heard
from stations.registry.models import Station
from tests import factories
from tests.stations.oversight.build import days, key, running

pytestmark = pytest.mark.django_db
NAME, PHONE = "测试投诉人戊", "0579-82197777"


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user, established_on=days(-500))


def heard(station: Station | None, **fields: Any) -> Heard:
    values: dict[str, Any] = {
        "from_kind": ComplainantKind.WORKER,
        "name": NAME,
        "phone": PHONE,
        "content": "介绍时说包住宿，到岗后没有。",
        "demand": "安排住宿",
        "against_rights": "",
        "station": station,
    }
    return Heard(**{**values, **fields})


def received(station: Station | None, by: User, on: dt.date | None = None, **fields: Any) -> Complaint:
    return services.register(
        heard=heard(station, **fields),
        channel=ComplaintChannel.PHONE,
        received_on=on or days(-5),
        key=key(),
        by=by,
    ).complaint


def told(station: Station | None, by: User, **fields: Any) -> Complaint:
    row = received(station, by, **fields)
    return services.tell(
        complaint_id=row.pk, told_on=days(0), told_how="电话告知已受理", station=row.station, shown="住宿问题", by=by
    )


def verify(row: Complaint, by: User, verdict: Verdict = Verdict.YES, **fields: Any) -> Complaint:
    values: dict[str, Any] = {
        "verified_on": days(0),
        "finding": "经查属实",
        "against_rights": "WORKER",
        "severe": False,
    }
    return services.verify(complaint_id=row.pk, verdict=verdict, by=by, **{**values, **fields})


def test_编号与期限(station: Station, centre_clerk: User) -> None:
    row = received(station, centre_clerk, on=days(-5))
    assert re.fullmatch(rf"TS-330703-{days(0):%Y%m%d}-001", row.number)
    assert (row.tell_by, row.finish_by) == (days(10), days(55))
    assert received(station, centre_clerk).number.endswith("-002")
    with pytest.raises(Refused):
        received(station, centre_clerk, on=days(1))


def test_姓名电话加密保存(station: Station, centre_clerk: User) -> None:
    row = received(station, centre_clerk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_name, from_phone FROM stations_complaint WHERE id = %s", [row.pk])
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert NAME.encode() not in stored
    assert PHONE.encode() not in stored
    assert received(station, centre_clerk, name="", phone="").anonymous


def test_谁看得到(station: Station, centre_clerk: User, operator_user: User, stranger_operator: User) -> None:
    row = received(station, centre_clerk)
    assert not Complaint.objects.visible_to(operator_user).exists(), "转给站点之前站点看不到"
    services.tell(
        complaint_id=row.pk, told_on=days(0), told_how="电话告知", station=station, shown="住宿问题", by=centre_clerk
    )
    assert Complaint.objects.visible_to(operator_user).exists()
    assert not Complaint.objects.visible_to(stranger_operator).exists()
    for role in (Role.ASSOCIATION, Role.FINANCE, Role.ADMIN):
        assert not Complaint.objects.visible_to(factories.user(role)).exists()
    assert Message.objects.filter(user=operator_user, subject__contains=row.number).count() == 1


def test_转站点的内容不得泄露投诉人(station: Station, centre_clerk: User) -> None:
    row = received(station, centre_clerk)
    step = {"complaint_id": row.pk, "told_on": days(0), "told_how": "电话告知", "station": station, "by": centre_clerk}
    for text in (f"{NAME}反映住宿问题", "请联系13800000000"):
        with pytest.raises(Refused):
            services.tell(shown=text, **step)
    services.tell(shown="住宿问题", **step)
    with pytest.raises(Refused):
        verify(row, centre_clerk, finding=f"{NAME}所说属实")


def test_站点说明一次(station: Station, centre_clerk: User, operator_user: User, stranger_operator: User) -> None:
    row = told(station, centre_clerk)
    with pytest.raises(PermissionDenied):
        services.explain(complaint_id=row.pk, text="情况说明", by=stranger_operator)
    services.explain(complaint_id=row.pk, text="已安排住宿", by=operator_user)
    with pytest.raises(Conflict):
        services.explain(complaint_id=row.pk, text="再说明", by=operator_user)


def test_步骤次序与严重损害(station: Station, centre_clerk: User) -> None:
    row = received(station, centre_clerk)
    with pytest.raises(Conflict):
        verify(row, centre_clerk)
    row = told(station, centre_clerk)
    with pytest.raises(Conflict):
        services.close(complaint_id=row.pk, closed_on=days(0), reply="答复", by=centre_clerk)
    for wrong in ({"verdict": Verdict.NO}, {"against_rights": ""}):
        with pytest.raises(Refused):
            verify(row, centre_clerk, severe=True, **wrong)
    with pytest.raises(Refused):
        verify(row, centre_clerk, verified_on=days(1))
    with pytest.raises(Refused):
        verify(row, centre_clerk, verified_on=days(-6))
    verify(row, centre_clerk, Verdict.NO)
    verify(row, centre_clerk, Verdict.PARTLY)
    entry = AuditEntry.objects.filter(action="complaint.verify").order_by("-seq", "-at").first()
    assert entry is not None
    assert {entry.detail["before"]["verdict"], entry.detail["after"]["verdict"]} == {Verdict.NO, Verdict.PARTLY}
    services.transfer(complaint_id=row.pk, transferred_on=days(0), note="拖欠工资", by=centre_clerk)
    services.close(complaint_id=row.pk, closed_on=days(0), reply="已责令改正", by=centre_clerk)
    with pytest.raises(Conflict):
        verify(row, centre_clerk)
    with pytest.raises(Conflict):
        services.transfer(complaint_id=row.pk, transferred_on=days(0), note="再转", by=centre_clerk)


def test_按核实日期计入年度_部分算是(station: Station, centre_clerk: User) -> None:
    year = Period(1, days(-100), days(0))
    for verdict in (Verdict.YES, Verdict.PARTLY, Verdict.NO):
        verify(told(station, centre_clerk), centre_clerk, verdict)
    told(station, centre_clerk)
    other = told(running(factories.user(Role.OPERATOR)), centre_clerk)
    verify(other, centre_clerk)
    found = queries.safety_fact(station, year)
    assert (found.accidents, found.verified, found.received) == (0, 2, 4)
    before = Period(1, days(-100), days(-1))
    assert queries.safety_fact(station, before).verified == 0, "核实那天不在的年度不计"


def test_第三起核实即显示后果(station: Station, centre_clerk: User, bureau_official: User) -> None:
    for _ in range(2):
        verify(told(station, centre_clerk), centre_clerk)
    ahead = queries.outlook(station, day=days(0))
    assert ahead is not None
    assert "已核实投诉 2 起，扣 4 分；再核实 1 起即一票否决" in ahead.now.text
    assert (ahead.now.vetoed, ahead.then.vetoed) == (False, True)
    assert not Message.objects.filter(user=bureau_official, subject__contains="一票否决").exists()
    verify(told(station, centre_clerk), centre_clerk)
    assert queries.outlook(station, day=days(0)).now.vetoed  # type: ignore[union-attr]
    assert Message.objects.filter(user=bureau_official, subject__contains="一票否决").count() == 1


def test_期限提醒一次(station: Station, centre_clerk: User) -> None:
    row = received(station, centre_clerk)
    assert services.remind_due(day=row.tell_by - dt.timedelta(days=4)) == 0
    soon = row.tell_by - dt.timedelta(days=3)
    assert services.remind_due(day=soon) == 1
    assert services.remind_due(day=soon) == 0
    services.tell(
        complaint_id=row.pk, told_on=days(0), told_how="电话告知", station=station, shown="住宿", by=centre_clerk
    )
    assert services.remind_due(day=soon) == 0, "已告知的不再提醒告知"
    assert services.remind_due(day=row.finish_by + dt.timedelta(days=2)) == 1
    assert Message.objects.filter(user=centre_clerk, subject__contains="逾期2天未办结").count() == 1


def test_查看投诉人须写用途并记日志(
    station: Station, centre_clerk: User, operator_user: User, client_for: Callable[..., Client]
) -> None:
    row = told(station, centre_clerk)
    office, unit, auditor = (
        client_for(centre_clerk),
        client_for(operator_user),
        client_for(factories.user(Role.AUDITOR)),
    )
    url = row.get_absolute_url()
    for client in (office, unit, auditor):
        page = client.get(url).content.decode()
        assert NAME not in page
        assert PHONE not in page
    assert "介绍时说包住宿" not in unit.get(url).content.decode()
    assert "住宿问题" in unit.get(url).content.decode()
    assert office.post(f"{url}reveal/", {"purpose": ""}).status_code == 422
    for client in (unit, auditor):
        assert client.post(f"{url}reveal/", {"purpose": "回访"}).status_code == 403
    shown = office.post(f"{url}reveal/", {"purpose": "电话回访"})
    assert NAME in shown.content.decode()
    assert PHONE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.get(action="complaint.reveal")
    assert (entry.purpose, NAME in str(entry.detail)) == ("电话回访", False)


# --- the public's page ------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh_limits() -> None:
    cache.clear()


def form(station: Station | None = None, **fields: str) -> dict[str, str]:
    return {
        "key": str(key()),
        "station": str(station.pk) if station else "",
        "from_kind": "WORKER",
        "content": "介绍时说包住宿，到岗后没有。",
        **fields,
    }


def code_of(text: str) -> str:
    found = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", text)
    assert found, text[:2000]
    return found.group()


@pytest.mark.usefixtures("fresh_limits")
def test_公众投诉_重复提交只记一次_查询码十分钟内仍在(station: Station, client: Client, centre_clerk: User) -> None:
    data = form(station, name=NAME, phone=PHONE)
    first = client.post("/oversight/complain/", data).content.decode()
    code = code_of(first)
    row = Complaint.objects.get()
    assert (row.channel, row.state, row.station) == (ComplaintChannel.ONLINE, ComplaintState.REGISTERED, station)
    assert code.replace("-", "").encode() not in bytes(row.code_digest or b"")
    assert code_of(client.post("/oversight/complain/", data).content.decode()) == code, "双击、断线重发"
    assert Complaint.objects.count() == 1
    Complaint.objects.update(created_at=timezone.now() - dt.timedelta(minutes=11))
    again = client.post("/oversight/complain/", data).content.decode()
    assert "已经收到过" in again
    assert code not in again, "后来用同一台电脑退回来的人看不到"
    assert Message.objects.filter(user=centre_clerk, subject__contains=row.number).count() == 1
    status = client.post("/oversight/complain/status/", {"code": code.lower()}).content.decode()
    assert row.number in status
    assert "待告知" in status
    assert NAME not in status
    services.tell(
        complaint_id=row.pk, told_on=days(0), told_how="电话告知", station=station, shown="住宿", by=centre_clerk
    )
    verify(row, centre_clerk)
    assert "属实" not in client.post("/oversight/complain/status/", {"code": code}).content.decode()
    services.close(complaint_id=row.pk, closed_on=days(0), reply="已责令安排住宿。", by=centre_clerk)
    assert "已责令安排住宿" in client.post("/oversight/complain/status/", {"code": code}).content.decode()


@pytest.mark.usefixtures("fresh_limits")
def test_没有的查询码答复都一样(station: Station, client: Client, centre_clerk: User) -> None:
    received(station, centre_clerk)
    answers = [
        re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())
        for response in (
            client.post("/oversight/complain/status/", {"code": code})
            for code in ("0000-0000-0000-0000-0000-0000-0000", "x", "", "TS-330703-20210610-001", "测" * 90)
        )
    ]
    answers = [re.sub(r'nonce="[^"]+"', "", answer) for answer in answers]
    assert len({len(answer) for answer in answers}) == 1
    assert "没有查到" in answers[0]
    assert "TS-330703-20210610-001" not in answers[3]


@pytest.mark.usefixtures("fresh_limits")
def test_次数过多(station: Station, client: Client) -> None:
    codes = [client.post("/oversight/complain/", form(station)).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    asked = [client.post("/oversight/complain/status/", {"code": "x"}).status_code for _ in range(21)]
    assert asked == [200] * 20 + [429]


@pytest.mark.usefixtures("fresh_limits")
def test_公众表单的错误与防伪(station: Station, client: Client) -> None:
    wrong = client.post("/oversight/complain/", form(station, content="短", phone="123"))
    assert wrong.status_code == 422
    assert "联系电话应为" in wrong.content.decode()
    assert Client(enforce_csrf_checks=True).post("/oversight/complain/", form(station)).status_code == 403
    assert "selected" in client.get(f"/oversight/complain/?station={station.number}").content.decode()
    assert client.post("/oversight/complain/", form(None)).status_code == 200, "可以不针对某个站"
    assert Complaint.objects.get().station is None


def test_网页上办到办结(
    station: Station, operator_user: User, centre_clerk: User, client_for: Callable[..., Client]
) -> None:
    office, unit = client_for(centre_clerk), client_for(operator_user)
    day = days(0).isoformat()
    made = office.post(
        "/oversight/complaints/new/", {**form(None, name=NAME), "channel": "HOTLINE", "received_on": day}
    )
    assert code_of(made.content.decode())
    row = Complaint.objects.get()
    url = row.get_absolute_url()
    tell = {"told_on": day, "told_how": "电话告知", "station": str(station.pk), "shown": "住宿问题"}
    assert office.post(f"{url}tell/", {**tell, "shown": f"{NAME}说的"}).status_code == 422
    assert office.post(f"{url}tell/", tell).status_code == 302
    assert unit.post(f"{url}explain/", {"text": "已经安排住宿。"}).status_code == 302
    assert "如果核实：" in office.get(url).content.decode()
    check = {"verdict": "PARTLY", "verified_on": day, "finding": "部分属实", "against_rights": "WORKER"}
    assert office.post(f"{url}verify/", check).status_code == 302
    assert "已核实投诉 1 起，扣 2 分；再核实 2 起" in unit.get(url).content.decode()
    assert office.post(f"{url}transfer/", {"transferred_on": day, "note": "涉及工资"}).status_code == 302
    assert office.post(f"{url}close/", {"closed_on": day, "reply": "已处理。"}).status_code == 302
    assert office.post(f"{url}close/", {"closed_on": day, "reply": "已处理。"}).status_code == 409
    page = unit.get(f"/oversight/stations/{station.pk}/complaints/").content.decode()
    assert "再核实 2 起即一票否决" in page
    assert row.number in office.get("/oversight/complaints/?state=PARTLY").content.decode()
    assert row.number not in office.get("/oversight/complaints/?state=OVERDUE").content.decode()
