"""Random histories of one station through the services: whatever happens in whatever order, nothing is paid twice or
beyond what was decided, and deriving again changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.sheets.models import Assessment
from jinhua_labor.accounts.enums import Role
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.money import yuan
from jinhua_labor.documents.models import DocumentKind
from stations.oversight.enums import Ground, ReversalCause, RevocationStage
from stations.oversight.models import Revocation
from stations.registry.models import Station
from subsidies.grants.enums import RecoveryStage, Stage
from subsidies.grants.models import Grant, Recovery
from subsidies.grants.queries.standing import standings
from subsidies.grants.services import paying, publicity, recoveries, review
from tests.meta import rows, rows_excellent, rows_oversight
from tests.subsidies import build
from tests.subsidies.build import Desk, corrected, derive, reload, reopened, year

pytestmark = pytest.mark.django_db
TIERS = {"SETUP": Decimal(10000), "YEARLY": Decimal(70000), "EXCELLENT": Decimal(20000)}


class History:
    """The acts of a history on a station with one final year."""

    def __init__(self, desk: Desk, station: Station, now: time_machine.Coordinates) -> None:
        self.desk, self.station, self.now = desk, station, now
        self.assessment: Assessment = year(station, 1, 75)

    def correct(self, total: int) -> None:
        corrected(self.assessment, total, outcome="PASSED" if total >= 60 else "FAILED")

    def reopen(self) -> None:
        reopened(self.assessment)

    def revoke(self, ground: Ground) -> None:
        if Revocation.objects.filter(station=self.station, stage=RevocationStage.DECIDED).exists():
            return
        document = rows.document(kind=DocumentKind.REVOCATION, issued_on=dt.date(2023, 11, 2))
        rows_oversight.decided_revocation(
            station=self.station, operator=self.station.operator, grounds=[ground], document=document
        )

    def reverse(self) -> None:
        Revocation.objects.filter(station=self.station, stage=RevocationStage.DECIDED).update(
            stage=RevocationStage.REVERSED,
            reversed_on=dt.date(2023, 12, 1),
            reversed_by=rows.clerk(Role.BUREAU),
            reversal_cause=ReversalCause.SELF,
            reversal_reason="事实不清",
        )

    def honour(self) -> None:
        """Recognised as excellent: first, or again after the title was lost."""
        titles = self.station.titles.count()
        make = rows_excellent.title if titles == 0 else rows_excellent.withdrawn
        make(
            station=self.station,
            operator=self.station.operator,
            recognised_on=dt.date(2022, 9, 1) + dt.timedelta(days=titles),
        )

    def forward(self) -> None:
        """Each grant one step nearer to the money, where nothing keeps it."""
        for grant in Grant.objects.filter(station=self.station):
            try:
                with transaction.atomic():
                    self._step(grant)
            except Refused:
                continue

    def through(self) -> None:
        for _ in range(7):
            self.forward()
            derive()

    def _step(self, grant: Grant) -> None:
        desk = self.desk
        match grant.stage:
            case Stage.DRAFT:
                desk.submitted(grant)
            case Stage.SUBMITTED:
                desk.screen(grant)
            case Stage.SCREENED if standings([grant])[grant.pk].problems:
                review.send_back(grant_id=grant.pk, opinion="再核实。", by=desk.bureau)
            case Stage.SCREENED:
                review.approve(grant_id=grant.pk, opinion="同意。", by=desk.bureau)
                if reload(grant).stage == Stage.REVIEWED:
                    desk.published(grant)
            case Stage.REVIEWED:
                self.now.shift(dt.timedelta(days=15))
                publicity.approve_step(grant_id=grant.pk, step=1, opinion="同意。", by=desk.leader)
                publicity.approve_step(grant_id=grant.pk, step=2, opinion="同意。", by=desk.finance)
            case Stage.APPROVED if grant.recheck_reason:
                review.recheck_account(grant_id=grant.pk, by=desk.unit)
            case Stage.APPROVED:
                (held,) = paying.lock([grant.pk])
                paying.take_into_batch(held, by=desk.finance)
            case Stage.BATCHED:
                (held,) = paying.lock([grant.pk])
                if paying.problem(held):
                    paying.put_back(held, by=desk.finance)
                else:
                    build.pay(held, amount=held.due, on=dt.date(2023, 12, 1), by=desk.finance)

    def bounce(self) -> None:
        for grant in Grant.objects.filter(station=self.station, stage__in=[Stage.BATCHED, Stage.PAID]):
            (held,) = paying.lock([grant.pk])
            if held.stage == Stage.BATCHED:
                paying.put_back(held, by=self.desk.finance, recheck="退票")
            elif held.outstanding > 0 and not held.recoveries.open().exists():
                paying.bounced_later(held, amount=held.outstanding, by=self.desk.finance, reason="退票")

    def recover(self) -> None:
        """What a decision names, and what is open, comes back."""
        fraud = Revocation.objects.filter(
            station=self.station, stage=RevocationStage.DECIDED, grounds__contains=[Ground.G4]
        ).first()
        if fraud:
            out = [
                grant.pk
                for grant in Grant.objects.filter(station=self.station)
                if grant.outstanding > 0 and not grant.recoveries.filter(revocation=fraud).exists()
            ]
            if out:
                recoveries.open_for_revocation(
                    revocation_id=fraud.pk, grant_ids=out, reason="虚报。", by=self.desk.bureau
                )
        for case in Recovery.objects.open().filter(grant__station=self.station):
            if case.stage == RecoveryStage.OPEN:
                recoveries.notify(recovery_id=case.pk, due_on=dt.date(2030, 1, 1), by=self.desk.bureau)
            recoveries.register_return(
                recovery_id=case.pk, returned_on=_today(), voucher_no="测试-1", by=self.desk.finance
            )


def _today() -> dt.date:
    from jinhua_labor.core.clock import today

    return today()


ACTS: dict[str, Callable[[History], None]] = {
    "更正为65分": lambda one: one.correct(65),
    "更正为85分": lambda one: one.correct(85),
    "更正为50分": lambda one: one.correct(50),
    "重新打开": lambda one: one.reopen(),
    "弄虚作假": lambda one: one.revoke(Ground.G4),
    "连续不合格": lambda one: one.revoke(Ground.G3),
    "撤销决定": lambda one: one.reverse(),
    "评上优秀": lambda one: one.honour(),
    "前进一步": lambda one: one.forward(),
    "一路办完": lambda one: one.through(),
    "退票": lambda one: one.bounce(),
    "追回": lambda one: one.recover(),
}


def _explains_itself(grant: Grant) -> None:
    """Amount, clause, version and what it rests on stand on the grant itself."""
    if grant.base:
        assert yuan(grant.base) in grant.arithmetic
    assert grant.clause.startswith("第十二条（")
    assert grant.policy_version
    assert grant.trigger_on <= grant.final_on
    rests_on = {"SETUP": grant.station_id, "YEARLY": grant.sheet_id, "EXCELLENT": grant.title_id}
    assert rests_on[grant.kind]


def _holds(station: Station) -> None:
    for grant in Grant.objects.filter(station=station):
        assert 0 <= grant.outstanding <= grant.top <= TIERS[grant.kind]
        assert grant.payable == max(Decimal(0), grant.base - grant.other)
        _explains_itself(grant)
        if grant.stage == Stage.PAID and not grant.recoveries.open().exists():
            settled = grant.outstanding == grant.payable
            assert settled or grant.outstanding < grant.payable or grant.recoveries.exists()
    keys = list(Grant.objects.filter(station=station).values_list("kind", "period_no"))
    assert len(keys) == len(set(keys))


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(sorted(ACTS)), min_size=3, max_size=9))
def test_随便怎样的历史(desk: Desk, station: Station, travelled: time_machine.Coordinates, history: list[str]):
    travelled.move_to(build.DAY)
    point = transaction.atomic()
    point.__enter__()
    try:
        one = History(desk, station, travelled)
        for act in history:
            ACTS[act](one)
            derive()
            _holds(station)
            assert derive() == 0
    finally:
        transaction.set_rollback(True)
        point.__exit__(None, None, None)
