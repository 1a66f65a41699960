"""续期 through its services and pages: asked for, mended, screened, issued or refused; what time does (R-19)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.periods import add_months
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Recommendation, State
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.oversight.services import renewals as services
from stations.oversight.services.renewals import Content
from stations.registry.enums import PaperKind, Side, StationState
from stations.registry.models import Station
from stations.registry.services import papers
from stations.registry.services.stations import expire_due
from tests import factories
from tests.meta import rows, rows_ledger
from tests.stations.applications.build import pdf
from tests.stations.oversight.build import days, key, running

pytestmark = pytest.mark.django_db


def filed(by: User, **fields: Any) -> Station:
    """A station with licence, agreement and both sites in its file, whose term ends in a month."""
    station = running(by, **{"term_to": days(30), **fields})
    for kind in (PaperKind.LICENCE, PaperKind.AGREEMENT):
        rows_ledger.station_paper(station=station, kind=kind, title=kind.label)
    for side in Side:
        rows_ledger.station_paper(
            station=station, kind=PaperKind.SITE, place=key(), side=side, address="测试地址", facilities=["电脑"]
        )
    return station


@pytest.fixture
def station(operator_user: User) -> Station:
    return filed(operator_user)


def content(**fields: Any) -> Content:
    agreement = papers.Content(
        title="劳务协作协议", valid_from=days(0), valid_to=days(800), party="示例县公共就业服务中心"
    )
    values: dict[str, Any] = {
        "term_to": days(760), "changes": "", "agreement": agreement, "uploads": [factories.png()]
    }  # fmt: skip
    return Content(**{**values, **fields})


def asked(station: Station, by: User, **fields: Any) -> Renewal:
    return services.submit(station_id=station.pk, content=content(**fields), by=by, key=key())


def screened(row: Renewal, by: User, recommendation: Recommendation = Recommendation.AGREE) -> None:
    services.screen(renewal_id=row.pk, recommendation=recommendation, opinion="材料齐全。", by=by)


def approved(station: Station, unit: User, clerk: User, official: User) -> Renewal:
    row = asked(station, unit)
    screened(row, clerk)
    services.approve(renewal_id=row.pk, opinion="同意续期。", by=official)
    return reload(row)


def issued(row: Renewal, by: User, **fields: Any) -> Renewal:
    values: dict[str, Any] = {"doc_no": f"金东人社[{days(0).year}]19号", "issued_on": days(0), "upload": pdf()}
    return services.issue(renewal_id=row.pk, by=by, **{**values, **fields})


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_提交即待初审_协议成为档案新一版(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = asked(station, operator_user)
    assert (row.number[:3], row.state, row.unchanged) == ("XQ-", RenewalState.SUBMITTED, True)
    assert (row.review.state, row.review.kind) == (State.SUBMITTED, "RENEWAL")
    assert (row.agreement.version, row.agreement.accepted) == (2, None)
    assert Message.objects.filter(user=centre_clerk, subject__contains="续期待初审").exists()


def test_同一张表单只算一次_同时只有一件(station: Station, operator_user: User) -> None:
    once = key()
    first, second = (
        services.submit(station_id=station.pk, content=content(), by=operator_user, key=once) for _ in range(2)
    )
    assert first.pk == second.pk
    with pytest.raises(Refused, match="已有一件续期正在办理"):
        asked(station, operator_user)
    services.withdraw(renewal_id=first.pk, by=operator_user)
    assert asked(station, operator_user).state == RenewalState.SUBMITTED


@pytest.mark.parametrize(
    ("fields", "given", "words"),
    [
        pytest.param({"term_to": 61}, {}, "起可以申请续期", id="还没到期间"),
        pytest.param({"state": StationState.REVOKED}, {}, "已取消", id="已取消"),
        pytest.param({"state": StationState.REVOKING}, {}, "取消程序中", id="取消程序中"),
        pytest.param({}, {"uploads": []}, "请上传劳务协作协议", id="没有协议"),
        pytest.param({}, {"term_to": 20}, "须晚于原经营期限", id="新期限没有更晚"),
    ],
)
def test_不具备条件不能提交(fields: dict[str, Any], given: dict[str, Any], words: str, operator_user: User) -> None:
    if "term_to" in fields:
        fields = {"term_to": days(fields["term_to"])}
    if "term_to" in given:
        given = {"term_to": days(given["term_to"])}
    station = filed(operator_user, **fields)
    with pytest.raises(Refused) as refusal:
        asked(station, operator_user, **given)
    assert words in "".join(text for text, _ in refusal.value.problems)
    assert not Review.objects.filter(kind="RENEWAL").exists()


def test_被限制的单位不能续期(station: Station, operator_user: User) -> None:
    assert operator_user.organisation is not None
    rows.ban(credit_code=operator_user.organisation.credit_code, last_day=days(3))
    with pytest.raises(Refused) as refusal:
        asked(station, operator_user)
    assert "未满2年" in refusal.value.problems[0][0]


def test_许可证过期须先更新档案(operator_user: User) -> None:
    station = filed(operator_user)
    rows_ledger.station_paper(station=station, kind=PaperKind.LICENCE, version=2, valid_to=days(-1))
    with pytest.raises(Refused) as refusal:
        asked(station, operator_user)
    assert any("人力资源服务许可证" in text for text, _ in refusal.value.problems)


def test_补正后重新提交_协议可以不换(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = asked(station, operator_user)
    with pytest.raises(Refused, match="请写明需要补正"):
        services.send_back(renewal_id=row.pk, answer=" ", by=centre_clerk)
    services.send_back(renewal_id=row.pk, answer="请写明变化的事项。", by=centre_clerk)
    assert Message.objects.filter(user=operator_user, subject__contains="需要补正").exists()
    done = services.amend(renewal_id=row.pk, content=content(changes="增加一名联络员", uploads=[]), by=operator_user)
    assert (done.state, done.changes, done.agreement_id) == (RenewalState.SUBMITTED, "增加一名联络员", row.agreement_id)
    with pytest.raises(Conflict):
        services.amend(renewal_id=row.pk, content=content(), by=operator_user)


def test_逾期未补正视为撤回(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = asked(station, operator_user)
    row = services.send_back(renewal_id=row.pk, answer="请补正。", by=centre_clerk)
    due = row.review.due_on
    assert due is not None
    assert services.lapse_overdue(day=due) == 0
    assert services.lapse_overdue(day=due + dt.timedelta(days=1)) == 1
    assert services.lapse_overdue(day=due + dt.timedelta(days=2)) == 0
    assert reload(row).state == RenewalState.LAPSED


def test_初审同意时协议记为已核(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = asked(station, operator_user)
    screened(row, centre_clerk)
    row = reload(row)
    assert (row.review.state, row.agreement.accepted) == (State.SCREENED, True)


def test_协议核对不符合的不能同意(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = asked(station, operator_user)
    papers.check(paper_id=row.agreement_id, accepted=False, note="缺盖章", by=centre_clerk)
    with pytest.raises(Refused) as refusal:
        screened(row, centre_clerk)
    assert any("核对不符合要求" in text for text, _ in refusal.value.problems)
    screened(row, centre_clerk, Recommendation.DISAGREE)


def test_届满后续期恢复运行(station: Station, operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    Station.objects.filter(pk=station.pk).update(term_to=days(-10))
    assert expire_due(day=days(0)) == 1
    row = approved(station, operator_user, centre_clerk, bureau_official)
    assert reload(station).state == StationState.EXPIRED
    done = issued(row, bureau_official)
    after = reload(station)
    assert (after.state, after.term_from, after.term_to) == (StationState.ACTIVE, days(0), days(760))
    assert done.document is not None
    assert (done.state, done.term_from, done.document.doc_no) == (
        RenewalState.ISSUED,
        days(0),
        f"金东人社〔{days(0).year}〕19号",
    )
    assert issued(row, bureau_official).pk == done.pk
    assert Message.objects.filter(user=operator_user, subject__contains="已续期至").exists()


def test_届满前续期接着原期限(station: Station, operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    began = station.term_from
    row = approved(station, operator_user, centre_clerk, bureau_official)
    done = issued(row, bureau_official)
    after = reload(station)
    assert (done.term_from, after.term_from, after.term_to) == (days(31), began, days(760))


def test_待发文期间不因届满停下(
    station: Station, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    approved(station, operator_user, centre_clerk, bureau_official)
    spared = services.approved_stations()
    assert expire_due(day=days(31), spared=spared) == 0
    assert expire_due(day=days(31)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"doc_no": "金东人社19号"}, "", id="文号格式"),
        pytest.param({"issued_on": 1}, "不能晚于今天", id="成文日期在将来"),
        pytest.param({"issued_on": -1}, "不能早于审核通过日期", id="成文日期早于审核"),
    ],
)
def test_发文有误不办(
    fields: dict[str, Any],
    words: str,
    station: Station,
    operator_user: User,
    centre_clerk: User,
    bureau_official: User,
) -> None:
    row = approved(station, operator_user, centre_clerk, bureau_official)
    if "issued_on" in fields:
        fields = {"issued_on": days(fields["issued_on"])}
    with pytest.raises(Refused) as refusal:
        issued(row, bureau_official, **fields)
    assert words in "".join(text for text, _ in refusal.value.problems)
    assert reload(station).term_to == days(30)


def test_发文前被取消的不再续期(
    station: Station, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    row = approved(station, operator_user, centre_clerk, bureau_official)
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    with pytest.raises(Refused) as refusal:
        issued(row, bureau_official)
    assert any("已取消" in text for text, _ in refusal.value.problems)


def test_审核通过后失去条件的不予续期_仍具备的须发文(
    station: Station, operator_user: User, centre_clerk: User, bureau_official: User, client: Client
) -> None:
    row = approved(station, operator_user, centre_clerk, bureau_official)
    said = {"reason": "工作站已取消。", "clause": "第八条", "remedy": "可以申请行政复议。"}
    with pytest.raises(Refused, match="仍具备条件"):
        services.reject(renewal_id=row.pk, by=bureau_official, **said)
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    client.force_login(bureau_official)
    assert reverse("oversight:renewal_reject", args=[row.pk]) in client.get(row.get_absolute_url()).content.decode()
    for _ in range(2):
        services.reject(renewal_id=row.pk, by=bureau_official, **said)
    assert reload(row).state == RenewalState.REFUSED
    assert not Renewal.objects.open().exists()
    assert Message.objects.filter(user=operator_user, subject__contains="不予续期").count() == 1


def test_十二个月以审核通过之日为准(
    station: Station, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    row = asked(station, operator_user)
    screened(row, centre_clerk)
    long_over = days(0) - dt.timedelta(days=367)
    Renewal.objects.filter(pk=row.pk).update(term_was=long_over)
    with pytest.raises(Refused) as refusal:
        services.approve(renewal_id=row.pk, opinion="同意续期。", by=bureau_official)
    assert any("前审核通过" in text for text, _ in refusal.value.problems)


def test_不予续期须有理由依据和救济途径(
    station: Station, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    row = asked(station, operator_user)
    screened(row, centre_clerk, Recommendation.DISAGREE)
    with pytest.raises(Refused) as refusal:
        services.reject(renewal_id=row.pk, reason="", clause=" ", remedy="", by=bureau_official)
    assert len(refusal.value.problems) == 3
    services.reject(
        renewal_id=row.pk, reason="场所已退租。", clause="第三条（二）", remedy="可以申请行政复议。", by=bureau_official
    )
    row = reload(row)
    assert (row.state, row.clause, row.review.state) == (RenewalState.REFUSED, "第三条（二）", State.REJECTED)
    told = Message.objects.get(user=operator_user, subject__contains="不予续期")
    assert "第三条（二）" in told.body


def test_谁可以办(
    station: Station, operator_user: User, stranger_operator: User, centre_clerk: User, bureau_official: User
) -> None:
    for by in (stranger_operator, centre_clerk):
        with pytest.raises(PermissionDenied):
            asked(station, by)
    row = asked(station, operator_user)
    assert not Renewal.objects.visible_to(stranger_operator).exists()
    with pytest.raises(PermissionDenied):
        services.withdraw(renewal_id=row.pk, by=stranger_operator)
    with pytest.raises(PermissionDenied):
        screened(row, bureau_official)
    with pytest.raises(PermissionDenied):
        issued(row, centre_clerk)


def test_届满前60日提醒一次_在办的不提醒(station: Station, operator_user: User) -> None:
    filed(operator_user, term_to=days(61))
    asked(filed(operator_user), operator_user)
    assert services.remind_ending(day=days(0)) == 1
    assert services.remind_ending(day=days(1)) == 1  # the one that was 61 days off
    assert services.remind_ending(day=days(2)) == 0
    assert Message.objects.filter(user=operator_user, subject__contains="请及时申请续期").count() == 2
    Station.objects.filter(pk=station.pk).update(term_to=days(40))
    assert services.remind_ending(day=days(2)) == 1


# --- pages ------------------------------------------------------------------------------------------------------------


def test_从工作站页申请到发文(
    station: Station, operator_user: User, centre_clerk: User, bureau_official: User, client: Client
) -> None:
    client.force_login(operator_user)
    tab = reverse("oversight:station_renewals", args=[station.pk])
    assert tab in client.get(station.get_absolute_url()).content.decode()
    assert "申请续期" in client.get(tab).content.decode()
    data = {
        "key": str(key()),
        "term_to": days(760).isoformat(),
        "party": "示例县公共就业服务中心",
        "valid_from": days(0).isoformat(),
        "valid_to": "",
        "statement": "SOME",
        "changes": "",
        "files": factories.png(),
    }
    new = reverse("oversight:renewal_new", args=[station.pk])
    wrong = client.post(new, {**data, "files": factories.png()})
    assert wrong.status_code == 422
    assert "请写明变化的事项" in wrong.content.decode()
    client.post(new, {**data, "statement": "NONE", "files": factories.png()})
    row = Renewal.objects.get()

    client.force_login(centre_clerk)
    client.post(
        reverse("oversight:renewal_screen", args=[row.pk]),
        {"key": str(key()), "version": row.review.version, "recommendation": "AGREE", "opinion": "同意。"},
    )
    client.force_login(operator_user)
    assert "同意。" not in client.get(row.get_absolute_url()).content.decode()
    client.force_login(bureau_official)
    version = Review.objects.get(pk=row.review_id).version
    approve = {"key": str(key()), "version": version, "opinion": "同意续期。"}
    client.post(reverse("oversight:renewal_approve", args=[row.pk]), approve)
    assert "登记发文" in client.get(row.get_absolute_url()).content.decode()
    assert client.get(reverse("oversight:renewal_pdf", args=[row.pk])).content.startswith(b"%PDF")
    assert "待发文" in client.get(reverse("dashboard:home")).content.decode()
    given = {"doc_no": f"金东人社〔{days(0).year}〕21号", "issued_on": days(0).isoformat(), "upload": pdf()}
    client.post(reverse("oversight:renewal_issue", args=[row.pk]), given)
    assert reload(row).state == RenewalState.ISSUED
    assert reload(station).term_to == days(760)


def test_即将届满出现在承建单位首页(station: Station, operator_user: User, client: Client) -> None:
    client.force_login(operator_user)
    assert f"申请续期：{station.name}" in client.get(reverse("dashboard:home")).content.decode()


def test_不能申请时申请页说明原因和期间(operator_user: User, client: Client) -> None:
    early = filed(operator_user, term_to=days(90), name="较早的工作站")
    client.force_login(operator_user)
    page = client.get(reverse("oversight:renewal_new", args=[early.pk])).content.decode()
    assert f"{date_cn(days(30))}起可以申请续期" in page
    assert f"{date_cn(add_months(days(90), 12))}（含）前" in page
    assert 'name="term_to"' not in page


def test_已有一件在办的申请页指到那一件(station: Station, operator_user: User, client: Client) -> None:
    row = services.submit(station_id=station.pk, content=content(), by=operator_user, key=key())
    client.force_login(operator_user)
    page = client.get(reverse("oversight:renewal_new", args=[station.pk])).content.decode()
    assert row.get_absolute_url() in page
    assert 'name="term_to"' not in page
