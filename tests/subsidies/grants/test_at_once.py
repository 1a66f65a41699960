"""Two people at one grant, deriving in two processes, a process killed between the steps of deciding: every step is
taken once and whole (F3)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices.models import Notice
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.states import Action, Recommendation, State
from stations.oversight.enums import Ground
from stations.oversight.services import revocations
from stations.oversight.services.revocations import Content
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Adjustment, Approval, Grant, Recovery
from subsidies.grants.services import deriving, publicity, recoveries, review
from tests import factories
from tests.killing import kill_behind, run_at_once
from tests.meta import rows, rows_oversight
from tests.meta import rows_subsidies as made
from tests.stations.roster.test_killed import together
from tests.subsidies.build import Desk, corrected, derive, grant_of, lingering, reload, year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
    return Desk(operator_user, centre_clerk, centre_second, bureau_official, bureau_second, finance)


@pytest.fixture
def grant(station: Station) -> Grant:
    derive()
    return grant_of(station)


def published(grant: Grant) -> Grant:
    """Its 公示 is over."""
    before = timezone.now() - dt.timedelta(days=20)
    notice = rows.published(released_at=before, ends_on=today() - dt.timedelta(days=1))
    Grant.objects.filter(pk=grant.pk).update(notice=notice)
    return reload(grant)


def events(grant: Grant) -> list[str]:
    return list(ReviewEvent.objects.filter(review=grant.review).order_by("at").values_list("action", flat=True))


def taken(found: list[Any]) -> list[bool]:
    """Which of the two was taken; the other was told that somebody was quicker."""
    assert all(isinstance(one, Conflict) for one in found if isinstance(one, Exception)), found
    return sorted(not isinstance(one, Exception) for one in found)


# --- two at once ------------------------------------------------------------------------------------------------------


def test_两人同时初审_只有一件初审(desk: Desk, grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.submitted(grant)
    lingering(monkeypatch, review_services, "may_take")
    found = together(lambda: desk.screen(grant), lambda: desk.screen(grant, by=desk.second))
    assert taken(found) == [False, True]
    assert events(grant).count(Action.SCREEN) == 1
    grant = reload(grant)
    assert (grant.stage, grant.others_checked_by_id) == (Stage.SCREENED, grant.review.screened_by_id)


@pytest.mark.parametrize("other", ["reject", "send_back", "cancel"])
def test_一人审核通过_另一人同时作别的决定_只有一个决定(
    other: str, desk: Desk, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.screened(grant)
    lingering(monkeypatch, review_services, "may_take")
    others = {
        "reject": lambda: review.reject(grant_id=grant.pk, reason="依据存疑。", by=desk.leader),
        "send_back": lambda: review.send_back(grant_id=grant.pk, opinion="再核实。", by=desk.leader),
        "cancel": lambda: review.cancel_by_bureau(grant_id=grant.pk, reason="重复。", by=desk.leader),
    }
    found = together(lambda: review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau), others[other])
    grant = reload(grant)
    stands = (grant.stage, grant.review.state)
    if other == "cancel":  # what is approved may still be cancelled, but not the other way round
        assert stands in {(Stage.CANCELLED, State.WITHDRAWN), (Stage.CANCELLED, State.APPROVED)}
        assert not isinstance(found[1], Exception)
        assert isinstance(found[0], Conflict) == (grant.review.state == State.WITHDRAWN)
    else:
        assert taken(found) == [False, True]
        assert stands in {
            (Stage.REVIEWED, State.APPROVED),
            (Stage.CANCELLED, State.REJECTED),
            (Stage.SUBMITTED, State.SUBMITTED),
        }
    assert len(events(grant)) == len(set(events(grant)))


def test_两人同时办理同一步审批_只有一步(desk: Desk, grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.reviewed(grant)
    published(grant)
    third = rows.clerk("BUREAU")
    lingering(monkeypatch, publicity, "remaining")
    found = together(
        *[
            lambda who=who: publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意。", by=who)
            for who in (desk.leader, third)
        ]
    )
    assert taken(found) == [False, True]
    assert Approval.objects.count() == 1


def test_双击最后一步审批_批准一次(desk: Desk, grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.reviewed(grant)
    published(grant)
    publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意。", by=desk.leader)
    lingering(monkeypatch, publicity, "remaining")
    last = {"grant_id": grant.pk, "step": 2, "opinion": "同意。", "by": desk.finance}
    found = together(*[lambda: publicity.approve_step(**last)] * 2)
    assert [one.pk for one in found] == [grant.pk] * 2
    assert AuditEntry.objects.filter(action="grant.approved").count() == 1
    assert Message.objects.filter(subject__startswith="待拨付：", user=desk.finance).count() == 1


def test_两人同时拟公示稿_只有一份(desk: Desk, grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.reviewed(grant)
    lingering(monkeypatch, publicity, "publicity_of")
    found = together(
        *[lambda who=who: publicity.prepare_notice(grant_ids=[grant.pk], by=who) for who in (desk.centre, desk.second)]
    )
    assert taken(found) == [False, True]
    assert Notice.objects.count() == 1


def test_审核通过与取消程序同时_先提出的算数(desk: Desk, grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A revocation locks the station before it opens; whoever decides a grant asks under the same lock."""
    desk.screened(grant)
    lingering(monkeypatch, review, "refuse_kept")
    content = Content(grounds=[Ground.G4], facts="名册有虚报。", uploads=[factories.png()])
    found = together(
        lambda: revocations.propose(station_id=grant.station_id, content=content, by=desk.centre, key=uuid.uuid4()),
        lambda: review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau),
    )
    assert not isinstance(found[0], Exception)
    assert reload(grant).stage in {Stage.SCREENED, Stage.REVIEWED}
    assert (reload(grant).stage == Stage.SCREENED) == isinstance(found[1], Exception)
    if not isinstance(found[1], Exception):  # then it was decided before anything was proposed
        journal = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
        assert journal.index("review.approve") < journal.index("revocation.propose")


# --- deriving ---------------------------------------------------------------------------------------------------------

DERIVE = """
import django, time
django.setup()
from jinhua_labor.accounts.models import User
from subsidies.grants.services import deriving
by = User.objects.system()
step = deriving.pending
def pending(*args):
    found = step(*args)
    time.sleep(0.5)
    return found
deriving.pending = pending
print("ready", flush=True)
input()
print(deriving.derive_all(by=by))
"""


def what_is_derived() -> dict[str, Any]:
    return {
        "grants": Counter(Grant.objects.values_list("station", "kind", "period_no")),
        "rounds": sorted(Grant.objects.values_list("rounds", flat=True)),
        "reviews": Review.objects.filter(kind="GRANT").count(),
        "adjustments": Adjustment.objects.count(),
        "recoveries": Recovery.objects.count(),
        "told": Counter(Message.objects.filter(subject__startswith="请确认收款账户").values_list("user", "subject")),
    }


def test_两个进程同时生成_每项补贴一笔(desk: Desk, station: Station, tmp_path: Path) -> None:
    year(station, 1, 75)
    changed = run_at_once(DERIVE, tmp_path)
    assert sorted(changed) == ["0", "2"]
    found = what_is_derived()
    assert sorted((kind, number) for _, kind, number in found["grants"]) == [("SETUP", None), ("YEARLY", 1)]
    assert (set(found["grants"].values()), found["reviews"], set(found["told"].values())) == ({1}, 2, {1})
    assert derive() == 0


def test_两个进程同时更正_只加一次核定_只立一件追回(desk: Desk, station: Station, tmp_path: Path) -> None:
    assessment = year(station, 1, 75)
    sheet = assessment.sheets.get()
    amount = {"base": 50000, "payable": 50000, "top": 50000, "paid": 50000}
    made.paid(station=station, kind=GrantKind.YEARLY, period_no=1, assessment=assessment, sheet=sheet, **amount)
    made.paid(station=station)
    derive()
    corrected(assessment, 65)
    assert sorted(run_at_once(DERIVE, tmp_path)) == ["0", "1"]
    found = what_is_derived()
    assert (found["rounds"], found["adjustments"], found["recoveries"]) == ([1, 2], 1, 1)
    assert Recovery.objects.get().amount == 10000
    assert derive() == 0


# --- 追回 -------------------------------------------------------------------------------------------------------------


def test_两人同时为同一决定立案_每笔一件(desk: Desk, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    grants = [made.paid(station=station)]
    decision = rows_oversight.decided_revocation(station=station, operator=station.operator, grounds=[Ground.G4])
    lingering(monkeypatch, recoveries, "drop_corrections")
    case = {"revocation_id": decision.pk, "grant_ids": [one.pk for one in grants], "reason": "虚报。"}
    found = together(
        *[lambda who=who: recoveries.open_for_revocation(**case, by=who) for who in (desk.bureau, desk.leader)]
    )
    assert taken(found) == [False, True]
    assert (Recovery.objects.count(), AuditEntry.objects.filter(action="recovery.open").count()) == (1, 1)


def test_同时登记退回和不予追回_只成一样(desk: Desk, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    row = made.notified(grant=made.paid(station=station))
    lingering(monkeypatch, recoveries, "_expect")
    found = together(
        lambda: recoveries.register_return(
            recovery_id=row.pk, returned_on=today(), voucher_no="测试-1", by=desk.finance
        ),
        lambda: recoveries.drop(recovery_id=row.pk, reason="不属故意。", by=desk.bureau),
    )
    assert taken(found) == [False, True]
    row.refresh_from_db()
    grant = Grant.objects.get(pk=row.grant_id)
    assert (row.stage, grant.returned) in [("RETURNED", row.amount), ("DROPPED", 0)]


def test_双击登记退回_只退一次(desk: Desk, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    row = made.notified(grant=made.paid(station=station))
    lingering(monkeypatch, recoveries, "_expect")
    step = {"recovery_id": row.pk, "returned_on": today(), "voucher_no": "测试-1", "by": desk.finance}
    found = together(*[lambda: recoveries.register_return(**step)] * 2)
    assert [one.pk for one in found] == [row.pk] * 2
    assert Grant.objects.get(pk=row.grant_id).returned == row.amount
    assert AuditEntry.objects.filter(action="recovery.returned").count() == 1


# --- kill -9 ----------------------------------------------------------------------------------------------------------

BEFORE = """
from jinhua_labor.accounts.models import User
from jinhua_labor.review.states import Recommendation
from subsidies.grants.services import deriving, publicity, recoveries, review
by = User.objects.get(pk="{by}")
"""
REVIEW = "subsidies.grants.services.review"
PUBLICITY = "subsidies.grants.services.publicity"
TRANSITION = "jinhua_labor.review.services"


AGREE = {"recommendation": Recommendation.AGREE, "opinion": "无误。", "others_checked": True}
SAID = "recommendation=Recommendation.AGREE, opinion='无误。', others_checked=True"
DEEDS: dict[str, tuple[str, str, Callable[[uuid.UUID, User], object], Stage]] = {
    "submitted": (
        "unit",
        "review.confirm_account(grant_id='{pk}', by=by)",
        lambda pk, by: review.confirm_account(grant_id=pk, by=by),
        Stage.SUBMITTED,
    ),
    "screened": (
        "centre",
        f"review.screen(grant_id='{{pk}}', {SAID}, by=by)",
        lambda pk, by: review.screen(grant_id=pk, by=by, **AGREE),
        Stage.SCREENED,
    ),
    "reviewed": (
        "bureau",
        "review.approve(grant_id='{pk}', opinion='同意。', by=by)",
        lambda pk, by: review.approve(grant_id=pk, opinion="同意。", by=by),
        Stage.REVIEWED,
    ),
    "noticed": (
        "centre",
        "publicity.prepare_notice(grant_ids=['{pk}'], by=by)",
        lambda pk, by: publicity.prepare_notice(grant_ids=[pk], by=by),
        Stage.REVIEWED,
    ),
    "approved": (
        "finance",
        "publicity.approve_step(grant_id='{pk}', step=2, opinion='同意。', by=by)",
        lambda pk, by: publicity.approve_step(grant_id=pk, step=2, opinion="同意。", by=by),
        Stage.APPROVED,
    ),
}
"""Who takes which step: as a process of its own does, as it is done again, and where the grant stands then."""


def what_stands() -> dict[str, Any]:
    """Everything a step of deciding leaves behind."""
    return {
        "grants": list(
            Grant.objects.order_by("pk").values("stage", "account", "others_checked_by", "notice", "rounds")
        ),
        "reviews": list(
            Review.objects.order_by("pk").values("state", "version", "number", "screened_by", "approved_by")
        ),
        "rows": [model.objects.count() for model in (ReviewEvent, Approval, Adjustment, Recovery, Notice, Message)],
        "journal": AuditEntry.objects.count(),
    }


@pytest.mark.parametrize(
    ("step", "module", "stop"),
    [
        pytest.param("submitted", REVIEW, "take_account", id="确认账户_账户写入之后"),
        pytest.param("submitted", TRANSITION, "transition", id="确认账户_审核记录之后"),
        pytest.param("screened", REVIEW, "locked", id="初审_锁定之后"),
        pytest.param("screened", TRANSITION, "transition", id="初审_审核记录之后"),
        pytest.param("reviewed", TRANSITION, "transition", id="审核_审核记录之后"),
        pytest.param("reviewed", REVIEW, "settle", id="审核_转下一步之后"),
        pytest.param("noticed", "jinhua_labor.notices.services", "prepare", id="拟公示稿_写成之后"),
        pytest.param("approved", PUBLICITY, "record", id="审批_留痕之后"),
        pytest.param("approved", PUBLICITY, "settle", id="审批_批准之后"),
    ],
)
def test_办理途中被杀_什么都没发生_再办一次成功(
    step: str, module: str, stop: str, desk: Desk, grant: Grant, tmp_path: Path
) -> None:
    for name, ready in (("screened", desk.submitted), ("reviewed", desk.screened)):
        if step == name:
            ready(grant)
    if step in {"noticed", "approved"}:
        desk.reviewed(grant)
    if step == "approved":
        published(grant)
        publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意。", by=desk.leader)
    by, call, again, stage = DEEDS[step]
    person, before = getattr(desk, by), what_stands()
    kill_behind(module, stop, call.format(pk=grant.pk), tmp_path, before=BEFORE.format(by=person.pk))
    assert what_stands() == before
    again(grant.pk, person)
    grant = reload(grant)
    assert (grant.stage, bool(grant.notice)) == (stage, step in {"noticed", "approved"})


@pytest.mark.parametrize(
    ("module", "stop"),
    [
        pytest.param(TRANSITION, "open_review", id="审核建立之后"),
        pytest.param("subsidies.grants.services.deriving", "_ask_for_account", id="补贴写入之后"),
    ],
)
def test_生成途中被杀_没有半笔_下一次生成齐全(
    module: str, stop: str, desk: Desk, station: Station, tmp_path: Path
) -> None:
    year(station, 1, 75)
    before = what_stands()
    call = "deriving.derive_all(by=User.objects.system())"
    kill_behind(module, stop, call, tmp_path, before=BEFORE.format(by=desk.unit.pk))
    assert what_stands() == before
    assert derive() == 2
    assert deriving.derive_all(by=User.objects.system()) == 0


def test_立案途中被杀_没有半件_号不跳(desk: Desk, station: Station, tmp_path: Path) -> None:
    paid = made.paid(station=station)
    decision = rows_oversight.decided_revocation(station=station, operator=station.operator, grounds=[Ground.G4])
    case = {"revocation_id": decision.pk, "grant_ids": [paid.pk], "reason": "虚报。"}
    before = what_stands()
    given = f"revocation_id='{decision.pk}', grant_ids=['{paid.pk}'], reason='虚报。', by=by"
    call = f"recoveries.open_for_revocation({given})"
    kill_behind(
        "subsidies.grants.services.recoveries", "open_case", call, tmp_path, before=BEFORE.format(by=desk.bureau.pk)
    )
    assert what_stands() == before
    [row] = recoveries.open_for_revocation(**case, by=desk.bureau)
    assert row.number.endswith("-001")
