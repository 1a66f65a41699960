"""One station from 2021-04 to 2026-05: set up, assessed, excellent, an extension on the way, failed, revoked for fraud,
its money asked back, barred, and applied for again on the first day allowed (R-28 … R-48)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from assessments.excellent.services import titles
from assessments.sheets.enums import Outcome, Stage
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Refused
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook.book import forget_book
from stations.oversight.models import Revocation
from stations.registry.enums import StationState
from subsidies.grants.enums import GrantKind, RecoveryStage
from subsidies.grants.enums import Stage as GrantStage
from subsidies.grants.models import Grant
from subsidies.grants.queries.facts import owed
from subsidies.grants.queries.standing import standing
from subsidies.grants.rules import Wait
from subsidies.grants.services import recoveries, review
from tests.stations.applications import build as application
from tests.subsidies import build
from tests.subsidies.life import ESTABLISHED, REVOKED, Life, amounts
from tests.subsidies.payments import build as payments

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_book() -> Iterator[None]:
    forget_book()
    yield
    forget_book()


@pytest.fixture
def life(
    operator_user: User,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
    bureau_second: User,
    finance: User,
) -> Iterator[Life]:
    with time_machine.travel(dt.datetime(2021, 4, 15, 1, tzinfo=dt.UTC), tick=False) as clock:
        yield Life(
            clock, build.Desk(operator_user, centre_clerk, centre_second, bureau_official, bureau_second, finance)
        )


def test_一个站点的一生(life: Life) -> None:
    desk = life.desk
    place = life.established()
    assert (place.state, place.established_on) == (StationState.ACTIVE, ESTABLISHED)

    # 建站补贴, once however often it is derived
    desk.account()
    assert build.derive() == 1
    assert build.derive() == 0
    setup = life.paid(build.grant_of(place), "2021-0501")
    assert (setup.stage, setup.paid) == (GrantStage.PAID, Decimal(10000))

    # Two years, two tiers
    life.on(2022, 6, 27)
    years = [life.good_year(place, 1, 92)]
    build.derive()
    assert life.paid(build.grant_of(place, GrantKind.YEARLY, 1), "2022-0701").paid == Decimal(70000)
    life.on(2023, 6, 26)
    years.append(life.good_year(place, 2, 85))
    build.derive()
    assert life.paid(build.grant_of(place, GrantKind.YEARLY, 2), "2023-0701").paid == Decimal(60000)

    # 优秀, recognised after the last day of 试行期: computed and shown, but it waits for a document
    title = life.recognised(place, years)
    build.derive()
    reward = build.grant_of(place, GrantKind.EXCELLENT)
    assert reward.base == Decimal(20000)
    assert standing(reward, owed([place.pk])[place.pk]).undecided == (Wait.EXPIRY,)
    desk.screened(reward)
    with pytest.raises(Refused, match="延期"):
        review.approve(grant_id=reward.pk, opinion="同意。", by=desk.bureau)
    life.on(2024, 2, 5)
    life.extended()
    review.approve(grant_id=reward.pk, opinion="同意。", by=desk.bureau)
    assert life.finished(build.reload(reward), "2024-0201").paid == Decimal(20000)
    assert policy_on(title.recognised_on).confirmed

    # The third year fails: no money for it, and one failed year proposes nothing
    year = life.failed_year(place)
    assert (year.stage, year.sheets.get().outcome) == (Stage.FINAL, Outcome.FAILED)
    assert build.derive() == 0
    assert set(amounts(place)) == {("SETUP", None), ("YEARLY", 1), ("YEARLY", 2), ("EXCELLENT", None)}
    assert not Revocation.objects.filter(station=place).exists()

    # 弄虚作假: while it is open nothing goes out, the decision ends station, title and claim
    life.on(2024, 5, 8)
    decision = life.revoked(place)
    place.refresh_from_db()
    assert (place.state, titles.lapse_revoked(day=REVOKED, by=User.objects.system())) == (
        StationState.REVOKED,
        1,
    )
    assert Grant.objects.filter(station=place).exclude(stage=GrantStage.PAID).count() == 0
    payments.nothing_twice()

    # Asked back: what the bureau names, and no more than was paid
    named = build.grant_of(place, GrantKind.YEARLY, 2)
    [case] = recoveries.open_for_revocation(
        revocation_id=decision.pk, grant_ids=[named.pk], reason="第二年度名册有虚报。", by=desk.bureau
    )
    recoveries.notify(recovery_id=case.pk, due_on=dt.date(2024, 6, 20), by=desk.bureau)
    life.on(2024, 6, 18)
    recoveries.register_return(
        recovery_id=case.pk, returned_on=dt.date(2024, 6, 17), voucher_no="2024-0617", by=desk.finance
    )
    case.refresh_from_db()
    assert case.stage == RecoveryStage.RETURNED
    assert build.derive() == 0
    assert amounts(place) == {
        ("SETUP", None): (Decimal(10000), 0),
        ("YEARLY", 1): (Decimal(70000), 0),
        ("YEARLY", 2): (Decimal(60000), Decimal(60000)),
        ("EXCELLENT", None): (Decimal(20000), 0),
    }

    # Barred for two years through the corresponding day; the next day the unit applies again
    life.on(2026, 5, 21)
    again = application.filled(desk.unit)
    with pytest.raises(Refused) as refusal:
        application.hand_in(again, desk.unit)
    assert any("2026年5月21日" in text for text, _ in refusal.value.problems)
    life.on(2026, 5, 22)
    application.hand_in(again, desk.unit)
    again.refresh_from_db()
    assert again.review.state == State.SUBMITTED
