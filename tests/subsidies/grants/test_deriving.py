"""Pull, not push: drafted once, brought up to date, taken back; asked again it changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.documents.models import DocumentKind
from jinhua_labor.mailbox.models import Message
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Kind, State
from stations.oversight.enums import Ground, ReversalCause, RevocationStage
from stations.oversight.models import Revocation
from stations.registry.models import Station
from subsidies.grants.enums import AdjustmentCause, CancelCause, GrantKind, RecoveryStage, Stage
from subsidies.grants.models import Adjustment, Grant, Recovery
from subsidies.grants.queries.standing import all_pending, standings
from subsidies.grants.rules import Act, Hold, Wait
from subsidies.grants.services import paying, recoveries
from tests.meta import rows, rows_excellent, rows_oversight
from tests.queries import queries
from tests.subsidies.build import Desk, corrected, derive, grant_of, pay, reload, reopened, year
from tests.subsidies.build import station as make_station

pytestmark = pytest.mark.django_db
D = Decimal
YEARLY = GrantKind.YEARLY


def decided(place: Station, ground: Ground, on: dt.date) -> Revocation:
    """A decision that stands, past the steps before it."""
    document = rows.document(kind=DocumentKind.REVOCATION, issued_on=on)
    return rows_oversight.decided_revocation(
        station=place, operator=place.operator, grounds=[ground], document=document
    )


def reverse(row: Revocation) -> None:
    Revocation.objects.filter(pk=row.pk).update(
        stage=RevocationStage.REVERSED,
        reversed_on=dt.date(2023, 12, 1),
        reversed_by=rows.clerk(Role.BUREAU),
        reversal_cause=ReversalCause.SELF,
        reversal_reason="事实不清",
    )


def paid(desk: Desk, grant: Grant, travelled: time_machine.Coordinates) -> Grant:
    """All the way to the money."""
    desk.reviewed(grant)
    desk.published(grant)
    travelled.shift(dt.timedelta(days=20))
    grant = desk.steps(grant)
    (held,) = paying.lock([grant.pk])
    paying.take_into_batch(held, by=desk.finance)
    pay(held, amount=held.due, on=dt.date(2023, 11, 21), by=desk.finance)
    return reload(grant)


def test_自动生成_再算一次不变(desk: Desk, station: Station):
    year(station, 1, 75)
    assert {one.plan.act for one in all_pending()} == {Act.CREATE}
    assert derive() == 2
    setup, yearly = grant_of(station), grant_of(station, YEARLY, 1)
    assert (setup.base, setup.payable, setup.stage) == (D(10000), D(10000), Stage.DRAFT)
    assert (yearly.base, yearly.clause) == (D(50000), "第十二条（二）2")
    assert yearly.review.kind == Kind.GRANT
    assert yearly.review.state == State.DRAFT
    assert Message.objects.filter(user=desk.unit, subject__startswith="请确认收款账户").count() == 2
    assert (derive(), Grant.objects.count(), all_pending()) == (0, 2, [])


def test_不合格的年度没有补贴(station: Station):
    year(station, 1, 50, outcome="FAILED")
    derive()
    assert list(Grant.objects.values_list("kind", flat=True)) == [GrantKind.SETUP]


def test_施行之前设立的没有建站补贴(desk: Desk):
    make_station(desk.unit, established_on=dt.date(2020, 12, 15))
    assert derive() == 0


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(lambda _place: None, id="评上当年"),
        pytest.param(lambda place: rows_excellent.decided(title=place.titles.get()), id="复核通过→没有新的"),
        pytest.param(
            lambda place: rows_excellent.withdrawn(station=place, recognised_on=dt.date(2023, 6, 1)),
            id="失去后再评上→没有第二个",
        ),
    ],
)
def test_九十二分又评优_七万加两万_此后再没有(station: Station, later: Callable[[Station], object]):
    year(station, 1, 92)
    rows_excellent.title(station=station, recognised_on=dt.date(2022, 10, 1))
    derive()
    later(station)
    derive()
    found = Grant.objects.filter(station=station).exclude(kind=GrantKind.SETUP).order_by("-kind")
    assert list(found.values_list("kind", "payable")) == [("YEARLY", D(70000)), ("EXCELLENT", D(20000))]


def test_优秀站点奖励只此一次(station: Station):
    rows_excellent.title(station=station, recognised_on=dt.date(2023, 10, 1))
    derive()
    rows_excellent.withdrawn(station=station, recognised_on=dt.date(2022, 10, 1))
    derive()
    assert Grant.objects.filter(kind=GrantKind.EXCELLENT).count() == 1


def test_付给年度最后一天的承建单位(station: Station, stranger_operator: User):
    assessment = year(station, 1, 75)
    type(assessment).objects.filter(pk=assessment.pk).update(operator=stranger_operator.organisation)
    derive()
    assert grant_of(station, YEARLY, 1).payee == stranger_operator.organisation


def test_试行期之后的年度待局决定(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    travelled.move_to(dt.datetime(2025, 1, 6, 2, tzinfo=dt.UTC))
    year(station, 3, 75)  # 2023-06-01 … 2024-05-31
    derive()
    grant = grant_of(station, YEARLY, 3)
    assert standings([grant])[grant.pk].undecided == (Wait.EXPIRY,)


def test_原地区重新设立的待局决定(desk: Desk, station: Station):
    Station.objects.filter(pk=station.pk).update(state="REVOKED", area_key="52|甲|乙")
    again = make_station(desk.unit, established_on=dt.date(2023, 5, 1))
    Station.objects.filter(pk=again.pk).update(area_key="52|甲|乙")
    derive()
    grant = grant_of(again)
    assert standings([grant])[grant.pk].undecided == (Wait.AGAIN,)


# --- R-33 -------------------------------------------------------------------------------------------------------------


def test_取消程序进行中暂停(desk: Desk, station: Station):
    derive()
    rows_oversight.revocation(station=station, grounds=[Ground.G4])
    grant = grant_of(station)
    assert standings([grant])[grant.pk].holds == (Hold.REVOKING,)


def test_主动申请取消的不暂停(desk: Desk, station: Station):
    derive()
    rows_oversight.revocation(station=station, grounds=[Ground.G1])
    grant = grant_of(station)
    assert standings([grant])[grant.pk].holds == ()


@pytest.mark.parametrize(
    ("ground", "stage"),
    [
        pytest.param(Ground.G4, Stage.CANCELLED, id="弄虚作假→取消"),
        pytest.param(Ground.G1, Stage.SUBMITTED, id="主动申请→照付"),
        pytest.param(Ground.G3, Stage.SUBMITTED, id="连续不合格→决定前已确定的照付"),
    ],
)
def test_取消决定之后(desk: Desk, station: Station, ground: Ground, stage: Stage):
    derive()
    grant = desk.submitted(grant_of(station))
    decided(station, ground, dt.date(2023, 10, 20))
    derive()
    grant = reload(grant)
    assert grant.stage == stage
    if stage == Stage.CANCELLED:
        assert grant.cancel_cause == CancelCause.REVOCATION
        assert grant.review.state == State.WITHDRAWN
    assert derive() == 0


def test_决定之后才确定的年度没有补贴(station: Station):
    decided(station, Ground.G3, dt.date(2022, 1, 1))
    year(station, 1, 75)  # final 2022-07-31
    derive()
    assert not Grant.objects.filter(kind=YEARLY).exists()


def test_决定被撤销的重新核定(desk: Desk, station: Station):
    derive()
    row = decided(station, Ground.G4, dt.date(2023, 10, 20))
    derive()
    reverse(row)
    assert derive() == 1
    grant = grant_of(station)
    assert (grant.stage, grant.rounds, grant.cancel_reason) == (Stage.DRAFT, 2, "")
    assert Adjustment.objects.get().cause == AdjustmentCause.REVERSAL
    assert Review.objects.filter(kind=Kind.GRANT).count() == 2
    assert derive() == 0


# --- corrections ------------------------------------------------------------------------------------------------------


def test_更正期间暂停_初审前的更新金额(desk: Desk, station: Station):
    assessment = year(station, 1, 75)
    derive()
    grant = desk.submitted(grant_of(station, YEARLY, 1))
    reopened(assessment)
    assert derive() == 0
    assert standings([grant])[grant.pk].holds == (Hold.REOPENED,)
    sheet = corrected(assessment, 85)
    derive()
    grant = reload(grant)
    assert (grant.base, grant.sheet_id, grant.stage, grant.rounds) == (D(60000), sheet.pk, Stage.SUBMITTED, 1)


def test_审批后更正的重新核定(desk: Desk, station: Station):
    assessment = year(station, 1, 75)
    derive()
    grant = desk.reviewed(grant_of(station, YEARLY, 1))
    corrected(assessment, 95)
    assert standings([grant])[grant.pk].holds == (Hold.CHANGED,)
    derive()
    grant = reload(grant)
    assert (grant.base, grant.stage, grant.rounds) == (D(70000), Stage.DRAFT, 2)
    assert grant.account is None


def test_已拨后调高补差_不另生成(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    assessment = year(station, 1, 75)
    derive()
    grant = paid(desk, grant_of(station, YEARLY, 1), travelled)
    corrected(assessment, 85)
    assert derive() == 1
    grant = reload(grant)
    assert (grant.stage, grant.base, grant.due, grant.paid) == (Stage.DRAFT, D(60000), D(10000), D(50000))
    assert Adjustment.objects.get().difference == D(10000)
    assert Grant.objects.filter(kind=YEARLY).count() == 1
    grant = paid(desk, grant, travelled)
    assert (grant.paid, grant.due) == (D(60000), D(0))
    assert derive() == 0


def test_已拨后调低追回(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    assessment = year(station, 1, 75)
    derive()
    grant = paid(desk, grant_of(station, YEARLY, 1), travelled)
    corrected(assessment, 65)
    derive()
    grant, row = reload(grant), Recovery.objects.get()
    assert (grant.base, grant.stage, row.amount) == (D(40000), Stage.PAID, D(10000))
    recoveries.notify(recovery_id=row.pk, due_on=dt.date(2023, 12, 31), by=desk.bureau)
    recoveries.register_return(
        recovery_id=row.pk, returned_on=dt.date(2023, 11, 21), voucher_no="测试-1", by=desk.finance
    )
    assert reload(grant).outstanding == D(40000)
    assert derive() == 0


def test_再次更正换一件追回(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    assessment = year(station, 1, 75)
    derive()
    paid(desk, grant_of(station, YEARLY, 1), travelled)
    corrected(assessment, 65)
    derive()
    corrected(assessment, 50, outcome="FAILED")
    derive()
    amounts = dict(Recovery.objects.values_list("stage", "amount"))
    assert amounts == {RecoveryStage.DROPPED: D(10000), RecoveryStage.OPEN: D(50000)}
    corrected(assessment, 95)
    derive()
    assert not Recovery.objects.open().exists()
    assert grant_of(station, YEARLY, 1).due == D(20000)


def test_弄虚作假逐笔立案_撤销决定不再追回(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    derive()
    grant = paid(desk, grant_of(station), travelled)
    row = decided(station, Ground.G4, dt.date(2023, 11, 20))
    derive()
    assert reload(grant).stage == Stage.PAID
    (case,) = recoveries.open_for_revocation(
        revocation_id=row.pk, grant_ids=[grant.pk], reason="虚报输送名册。", by=desk.bureau
    )
    assert case.amount == D(10000)
    reverse(row)
    derive()
    case.refresh_from_db()
    assert case.stage == RecoveryStage.DROPPED


def test_已追回后撤销决定的重新拨付(desk: Desk, station: Station, travelled: time_machine.Coordinates):
    derive()
    grant = paid(desk, grant_of(station), travelled)
    row = decided(station, Ground.G4, dt.date(2023, 11, 20))
    (case,) = recoveries.open_for_revocation(
        revocation_id=row.pk, grant_ids=[grant.pk], reason="虚报输送名册。", by=desk.bureau
    )
    recoveries.notify(recovery_id=case.pk, due_on=dt.date(2023, 12, 31), by=desk.bureau)
    recoveries.register_return(
        recovery_id=case.pk, returned_on=dt.date(2023, 11, 21), voucher_no="测试-2", by=desk.finance
    )
    assert derive() == 0
    reverse(row)
    derive()
    grant = reload(grant)
    assert (grant.stage, grant.due) == (Stage.DRAFT, D(10000))


def test_推导的查询不随站点增加(desk: Desk, station: Station):
    year(station, 1, 75)
    one = queries(all_pending)
    for number in range(3):
        year(make_station(desk.unit, established_on=dt.date(2021, 6, 2 + number)), 1, 75)
    assert len(queries(all_pending)) == len(one)
