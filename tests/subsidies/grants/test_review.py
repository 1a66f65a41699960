"""免申即享 through its services: the account, 初审, 审核, other benefits, 公示, the steps of approval, the money."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind
from jinhua_labor.review.states import Recommendation, State
from stations.oversight.enums import Ground
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Approval, Grant, OtherBenefit
from subsidies.grants.queries.account import snapshot_of
from subsidies.grants.queries.listing import pill
from subsidies.grants.queries.page import page, progress
from subsidies.grants.queries.standing import standings
from subsidies.grants.rules import Wait
from subsidies.grants.services import benefits, paying, publicity, review
from subsidies.payees.services import accounts
from tests import factories
from tests.meta import rows_oversight
from tests.stations.applications.build import pdf
from tests.subsidies.build import NUMBER, Desk, asked, corrected, derive, grant_of, pay, reload, year
from tests.subsidies.build import station as make_station

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def grant(station: Station) -> Grant:
    """年度绩效奖励 of 5万, waiting for the account."""
    year(station, 1, 75)
    derive()
    return grant_of(station, GrantKind.YEARLY, 1)


def benefit(grant: Grant, by: User, amount: int, **fields: Any) -> OtherBenefit:
    values: dict[str, Any] = {
        "policy": "示例市输送用工奖补办法",
        "doc_no": "示例〔2020〕1号",
        "issued_on": dt.date(2020, 1, 1),
        "matter": "跨省输送劳动力奖励",
        "amount": D(amount),
        "paid_on": dt.date(2022, 6, 1),
        "proof": factories.png(),
        "key": uuid.uuid4(),
    }
    return benefits.record_benefit(grant_id=grant.pk, by=by, **{**values, **fields})


def over(travelled: time_machine.Coordinates) -> None:
    travelled.shift(dt.timedelta(days=20))


# --- the account ------------------------------------------------------------------------------------------------------


def test_没有收款账户不能确认(desk: Desk):
    place = make_station(desk.unit)
    derive()
    with pytest.raises(Refused, match="还没有生效的收款账户"):
        desk.submitted(grant_of(place))


def test_确认的账户随补贴保存_以后变更不影响(desk: Desk, grant: Grant, travelled: time_machine.Coordinates):
    grant = desk.submitted(grant)
    change = asked(grant.payee, desk.unit, "3390999900007654321")
    accounts.check(change_id=change.pk, note="电话核实。", by=desk.centre)
    accounts.confirm(change_id=change.pk, by=desk.second)
    over(travelled)
    kept = snapshot_of(reload(grant))
    assert kept is not None
    assert (kept.number, kept.holder) == (NUMBER, grant.payee.name)


def test_中心代为确认须写理由_且不能再初审(desk: Desk, grant: Grant):
    with pytest.raises(Refused, match="写明理由"):
        review.confirm_account(grant_id=grant.pk, by=desk.centre)
    review.confirm_account(grant_id=grant.pk, by=desk.centre, reason="单位来电确认")
    with pytest.raises(Refused, match="由同事办理"):
        desk.screen(reload(grant))
    desk.screen(reload(grant), by=desk.second)


def test_别的单位和局不能确认(desk: Desk, grant: Grant, stranger_operator: User):
    for user in (stranger_operator, desk.bureau, desk.finance):
        with pytest.raises(PermissionDenied):
            review.confirm_account(grant_id=grant.pk, by=user)


def test_账户有误退回单位重新确认(desk: Desk, grant: Grant):
    desk.submitted(grant)
    review.hand_back(grant_id=grant.pk, reason="户名已变更", by=desk.centre)
    grant = reload(grant)
    assert (grant.stage, grant.account, grant.review.state) == (Stage.DRAFT, None, State.RETURNED)
    assert desk.submitted(grant).stage == Stage.SUBMITTED


# --- 初审 and 审核 ----------------------------------------------------------------------------------------------------


def test_初审须核对其他补助(desk: Desk, grant: Grant):
    desk.submitted(grant)
    with pytest.raises(Refused, match="其他同类补助"):
        desk.screen(grant, others_checked=False)


def test_局不能在中心之前审核(desk: Desk, grant: Grant):
    desk.submitted(grant)
    with pytest.raises(Conflict):
        review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)


def test_取消程序进行中不能初审审核(desk: Desk, grant: Grant):
    desk.screened(grant)
    rows_oversight.revocation(station=grant.station, grounds=[Ground.G4])
    with pytest.raises(Refused, match="取消资格程序"):
        review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)


def test_初审后更正的退回初审再办(desk: Desk, station: Station):
    assessment = year(station, 1, 75)
    derive()
    grant = desk.screened(grant_of(station, GrantKind.YEARLY, 1))
    corrected(assessment, 85)
    with pytest.raises(Refused, match="金额有变"):
        review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
    review.send_back(grant_id=grant.pk, opinion="结果已更正。", by=desk.bureau)
    derive()
    assert reload(grant).base == D(60000)
    desk.screen(reload(grant))
    review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
    assert reload(grant).stage == Stage.REVIEWED


def test_不予通过的不再生成(desk: Desk, grant: Grant):
    desk.submitted(grant)
    desk.screen(grant, recommendation=Recommendation.DISAGREE, opinion="材料存疑。")
    review.reject(grant_id=grant.pk, reason="第十三条：依据存疑。", by=desk.bureau)
    assert (reload(grant).stage, derive()) == (Stage.CANCELLED, 0)


def test_试行期届满的不能审核_登记延期文件之后可以(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    travelled.move_to(dt.datetime(2025, 1, 6, 2, tzinfo=dt.UTC))
    year(station, 3, 75)
    derive()
    grant = desk.screened(grant_of(station, GrantKind.YEARLY, 3))
    with pytest.raises(Refused, match="试行期"):
        review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)


def test_原地区重新设立由局决定(desk: Desk, station: Station):
    Station.objects.filter(pk=station.pk).update(state="REVOKED", area_key="52|甲|乙")
    again = make_station(desk.unit, established_on=dt.date(2023, 5, 1))
    Station.objects.filter(pk=again.pk).update(area_key="52|甲|乙")
    derive()
    grant = desk.screened(grant_of(again))
    assert standings([grant])[grant.pk].undecided == (Wait.AGAIN,)
    with pytest.raises(Refused, match="待局决定"):
        review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
    given = {"reason": "地区有新的协作任务", "doc_no": "", "upload": pdf(), "by": desk.bureau}
    benefits.decide(grant_id=grant.pk, pay=True, **given)
    review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
    assert reload(grant).stage == Stage.REVIEWED


def test_局决定不给予的随即取消(desk: Desk, station: Station):
    Station.objects.filter(pk=station.pk).update(state="REVOKED", area_key="52|甲|乙")
    again = make_station(desk.unit, established_on=dt.date(2023, 5, 1))
    Station.objects.filter(pk=again.pk).update(area_key="52|甲|乙")
    derive()
    grant = grant_of(again)
    benefits.decide(grant_id=grant.pk, pay=False, reason="不属新设立", doc_no="", upload=pdf(), by=desk.bureau)
    assert (reload(grant).stage, derive()) == (Stage.CANCELLED, 0)


def test_没有须决定的事项不能决定(desk: Desk, grant: Grant):
    with pytest.raises(Refused, match="没有须由局决定"):
        benefits.decide(grant_id=grant.pk, pay=True, reason="理由", doc_no="", upload=pdf(), by=desk.bureau)


# --- R-47 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "same", "payable"),
    [
        pytest.param(30000, True, 20000, id="同一事项3万→2万"),
        pytest.param(60000, True, 0, id="同一事项6万→0"),
        pytest.param(60000, False, 50000, id="不是同一事项→不扣"),
    ],
)
def test_其他补助由局认定(desk: Desk, grant: Grant, amount: int, same: bool, payable: int):
    row = benefit(grant, desk.centre, amount)
    desk.screened(grant)
    with pytest.raises(Refused, match="没有认定"):
        review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
    benefits.decide_benefit(benefit_id=row.pk, same_matter=same, reason="事项核对", by=desk.bureau)
    assert reload(grant).payable == D(payable)
    review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
    assert reload(grant).stage == (Stage.ZERO if payable == 0 else Stage.REVIEWED)


def test_以后的政策不能认定为同一事项(desk: Desk, grant: Grant):
    row = benefit(grant, desk.centre, 30000, issued_on=dt.date(2022, 1, 1))
    with pytest.raises(Refused, match="此前的政策"):
        benefits.decide_benefit(benefit_id=row.pk, same_matter=True, reason="核对", by=desk.bureau)


def test_登记与认定各归各人_同一张表单只登记一次(desk: Desk, grant: Grant):
    with pytest.raises(PermissionDenied):
        benefit(grant, desk.bureau, 1)
    row = benefit(grant, desk.centre, 30000)
    assert benefit(grant, desk.centre, 30000, key=row.pk) == row
    with pytest.raises(PermissionDenied):
        benefits.decide_benefit(benefit_id=row.pk, same_matter=True, reason="核对", by=desk.centre)


# --- 公示 and 审批 ----------------------------------------------------------------------------------------------------


def test_公示期满才能审批_两步由两人办理(desk: Desk, grant: Grant, travelled: time_machine.Coordinates):
    grant = desk.reviewed(grant)
    step = {"grant_id": grant.pk, "step": 1, "opinion": "同意。"}
    with pytest.raises(Refused, match="待拟公示稿"):
        publicity.approve_step(**step, by=desk.leader)
    desk.published(grant)
    body = Notice.objects.get(kind=NoticeKind.SUBSIDY).body
    assert grant.payee.name in body
    assert "50,000 元" in body
    assert NUMBER not in body
    with pytest.raises(Refused, match="公示中"):
        publicity.approve_step(**step, by=desk.leader)
    over(travelled)
    with pytest.raises(Refused, match="初审人或审核人"):
        publicity.approve_step(**step, by=desk.bureau)
    with pytest.raises(PermissionDenied):
        publicity.approve_step(**step, by=desk.finance)
    with pytest.raises(Conflict):
        publicity.approve_step(grant_id=grant.pk, step=2, opinion="同意。", by=desk.finance)
    grant = desk.steps(grant)
    assert (grant.stage, grant.fiscal_year, grant.approved_on) == (Stage.APPROVED, 2023, dt.date(2023, 11, 21))
    publicity.approve_step(**step, by=desk.leader)  # the same click again
    assert Approval.objects.count() == 2


def test_有异议未答复不能审批(desk: Desk, grant: Grant, travelled: time_machine.Coordinates):
    grant = desk.reviewed(grant)
    desk.published(grant)
    notices.object_to(
        notice_id=Notice.objects.get(kind=NoticeKind.SUBSIDY).pk,
        name="测试异议人",
        contact="测试联系方式",
        content="人数不实。",
    )
    over(travelled)
    with pytest.raises(Refused, match="异议处理中"):
        publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意。", by=desk.leader)


def test_撤回的公示还有异议没有答复_不能再公示(desk: Desk, grant: Grant):
    grant = desk.reviewed(grant)
    desk.published(grant)
    notice = Notice.objects.get(kind=NoticeKind.SUBSIDY)
    objection = notices.object_to(notice_id=notice.pk, name="测试异议人", contact="测试联系方式", content="人数不实。")
    notices.withdraw(notice_id=notice.pk, reason="文字有误。", by=desk.leader)
    with pytest.raises(Refused, match="还有异议没有答复"):
        publicity.prepare_notice(grant_ids=[grant.pk], by=desk.centre)
    notices.answer(objection_id=objection.pk, text="经核实无误。", by=desk.centre)
    assert publicity.prepare_notice(grant_ids=[grant.pk], by=desk.centre).pk != notice.pk


def test_一份公示稿可以合几笔_不能重复拟稿(desk: Desk, station: Station):
    year(station, 1, 75)
    derive()
    grants = [desk.reviewed(grant_of(station)), desk.reviewed(grant_of(station, GrantKind.YEARLY, 1))]
    publicity.prepare_notice(grant_ids=[grant.pk for grant in grants], by=desk.centre)
    notice = Notice.objects.get(kind=NoticeKind.SUBSIDY)
    assert "共2笔，合计60,000 元" in notice.body
    words = {"title": notice.title, "office": notice.office, "phone": "", "workdays": notice.workdays}
    with pytest.raises(Refused, match=r"须原样保留：.*10,000 元"):
        notices.amend(notice_id=notice.pk, body=notice.body.replace("10,000", "70,000"), by=desk.centre, **words)
    with pytest.raises(Conflict, match="已有公示稿"):
        publicity.prepare_notice(grant_ids=[grants[0].pk], by=desk.centre)


# --- the money --------------------------------------------------------------------------------------------------------


@pytest.fixture
def approved(desk: Desk, grant: Grant, travelled: time_machine.Coordinates) -> Grant:
    grant = desk.reviewed(grant)
    desk.published(grant)
    over(travelled)
    return desk.steps(grant)


def batched(grant: Grant, desk: Desk) -> Grant:
    (held,) = paying.lock([grant.pk])
    paying.take_into_batch(held, by=desk.finance)
    return held


@transaction.atomic
def test_列入批次_拨付的金额必须相等(desk: Desk, approved: Grant):
    held = batched(approved, desk)
    assert (held.submitted_by, held.screened_by, held.approved_by) == (desk.unit, desk.centre, desk.bureau)
    with pytest.raises(Refused, match="不符"):
        pay(held, amount=D(40000), on=dt.date(2023, 11, 21), by=desk.finance)
    pay(held, amount=D(50000), on=dt.date(2023, 11, 21), by=desk.finance)
    assert (reload(held).stage, reload(held).due) == (Stage.PAID, D(0))
    with pytest.raises(Conflict):
        pay(held, amount=D(50000), on=dt.date(2023, 11, 21), by=desk.finance)


def test_暂停的不能列入批次(desk: Desk, approved: Grant):
    rows_oversight.revocation(
        station=approved.station, grounds=[Ground.G5], grave="ACCIDENT", finding="x", verified=True
    )
    with pytest.raises(Refused, match="取消资格程序"):
        batched(approved, desk)


def test_退票之后核对账户才能再拨(desk: Desk, approved: Grant):
    held = batched(approved, desk)
    paying.put_back(held, by=desk.finance, recheck="账号户名不符")
    assert "须重新核对收款账户" in paying.problem(reload(held))
    for reader, label in ((desk.unit, "请确认收款账户"), (desk.finance, "待核对账户")):
        back = reload(held)
        steps = progress(back, reader, page(back, reader, day=dt.date(2023, 11, 22)), day=dt.date(2023, 11, 22))
        assert pill(back, reader)["label"] == label
        assert [mark for _, mark, _ in steps if mark in {"current", "returned"}] == ["returned"]
        assert steps[0][1] == "returned"
    review.recheck_account(grant_id=held.pk, by=desk.unit)
    assert paying.problem(reload(held)) == ""


def test_拨付之后退票的重新拨付(desk: Desk, approved: Grant):
    held = batched(approved, desk)
    pay(held, amount=D(50000), on=dt.date(2023, 11, 21), by=desk.finance)
    paying.bounced_later(held, amount=D(50000), by=desk.finance, reason="账户已销户")
    grant = reload(held)
    assert (grant.stage, grant.due, grant.outstanding) == (Stage.APPROVED, D(50000), D(0))


def test_拨付人不能是初审人审核人(desk: Desk, approved: Grant):
    held = batched(approved, desk)
    User.objects.filter(pk=desk.bureau.pk).update(role=Role.FINANCE)
    desk.bureau.refresh_from_db()
    with pytest.raises(Refused, match="另一位财务人员"):
        pay(held, amount=D(50000), on=dt.date(2023, 11, 21), by=desk.bureau)
    paying.put_back(held, by=desk.finance)
    with pytest.raises(Refused, match="另一位财务人员"):
        paying.take_into_batch(reload(held), by=desk.bureau)


def test_取消只在列入批次之前(desk: Desk, approved: Grant):
    held = batched(approved, desk)
    with pytest.raises(Refused, match="移出批次"):
        review.cancel_by_bureau(grant_id=held.pk, reason="重复", by=desk.bureau)
    paying.put_back(held, by=desk.finance)
    review.cancel_by_bureau(grant_id=held.pk, reason="重复", by=desk.bureau)
    assert (reload(held).stage, derive()) == (Stage.CANCELLED, 0)
