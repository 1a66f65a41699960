"""取消资格 through its services: proposed, told, heard, screened, decided with its bar, announced, reversed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import WorkCalendar
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices import services as notices
from jinhua_labor.review.states import Recommendation, State
from stations.oversight.enums import GraveLimb, Ground, ReversalCause, RevocationStage
from stations.oversight.models import Revocation
from stations.oversight.queries import revocations as queries
from stations.oversight.rules.revocations import YearResult
from stations.oversight.services import revocations as services
from stations.oversight.services.revocations import Content
from stations.registry.enums import StationState
from stations.registry.models import Ban, Station
from tests import factories
from tests.meta import rows
from tests.stations.applications.build import pdf
from tests.stations.oversight.build import days, key, running

pytestmark = pytest.mark.django_db
TWO_FAILS = [YearResult(1, final=True, failed=True), YearResult(2, final=True, vetoed=True)]


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user)


def content(*grounds: Ground, **fields: Any) -> Content:
    values: dict[str, Any] = {"facts": "两地工作地点均已退租。", "uploads": [factories.png()]}
    return Content(grounds=list(grounds or (Ground.G2,)), **{**values, **fields})


def proposed(station: Station, by: User, *grounds: Ground, **fields: Any) -> Revocation:
    return services.propose(station_id=station.pk, content=content(*grounds, **fields), by=by, key=key())


def told(station: Station, by: User, **fields: Any) -> Revocation:
    return services.notify(revocation_id=proposed(station, by, **fields).pk, by=by)


def reported(station: Station, by: User, unit: User, **fields: Any) -> Revocation:
    row = told(station, by, **fields)
    services.state(revocation_id=row.pk, text="正在另租场所。", uploads=[factories.png()], by=unit)
    return services.answer(revocation_id=row.pk, text="逾期三个月未租，不予采纳。", by=by)


def applied(station: Station, unit: User) -> Revocation:
    return services.apply(station_id=station.pk, reason="业务调整", application=[factories.png()], by=unit, key=key())


def screened(row: Revocation, by: User, recommendation: Recommendation = Recommendation.AGREE) -> None:
    services.screen(revocation_id=row.pk, recommendation=recommendation, opinion="情形属实。", by=by)


def decided(row: Revocation, by: User, **fields: Any) -> Revocation:
    day = days(0)
    values: dict[str, Any] = {
        "opinion": "同意取消。",
        "doc_no": f"金东人社[{day.year}]9号",
        "issued_on": day,
        "upload": pdf(),
        "plaque_due_on": None,
    }
    return services.decide(revocation_id=row.pk, by=by, **{**values, **fields})


def reload(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def standing(station: Station) -> str:
    return str(Station.objects.get(pk=station.pk).state)


# --- proposing --------------------------------------------------------------------------------------------------------


def test_提出后工作站为取消程序中而单位还看不到(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = proposed(station, centre_clerk, Ground.G3, Ground.G4)
    assert (row.grounds, row.former_state, row.number[:3]) == (["G3", "G4"], "ACTIVE", "QX-")
    assert standing(station) == StationState.REVOKING
    assert not Revocation.objects.visible_to(operator_user).exists()
    assert queries.holds_grants(station)


@pytest.mark.parametrize(
    ("grounds", "fields", "words"),
    [
        pytest.param([], {}, "请至少选择", id="R-32没有情形"),
        pytest.param([Ground.G1], {}, "由承建单位自己提出", id="R-32中心不能替单位申请"),
        pytest.param([Ground.G2], {"uploads": []}, "请上传证据", id="R-32没有证据"),
        pytest.param(
            [Ground.G5],
            {"grave": GraveLimb.COMPLAINT, "finding": "TS-1"},
            "投诉尚未核实",
            id="R-32b投诉未核实",
        ),
    ],
)
def test_不具备条件不能提出(
    grounds: list[Ground], fields: dict[str, Any], words: str, station: Station, centre_clerk: User
) -> None:
    given = Content(grounds=grounds, **{"facts": "事实", "uploads": [factories.png()], **fields})
    with pytest.raises(Refused) as refusal:
        services.propose(station_id=station.pk, content=given, by=centre_clerk, key=key())
    assert any(words in text for text, _ in refusal.value.problems)
    assert standing(station) == StationState.ACTIVE


def test_R32a主动申请没有申请书不收(station: Station, operator_user: User) -> None:
    with pytest.raises(Refused) as refusal:
        services.apply(station_id=station.pk, reason="业务调整", application=[], by=operator_user, key=key())
    assert "申请书" in refusal.value.problems[0][0]


def test_同时只有一件_同一张表单只算一次(station: Station, centre_clerk: User, centre_second: User) -> None:
    once = key()
    first, second = (
        services.propose(station_id=station.pk, content=content(), by=centre_clerk, key=once) for _ in range(2)
    )
    assert first.pk == second.pk
    with pytest.raises(Conflict, match="取消程序中"):
        proposed(station, centre_second)


def test_谁可以提出(station: Station, operator_user: User, bureau_official: User, stranger_operator: User) -> None:
    for by in (operator_user, bureau_official):
        with pytest.raises(PermissionDenied):
            proposed(station, by)
    with pytest.raises(PermissionDenied):
        applied(station, stranger_operator)


def test_R34系统拟稿由人提出(station: Station, centre_clerk: User) -> None:
    row = services.draft_g3(station_id=station.pk, results=TWO_FAILS)
    assert row is not None
    assert (row.stage, row.grounds, standing(station)) == (RevocationStage.DRAFT, ["G3"], StationState.ACTIVE)
    assert services.draft_g3(station_id=station.pk, results=TWO_FAILS) == row
    assert Message.objects.filter(user=centre_clerk).exists()
    done = services.propose(
        station_id=station.pk, content=content(Ground.G3), by=centre_clerk, key=key(), draft_id=row.pk
    )
    assert (done.pk, done.stage, standing(station)) == (row.pk, RevocationStage.PROPOSED, StationState.REVOKING)


def test_R34拟稿不予提出后不再拟(station: Station, centre_clerk: User) -> None:
    assert services.draft_g3(station_id=station.pk, results=TWO_FAILS[:1]) is None
    row = services.draft_g3(station_id=station.pk, results=TWO_FAILS)
    assert row is not None
    services.drop(revocation_id=row.pk, reason="第二年度结果正在更正。", by=centre_clerk)
    again = services.draft_g3(station_id=station.pk, results=TWO_FAILS)
    assert again is not None
    assert again.stage == RevocationStage.DROPPED


# --- hearing ----------------------------------------------------------------------------------------------------------


def test_告知后按工作日给陈述申辩期限(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = told(station, centre_clerk)
    assert row.defence_until == WorkCalendar.bundled().add_workdays(days(0), 5)
    assert Revocation.objects.visible_to(operator_user).get() == row
    assert Message.objects.filter(user=operator_user, subject__contains="事先告知书").exists()
    with pytest.raises(Refused, match="还没有结束"):
        services.answer(revocation_id=row.pk, text="", by=centre_clerk)


def test_R33d没有告知不能初审也不能决定(
    station: Station, centre_clerk: User, centre_second: User, bureau_official: User
) -> None:
    row = proposed(station, centre_clerk)
    with pytest.raises(Refused, match="还没有书面告知"):
        services.answer(revocation_id=row.pk, text="x", by=centre_clerk)
    with pytest.raises(Refused, match="还没有书面告知"):
        screened(row, centre_second)
    with pytest.raises(Refused, match="还没有书面告知"):
        decided(row, bureau_official)


def test_逾期未陈述(station: Station, centre_clerk: User) -> None:
    row = told(station, centre_clerk)
    assert row.defence_until is not None
    with time_machine.travel(row.defence_until + dt.timedelta(days=1, hours=2), tick=False):
        done = services.answer(revocation_id=row.pk, text="", by=centre_clerk)
    assert (done.answer, done.stage) == ("逾期未陈述申辩。", RevocationStage.REPORTED)
    assert done.review is not None
    assert (done.review.state, done.review.number) == (State.SUBMITTED, done.number)


def test_陈述申辩只提一次_须有处理意见(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = told(station, centre_clerk)
    services.state(revocation_id=row.pk, text="正在另租场所。", uploads=[], by=operator_user)
    with pytest.raises(Conflict, match="已提交"):
        services.state(revocation_id=row.pk, text="补充", uploads=[], by=operator_user)
    with pytest.raises(Refused, match="逐条"):
        services.answer(revocation_id=row.pk, text=" ", by=centre_clerk)


def test_初审由第二人办理(
    station: Station, operator_user: User, centre_clerk: User, centre_second: User, bureau_official: User
) -> None:
    row = reported(station, centre_clerk, operator_user)
    with pytest.raises(Refused, match="由同事办理"):
        screened(row, centre_clerk)
    screened(row, centre_second, Recommendation.DISAGREE)
    with pytest.raises(Refused, match="不同意"):
        decided(row, bureau_official)


# --- deciding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "last"),
    [
        pytest.param(dt.date(2022, 3, 10), dt.date(2024, 3, 10), id="R-35一般"),
        pytest.param(dt.date(2024, 2, 29), dt.date(2026, 2, 28), id="R-35闰日"),
        pytest.param(dt.date(2023, 12, 31), dt.date(2025, 12, 31), id="R-35年末"),
        pytest.param(dt.date(2021, 9, 30), dt.date(2023, 9, 30), id="R-35截止日为周六"),
    ],
)
def test_R35主动申请同样两年内不得重新申报(
    day: dt.date, last: dt.date, station: Station, operator_user: User, centre_second: User, bureau_official: User
) -> None:
    Station.objects.filter(pk=station.pk).update(established_on=dt.date(2021, 1, 4), term_to=dt.date(2030, 1, 1))
    with time_machine.travel(dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC), tick=False):
        row = applied(station, operator_user)
        screened(row, centre_second)
        row = decided(row, bureau_official)
    code = operator_user.organisation.credit_code if operator_user.organisation else ""
    assert row.ban is not None
    assert (row.ban.last_day, row.ban.credit_code) == (last, code)
    assert Ban.objects.in_force(code, last).exists()
    assert not Ban.objects.in_force(code, last + dt.timedelta(days=1)).exists()


def test_决定之后(
    station: Station, operator_user: User, centre_clerk: User, centre_second: User, bureau_official: User,
    bureau_second: User,
) -> None:  # fmt: skip
    Station.objects.filter(pk=station.pk).update(
        plaque_no="测试1号", plaque_on=station.established_on, plaque_by=centre_clerk
    )
    row = reported(station, centre_clerk, operator_user)
    screened(row, centre_second)
    with pytest.raises(Refused) as refusal:
        decided(row, bureau_official, doc_no="乱写", issued_on=days(1))
    assert len(refusal.value.problems) == 3  # number, day, plaque
    row = decided(row, bureau_official, plaque_due_on=days(7))
    assert (row.stage, standing(station)) == (RevocationStage.DECIDED, StationState.REVOKED)
    assert row.document is not None
    assert row.document.doc_no == f"金东人社〔{days(0).year}〕9号"
    assert row.document.content["facts"] == "两地工作地点均已退租。"
    assert Message.objects.filter(user=operator_user, subject__contains="已被取消资格").exists()
    assert row.notice is not None
    assert (row.notice.workdays, row.announced_on) == (0, None)
    with pytest.raises(Refused, match="不能自己发布"):
        notices.release(notice_id=row.notice.pk, by=bureau_official)
    notices.release(notice_id=row.notice.pk, by=bureau_second)
    assert reload(row).announced_on == days(0)
    services.deliver(revocation_id=row.pk, on=days(0), by=centre_clerk)
    assert queries.waiting(centre_clerk, day=days(0)).get() == row
    services.return_plaque(revocation_id=row.pk, on=days(0), by=centre_clerk)
    assert not queries.waiting(centre_clerk, day=days(0)).exists()
    with pytest.raises(Conflict):
        proposed(station, centre_clerk)


def test_R33a中心不能决定(station: Station, operator_user: User, centre_clerk: User, centre_second: User) -> None:
    row = applied(station, operator_user)
    screened(row, centre_second)
    with pytest.raises(PermissionDenied):
        decided(row, centre_clerk)


@pytest.mark.parametrize("early", [pytest.param(True, id="报审之前"), pytest.param(False, id="初审之后")])
def test_不予取消恢复原状态(
    early: bool, station: Station, operator_user: User, centre_clerk: User, centre_second: User, bureau_official: User
) -> None:
    if early:
        row = told(station, centre_clerk)
    else:
        row = reported(station, centre_clerk, operator_user)
        screened(row, centre_second)
    with pytest.raises(Refused, match="理由"):
        services.dismiss(revocation_id=row.pk, reason=" ", by=bureau_official)
    done = services.dismiss(revocation_id=row.pk, reason="场所已另租。", by=bureau_official)
    assert (done.stage, standing(station)) == (RevocationStage.DISMISSED, StationState.ACTIVE)
    assert not Ban.objects.exists()
    assert proposed(station, centre_clerk).is_open


def test_主动申请可以撤回(station: Station, operator_user: User, centre_clerk: User) -> None:
    row = applied(station, operator_user)
    assert not queries.holds_grants(station)
    services.withdraw(revocation_id=row.pk, reason="继续经营", by=operator_user)
    assert (reload(row).stage, standing(station)) == (RevocationStage.WITHDRAWN, StationState.ACTIVE)
    other = told(station, centre_clerk)
    with pytest.raises(PermissionDenied):
        services.withdraw(revocation_id=other.pk, reason="撤回", by=operator_user)


def test_决定撤销后解除限制并恢复(
    station: Station, operator_user: User, centre_second: User, bureau_official: User
) -> None:
    row = applied(station, operator_user)
    screened(row, centre_second)
    row = decided(row, bureau_official)
    done = services.reverse_decision(
        revocation_id=row.pk,
        cause=ReversalCause.REVIEW,
        reason="复议撤销",
        on=days(0),
        upload=pdf(),
        by=bureau_official,
    )
    assert (done.stage, standing(station)) == (RevocationStage.REVERSED, StationState.ACTIVE)
    ban = Ban.objects.get()
    assert ban.lifted_on == days(0)
    assert not Ban.objects.in_force(ban.credit_code, days(1)).exists()
    assert done.document is not None
    assert Message.objects.filter(user=operator_user, subject__contains="决定已撤销").exists()


# --- alerts -----------------------------------------------------------------------------------------------------------


def test_提示只预填不自动办理(operator_user: User, centre_clerk: User) -> None:
    station = rows.station(operator=operator_user.organisation, established_on=days(-60))
    (alert,) = [one for one in queries.alerts(centre_clerk, day=days(0)) if one.station == station]
    assert any("没有专人" in reason for reason in alert.reasons)
    assert any("许可证" in reason for reason in alert.reasons)
    given = queries.prefilled(station, centre_clerk, day=days(0))
    assert given["grounds"] == [Ground.G2]
    assert (standing(station), Revocation.objects.count()) == (StationState.ACTIVE, 0)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_页面从提出到决定(
    client: Client,
    station: Station,
    operator_user: User,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
) -> None:
    def post(user: User, url: str, **data: Any) -> Any:
        client.force_login(user)
        answer = client.post(url, data)
        assert answer.status_code == 302, answer.content.decode()
        return answer

    client.force_login(centre_clerk)
    new = f"/oversight/stations/{station.pk}/revocations/new/"
    page = client.get(new)
    assert page.status_code == 200
    assert client.post(new, {"key": key()}).status_code == 422
    given = {"key": key(), "grounds": ["G2", "G4"], "facts": "名册虚假。"}
    at = post(centre_clerk, new, **given, evidence=[factories.png(), factories.png(name="二.png")])["Location"]
    assert Revocation.objects.get().papers.count() == 2
    client.force_login(operator_user)
    assert client.get(at).status_code == 404
    post(centre_clerk, f"{at}notify/")
    client.force_login(operator_user)
    assert "陈述申辩" in client.get(at).content.decode()
    assert client.get(f"{at}letter.pdf")["Content-Type"] == "application/pdf"
    assert client.get(f"{at}decision.pdf").status_code == 403
    post(operator_user, f"{at}statement/", text="不属实。", files=[factories.png()])
    post(centre_clerk, f"{at}answer/", text="经核查属实，不予采纳。")
    row = Revocation.objects.get()
    assert row.review is not None
    step = {"key": key(), "version": row.review.version}
    post(centre_second, f"{at}screen/", **step, recommendation="AGREE", opinion="情形属实。")
    client.force_login(bureau_official)
    assert client.get(f"{at}decision.pdf").content[:4] == b"%PDF"
    assert client.get(f"{at}decision.docx").status_code == 200
    step = {"key": key(), "version": row.review.version + 1}
    doc_no = f"金东人社〔{days(0).year}〕5号"
    data = {**step, "opinion": "同意。", "doc_no": doc_no, "issued_on": days(0).isoformat(), "upload": pdf()}
    post(bureau_official, f"{at}decide/", **data)
    assert standing(station) == StationState.REVOKED
    for user in (operator_user, centre_clerk, bureau_official):
        client.force_login(user)
        assert doc_no in client.get(at).content.decode()
        assert client.get("/oversight/revocations/").status_code == 200
        assert client.get(f"/oversight/stations/{station.pk}/revocations/").status_code == 200
        assert client.get("/").status_code in {200, 302}


def test_主动申请的页面(client: Client, station: Station, operator_user: User, centre_clerk: User) -> None:
    client.force_login(operator_user)
    url = f"/oversight/stations/{station.pk}/revocations/apply/"
    assert client.get(url).status_code == 200
    given = {"key": key(), "facts": "业务调整", "understood": "on", "evidence": factories.png()}
    at = client.post(url, given)["Location"]
    assert "撤回申请" in client.get(at).content.decode()
    assert client.get(f"{at}letter.pdf").status_code == 404
    client.force_login(centre_clerk)
    assert "初审" in client.get(at).content.decode()
