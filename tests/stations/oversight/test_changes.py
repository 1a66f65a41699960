"""变更报备 through its services: in time or late, filed, handed over, carried out, and 承建单位 through both steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.periods import Period
from jinhua_labor.review.states import Recommendation, State
from stations.oversight.enums import ChangeKind, ChangeSource, ChangeState, UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.models import ChangeReport
from stations.oversight.queries import changes as queries
from stations.oversight.services import carrying_out, handing_over, takeover
from stations.oversight.services import changes as services
from stations.registry.models import Station
from tests import factories
from tests.meta import rows
from tests.stations.oversight.build import content, days, key, receiving_unit, running
from tests.stations.oversight.build import takeover as takeover_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user)


def reported(station: Station, by: User, kind: ChangeKind = ChangeKind.LIAISON, **fields: Any) -> ChangeReport:
    return services.report(station_id=station.pk, kind=kind, content=content(**fields), by=by, key=key())


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# --- reporting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("back", "timely"),
    [
        pytest.param(1, True, id="明天生效为事先"),
        pytest.param(0, False, id="今天生效已迟"),
        pytest.param(-9, False, id="早已生效"),
    ],
)
def test_报备当日决定是否事先(
    back: int, timely: bool, station: Station, operator_user: User, centre_clerk: User
) -> None:
    change = reported(station, operator_user, effective_on=days(back))
    assert (change.on_time, change.number[:3], change.state) == (timely, "BB-", ChangeState.SUBMITTED)
    assert change.old == {"name": "测试甲", "phone": "0579-82190000"}
    assert Message.objects.filter(user=centre_clerk).exists()


def test_同一张表单交两次只有一件(station: Station, operator_user: User) -> None:
    once = key()
    first, second = (
        services.report(station_id=station.pk, kind=ChangeKind.LIAISON, content=content(), by=operator_user, key=once)
        for _ in range(2)
    )
    assert first.pk == second.pk


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"papers": {}}, "请上传变更报备表", id="没有盖章的报备表"),
        pytest.param({"new": {"name": "测试甲", "phone": "0579-82190000"}}, "不需要变更", id="没有变化"),
        pytest.param({"effective_on": dt.date(2001, 1, 1)}, "不能早于设立日期", id="设立之前生效"),
    ],
)
def test_不能报备的(fields: dict[str, Any], words: str, station: Station, operator_user: User) -> None:
    with pytest.raises(Refused) as refused:
        reported(station, operator_user, **fields)
    assert words in refused.value.message + "".join(text for text, _ in refused.value.problems)
    assert not ChangeReport.objects.exists()


def test_同一事项办结前不能再报(station: Station, operator_user: User) -> None:
    reported(station, operator_user)
    with pytest.raises(Refused, match="正在办理"):
        reported(station, operator_user)
    reported(station, operator_user, ChangeKind.ADDRESS, new={"address": "新地址2号"})


def test_别的单位不能报备(station: Station, stranger_operator: User, centre_clerk: User) -> None:
    for person in (stranger_operator, centre_clerk):
        with pytest.raises(PermissionDenied):
            reported(station, person)


def test_只能选本单位的账号(station: Station, operator_user: User, stranger_operator: User) -> None:
    with pytest.raises(Refused, match="本单位人员"):
        reported(station, operator_user, new_account=stranger_operator)


def test_退回再报不改首次报备日期(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user)
    services.send_back(change_id=change.pk, answer="报备表没有盖章", by=centre_clerk)
    with pytest.raises(Conflict):
        services.file(change_id=change.pk, answer="", by=centre_clerk)
    ChangeReport.objects.filter(pk=change.pk).update(submitted_on=days(-5))
    again = services.amend(change_id=change.pk, content=content(effective_on=days(-1)), by=operator_user)
    assert (again.state, again.submitted_on, again.on_time) == (ChangeState.SUBMITTED, days(-5), True)
    assert again.papers.count() == 2
    assert again.papers.filter(superseded_at__isnull=True).count() == 1


def test_撤回之后不算变更(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user, effective_on=days(0))
    services.withdraw(change_id=change.pk, by=operator_user)
    period = Period(1, days(-10), days(10))
    assert queries.liaison_fact(station, period).violations == 0
    with pytest.raises(Conflict):
        services.file(change_id=change.pk, answer="", by=centre_clerk)


# --- carried out ------------------------------------------------------------------------------------------------------


def test_备案后生效日前任止后任起(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user)
    services.file(change_id=change.pk, answer="同意备案。", by=centre_clerk)
    assert station.liaisons.count() == 1, "生效之前不执行"
    assert carrying_out.apply_due(day=days(0)) == 0
    assert carrying_out.apply_due(day=days(1)) == 1
    assert carrying_out.apply_due(day=days(2)) == 0, "重复执行无害"
    new, old = station.liaisons.order_by("-since")
    assert (old.until, new.since, new.name) == (days(0), days(1), "测试乙")
    assert queries.station_gaps(station, day=days(2)) == ()


def test_迟报一例计入附件3(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user, effective_on=days(-2))
    period = Period(1, days(-10), days(10))
    assert queries.liaison_fact(station, period).violations == 1, "报备未备案也是一例"
    services.file(change_id=change.pk, answer="", by=centre_clerk)
    fact = queries.liaison_fact(station, period)
    assert (fact.present, fact.violations) == (True, 1)
    assert [row.pk for row in queries.late_changes(station, period)] == [change.pk]
    assert queries.liaison_fact(station, Period(2, days(11), days(20))).violations == 0


def test_账号随工作移交(
    station: Station, operator_user: User, centre_clerk: User, client_for: Callable[..., Client]
) -> None:
    old = factories.user(Role.OPERATOR, organisation=operator_user.organisation, name="测试旧")
    new = factories.user(Role.OPERATOR, organisation=operator_user.organisation, name="测试新", is_active=False)
    client = client_for(old)
    change = reported(station, operator_user, effective_on=days(0), old_account=old, new_account=new)
    services.file(change_id=change.pk, answer="", by=centre_clerk)
    assert (reload(old).is_active, reload(new).is_active) == (False, True)
    assert station.liaisons.get(until=None).account == new
    assert client.get("/oversight/changes/").status_code == 302, "原账号的会话立即失效"


def test_最后一名管理员的账号留到另有管理员(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user, effective_on=days(0), old_account=operator_user)
    services.file(change_id=change.pk, answer="", by=centre_clerk)
    assert reload(operator_user).is_active
    assert Message.objects.filter(user=operator_user, subject__contains="尚未停用").exists()


@pytest.mark.parametrize(
    ("kind", "new", "field"),
    [
        (ChangeKind.ADDRESS, {"address": "新地址2号"}, "address"),
        (ChangeKind.PARTNER, {"name": "新合作机构"}, "partner_name"),
        (ChangeKind.NAME, {"name": "新名称工作站"}, "name"),
    ],
)
def test_地址合作机构名称(
    kind: ChangeKind, new: dict[str, str], field: str, station: Station, operator_user: User, centre_clerk: User
) -> None:
    change = reported(station, operator_user, kind, new=new, effective_on=days(0))
    services.file(change_id=change.pk, answer="", by=centre_clerk)
    assert getattr(reload(station), field) == next(iter(new.values()))
    assert reload(change).applied_on == days(0)


def test_机构负责人写入单位资料(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user, ChangeKind.HEAD, effective_on=days(0))
    services.file(change_id=change.pk, answer="", by=centre_clerk)
    assert station.operator.profile.head == "测试乙"


def test_检查发现未报备的记一例(station: Station, centre_clerk: User, operator_user: User) -> None:
    new = {"name": "测试乙", "phone": "0579-82190001"}
    found = {"station_id": station.pk, "new": new, "reason": "走访时发现", "by": centre_clerk, "key": key()}
    change = services.record_found(kind=ChangeKind.LIAISON, effective_on=days(-3), **found)
    assert (change.source, change.state, change.on_time) == (ChangeSource.FOUND, ChangeState.FILED, False)
    assert queries.liaison_fact(station, Period(1, days(-10), days(10))).violations == 1
    assert Message.objects.filter(user=operator_user, subject__contains="未报备").exists()
    with pytest.raises(Refused, match="两级审核"):
        services.record_found(kind=ChangeKind.OPERATOR, effective_on=days(-3), **{**found, "key": key()})
    with pytest.raises(Refused, match="应由站点报备"):
        services.record_found(kind=ChangeKind.HEAD, effective_on=days(1), **{**found, "key": key()})


def test_工作交接双方签字(station: Station, operator_user: User, centre_clerk: User) -> None:
    change = reported(station, operator_user, effective_on=days(0))
    signed = {"on": days(0), "signed_from": "测试甲", "signed_to": "测试乙", "items": "台账、名册", "by": operator_user}
    with pytest.raises(Refused):
        handing_over.hand_over(change_id=change.pk, paper=factories.png(), **signed)
    services.file(change_id=change.pk, answer="", by=centre_clerk)
    assert change.pk in queries.handovers_due(operator_user, day=days(0)).values_list("pk", flat=True)
    with pytest.raises(Refused):
        handing_over.hand_over(change_id=change.pk, paper=factories.png(), **{**signed, "signed_to": "测试甲"})
    handing_over.hand_over(change_id=change.pk, paper=factories.png(), **signed)
    assert not queries.handovers_due(operator_user, day=days(99)).exists()
    with pytest.raises(Conflict):
        handing_over.hand_over(change_id=change.pk, paper=factories.png(), **signed)


def test_没有专人的站点(station: Station, operator_user: User, centre_clerk: User) -> None:
    assert queries.without_liaison(centre_clerk, day=days(0)) == []
    station.liaisons.update(until=days(-31))
    (one,) = queries.without_liaison(centre_clerk, day=days(0))
    assert (one.station, one.gap.days, one.long) == (station, 31, True)
    assert queries.without_liaison(factories.user(Role.OPERATOR), day=days(0)) == []


def test_同一人任两站专人只提示(station: Station, operator_user: User) -> None:
    other = running(operator_user)
    liaison = queries.liaison_on(station, days(0))
    assert liaison is not None
    found = queries.same_person_elsewhere(station, name=liaison.name, phone=liaison.phone, day=days(0))
    assert found == [other]


# --- 承建单位 ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver(db: None) -> User:
    return receiving_unit()


def asked(station: Station, by: User, receiver: User, **fields: Any) -> ChangeReport:
    found = takeover_content(receiver.organisation, **fields)
    return services.report(station_id=station.pk, kind=ChangeKind.OPERATOR, content=found, by=by, key=key())


def judged(change: ChangeReport, clerk: User, receiver: User) -> None:
    """The new unit agrees, and the centre finds everything in order."""
    takeover.accept(change_id=change.pk, by=receiver)
    takeover.record_credit(change_id=change.pk, result=UnitCredit.NONE, note="", by=clerk)
    for condition in UnitCondition:
        takeover.check_unit(change_id=change.pk, condition=condition, verdict=UnitVerdict.MET, reason="", by=clerk)


def test_承建单位变更经两级审核后移交(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    change = asked(station, operator_user, receiver, effective_on=days(0))
    assert change.review is not None
    assert (change.number[:3], change.review.state, change.on_time) == ("BG-", State.SUBMITTED, False)
    judged(change, centre_clerk, receiver)
    agreed = {"recommendation": Recommendation.AGREE, "opinion": "同意", "by": centre_clerk}
    takeover.screen(change_id=change.pk, **agreed)
    with pytest.raises(PermissionDenied):
        takeover.approve(change_id=change.pk, opinion="同意", by=centre_clerk)
    takeover.approve(change_id=change.pk, opinion="同意变更", by=bureau_official)
    moved, change = reload(station), reload(change)
    assert moved.operator == receiver.organisation
    assert moved.liaisons.get(until=None).name == "测试丙"
    assert (change.state, change.applied_on) == (ChangeState.FILED, days(0))
    assert Station.objects.visible_to(receiver).filter(pk=station.pk).exists()
    assert not Station.objects.visible_to(operator_user).filter(pk=station.pk).exists()
    assert ChangeReport.objects.visible_to(operator_user).filter(pk=change.pk).exists(), "原单位仍看得到自己的报备"
    assert change.findings.count() == 1, "迟报列为问题，不扣分"
    assert queries.operator_on(moved, days(-1)) == str(operator_user.organisation_id)
    assert queries.operator_on(moved, days(0)) == str(receiver.organisation_id)


def test_事先报备的承建单位变更到生效日才移交(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    change = asked(station, operator_user, receiver, effective_on=days(3))
    judged(change, centre_clerk, receiver)
    takeover.screen(change_id=change.pk, recommendation=Recommendation.AGREE, opinion="同意", by=centre_clerk)
    takeover.approve(change_id=change.pk, opinion="同意变更", by=bureau_official)
    assert reload(station).operator == operator_user.organisation
    assert carrying_out.apply_due(day=days(3)) == 1
    assert reload(station).operator == receiver.organisation
    assert not change.findings.exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(lambda unit: unit.profile.delete(), "没有登记《人力资源服务许可证》", id="没有许可证"),
        pytest.param(
            lambda unit: rows.ban(credit_code=unit.credit_code, decided_on=days(-9), last_day=days(700)),
            "未满2年",
            id="被取消未满两年",
        ),
        pytest.param(lambda unit: type(unit.profile).objects.update(licence_to=days(-1)), "到期", id="许可证到期"),
    ],
)
def test_接收单位不符合条件不能提交(
    spoil: Callable[[Any], Any], words: str, station: Station, operator_user: User, receiver: User
) -> None:
    spoil(receiver.organisation)
    with pytest.raises(Refused) as refused:
        asked(station, operator_user, receiver)
    assert words in "".join(text for text, _ in refused.value.problems)
    assert not ChangeReport.objects.exists()


def test_接收单位同地区已有站不能接(station: Station, operator_user: User, receiver: User) -> None:
    rows.station(operator=receiver.organisation, area_key=station.area_key)
    with pytest.raises(Refused):
        asked(station, operator_user, receiver)


def test_初审同意须齐备(station: Station, operator_user: User, receiver: User, centre_clerk: User) -> None:
    change = asked(station, operator_user, receiver)
    agreed = {"recommendation": Recommendation.AGREE, "opinion": "同意", "by": centre_clerk}
    with pytest.raises(Refused) as refused:
        takeover.screen(change_id=change.pk, **agreed)
    words = "".join(text for text, _ in refused.value.problems)
    for wanted in ("尚未在平台确认承接", "信用核查", "总体要求", "实体化运作", "管理规范"):
        assert wanted in words
    takeover.screen(
        change_id=change.pk, recommendation=Recommendation.DISAGREE, opinion="接收单位不愿承接", by=centre_clerk
    )


def test_不予变更站点不动(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    change = asked(station, operator_user, receiver)
    takeover.screen(change_id=change.pk, recommendation=Recommendation.DISAGREE, opinion="不符合", by=centre_clerk)
    takeover.reject(change_id=change.pk, opinion="不符合第三条（一）", by=bureau_official)
    assert reload(change).state == ChangeState.REFUSED
    assert reload(station).operator == operator_user.organisation
    asked(station, operator_user, receiver)


def test_有不良记录须局认可(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, bureau_official: User
) -> None:
    change = asked(station, operator_user, receiver)
    judged(change, centre_clerk, receiver)
    takeover.record_credit(change_id=change.pk, result=UnitCredit.FOUND, note="信用平台有一条", by=centre_clerk)
    with pytest.raises(Refused, match="不具备"):
        takeover.screen(change_id=change.pk, recommendation=Recommendation.AGREE, opinion="同意", by=centre_clerk)
    takeover.screen(change_id=change.pk, recommendation=Recommendation.DISAGREE, opinion="请局里定", by=centre_clerk)
    takeover.return_to_centre(change_id=change.pk, opinion="已修复信用", waiver=True, by=bureau_official)
    takeover.screen(change_id=change.pk, recommendation=Recommendation.AGREE, opinion="同意", by=centre_clerk)


def test_只有接收单位能确认承接(station: Station, operator_user: User, receiver: User, stranger_operator: User) -> None:
    change = asked(station, operator_user, receiver)
    for person in (operator_user, stranger_operator):
        with pytest.raises(PermissionDenied):
            takeover.accept(change_id=change.pk, by=person)
    assert not ChangeReport.objects.visible_to(stranger_operator).exists()


# --- pages ------------------------------------------------------------------------------------------------------------


def test_变更页只给看得到工作站的人链接(
    station: Station, operator_user: User, receiver: User, centre_clerk: User, client_for: Callable[..., Client]
) -> None:
    """The unit that takes over reads the change before the station is its own: a link would end in a 404."""
    change = asked(station, operator_user, receiver)
    link = f'href="/oversight/stations/{station.pk}/changes/"'
    pages = {user: client_for(user).get(change.get_absolute_url()) for user in (operator_user, receiver, centre_clerk)}
    assert {page.status_code for page in pages.values()} == {200}
    assert [link in page.content.decode() for page in pages.values()] == [True, False, True]


def test_网页上报备备案交接(
    station: Station, operator_user: User, centre_clerk: User, client_for: Callable[..., Client]
) -> None:
    mine, office = client_for(operator_user), client_for(centre_clerk)
    new = f"/oversight/stations/{station.pk}/changes/new/"
    assert "站点负责人（专人）" in mine.get(new).content.decode()
    page = mine.get(f"{new}?kind=LIAISON")
    assert page.status_code == 200
    data = {
        "kind": "LIAISON",
        "key": str(key()),
        "name": "测试乙",
        "phone": "0579-82190001",
        "effective_on": days(0).isoformat(),
        "reason": "调岗",
    }
    empty = mine.post(new, {**data, "name": ""})
    assert (empty.status_code, "请填写新姓名" in empty.content.decode()) == (422, True)
    response = mine.post(new, {**data, "paper_FORM": factories.png()})
    assert response.status_code == 302, response.content.decode()[:2000]
    url = response["Location"]
    assert "不是事先报备" in mine.get(url).content.decode()
    assert office.post(f"{url}file/", {"answer": "同意备案。"}).status_code == 302
    handed = {"on": days(0).isoformat(), "signed_from": "测试甲", "signed_to": "测试乙", "items": "台账"}
    assert mine.post(f"{url}handover/", handed).status_code == 422
    assert mine.post(f"{url}handover/", {**handed, "paper": factories.png()}).status_code == 302
    text = office.get(f"/oversight/stations/{station.pk}/changes/").content.decode()
    assert "没有事先报备，每例扣 2 分" in text
    assert "测试乙" in text
