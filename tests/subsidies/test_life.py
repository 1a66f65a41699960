"""One station from 2021-04 to 2026-05: set up, assessed, excellent, an extension on the way, failed, revoked for fraud,
its money asked back, barred, and applied for again on the first day allowed (R-28 … R-48).

What people do goes through the services on its day. The first two years, good by several hundred people, are rows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from assessments.excellent.models import Title
from assessments.excellent.services import candidates, rounds, titles
from assessments.models import Assessment, Sheet
from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.services import results, self_assessment
from assessments.sheets.services import review as sheet_review
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Refused
from jinhua_labor.notices import services as notices
from jinhua_labor.review.states import Recommendation, State
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook import services as rulebook
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind
from stations.applications.services import establishment
from stations.oversight.enums import Ground
from stations.oversight.models import Revocation
from stations.oversight.services import revocations
from stations.oversight.services.revocations import Content
from stations.registry.enums import StationState
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, RecoveryStage
from subsidies.grants.enums import Stage as GrantStage
from subsidies.grants.models import Grant
from subsidies.grants.queries.facts import owed
from subsidies.grants.queries.standing import standing
from subsidies.grants.rules import Wait
from subsidies.grants.services import recoveries, review
from subsidies.payments.services import batches
from subsidies.payments.services import results as payment_results
from tests import factories
from tests.assessments.excellent.build import GOOD, seen
from tests.assessments.sheets import build as sheets
from tests.meta import rows
from tests.meta import rows_assessment as made
from tests.stations.applications import build as application
from tests.stations.applications.approved import approved
from tests.stations.applications.build import pdf
from tests.subsidies import build
from tests.subsidies.payments import build as payments

pytestmark = pytest.mark.django_db
ESTABLISHED = dt.date(2021, 4, 15)


@pytest.fixture(autouse=True)
def _own_book() -> Iterator[None]:
    forget_book()
    yield
    forget_book()


class Life:
    """The station, the people around it, and the day it is."""

    def __init__(self, clock: time_machine.Coordinates, desk: build.Desk) -> None:
        self.clock, self.desk = clock, desk

    def on(self, year: int, month: int, day: int) -> None:
        self.clock.move_to(dt.datetime(year, month, day, 1, tzinfo=dt.UTC))

    def established(self) -> Station:
        desk = self.desk
        one = approved(desk.unit, desk.centre, desk.bureau)
        batch = establishment.create(key=uuid.uuid4(), application_ids=[one.pk], by=desk.bureau)
        establishment.issue(
            batch_id=batch.pk,
            doc_no="金东人社〔2021〕20号",
            issued_on=ESTABLISHED,
            upload=pdf("盖章件.pdf"),
            publish=False,
            by=desk.bureau,
        )
        return Station.objects.get(application=one)

    def good_year(self, place: Station, number: int, total: int) -> Assessment:
        """A FINAL year of several hundred people."""
        ends_on = dt.date(2021 + number, 4, 14)
        year: Assessment = made.final(
            station=place,
            period_no=number,
            starts_on=dt.date(2020 + number, 4, 15),
            ends_on=ends_on,
            final_on=dt.date(2021 + number, 6, 20),
        )
        figures = {**GOOD, "total": Decimal(total)}
        made.confirmed(assessment=year, notice=rows.published(), final_on=year.final_on, **figures)
        return year

    def paid(self, grant: Grant, voucher: str) -> Grant:
        """From the account to the voucher."""
        return self.finished(self.desk.reviewed(grant), voucher)

    def finished(self, grant: Grant, voucher: str) -> Grant:
        """公示 for five working days, both steps of 审批, a batch, its result sheet; who pays had no part before."""
        self.desk.published(grant)
        notice = build.reload(grant).notice
        assert notice is not None
        assert notice.ends_on is not None
        over = notice.ends_on + dt.timedelta(days=1)
        self.on(over.year, over.month, over.day)
        self.desk.steps(grant)
        payer = payments.finance(name="测试财务乙")
        batch = batches.make(key=uuid.uuid4(), grant_ids=[grant.pk], by=payer)
        batch = batches.issue(batch_id=batch.pk, by=payer)
        data = payments.filled(batch, [payments.paid(voucher)])
        payment_results.bring_in(key=uuid.uuid4(), file=payments.upload(data), by=payer)
        return build.reload(grant)

    def recognised(self, place: Station, years: list[Assessment]) -> Title:
        """Selected in the round of 2023, the document dated 2024-01-10: after the last day of 试行期."""
        desk = self.desk
        self.on(2023, 11, 6)
        one = rounds.open_round(
            year=2023,
            cutoff=dt.date(2023, 10, 31),
            apply_until=dt.date(2023, 11, 20),
            quota=None,
            remark="",
            by=desk.bureau,
        )
        for year in years:
            seen(year, desk.centre)
        row = candidates.stand(
            round_id=one.pk, station_id=place.pk, statement="两年输送600人。", by=desk.unit, key=uuid.uuid4()
        )
        candidates.screen(
            candidate_id=row.pk, recommendation=Recommendation.AGREE, opinion="四项标准均符合。", by=desk.centre
        )
        candidates.approve(candidate_id=row.pk, opinion="同意。", by=desk.bureau)
        self.on(2023, 12, 1)
        notice = rounds.prepare_notice(round_id=one.pk, by=desk.centre)
        notices.release(notice_id=notice.pk, by=desk.bureau)
        self.on(2024, 1, 10)
        [title] = rounds.recognise(
            round_id=one.pk,
            doc_no="金东人社〔2024〕2号",
            issued_on=dt.date(2024, 1, 10),
            upload=pdf("认定文件.pdf"),
            by=desk.bureau,
        )
        return title

    def extended(self) -> None:
        """The bureau records the document that extends 试行期 to the end of 2026; a second official confirms it."""
        first, second = self.desk.bureau, self.desk.leader
        row = rulebook.create(key=uuid.uuid4(), kind=Kind.EXTENSION, subject="延长试行期", by=first)
        row = rulebook.save_head(
            version_id=row.pk,
            revision=row.revision,
            subject="延长试行期",
            note="",
            decided_by="测试局",
            doc_no="测试人社〔2024〕5号",
            doc_date=dt.date(2024, 2, 1),
            effective_to=dt.date(2026, 12, 31),
            by=first,
        )
        row = rulebook.submit(version_id=row.pk, revision=row.revision, by=first)
        rulebook.confirm(version_id=row.pk, revision=row.revision, by=second)
        forget_book()

    def failed_year(self, place: Station) -> Assessment:
        """The third year, nobody delivered, scored by the real steps and published until it is final."""
        desk = self.desk
        self.on(2024, 4, 15)
        year = sheets.opened(place, 3)
        self_assessment.submit(assessment_id=year.pk, text="全年没有输送。", by=desk.unit)
        sheet = sheets.scored(Sheet.objects.get(assessment=year), desk.centre)
        sheet_review.submit(sheet_id=sheet.pk, lines_version=sheets.versions(sheet), by=desk.centre)
        sheet_review.check(sheet_id=sheet.pk, by=desk.second)
        sheet_review.agree(sheet_id=sheet.pk, by=desk.unit)
        sheet_review.screen(sheet_id=sheet.pk, opinion="如实复核。", by=desk.second)
        sheet_review.confirm(sheet_id=sheet.pk, opinion="同意。", by=desk.bureau)
        notice = results.prepare_notice(assessment_ids=[year.pk], by=desk.centre)
        notices.release(notice_id=notice.pk, by=desk.bureau)
        self.on(2024, 5, 6)
        assert results.settle_due(day=dt.date(2024, 5, 6), by=User.objects.system()) == 1
        year.refresh_from_db()
        return year

    def revoked(self, place: Station) -> Revocation:
        """第八条（四） proposed, told, the five working days of the defence over, decided on 2024-05-21."""
        desk = self.desk
        content = Content(grounds=[Ground.G4], facts="第二年度名册有虚报人员。", uploads=[factories.png()])
        row = revocations.propose(station_id=place.pk, content=content, by=desk.centre, key=uuid.uuid4())
        row = revocations.notify(revocation_id=row.pk, by=desk.centre)
        revocations.state(revocation_id=row.pk, text="部分人员登记有误。", uploads=[factories.png()], by=desk.unit)
        row = revocations.answer(revocation_id=row.pk, text="与参保记录不符，不予采纳。", by=desk.centre)
        self.on(2024, 5, 20)
        revocations.screen(
            revocation_id=row.pk, recommendation=Recommendation.AGREE, opinion="情形属实。", by=desk.second
        )
        self.on(2024, 5, 21)
        return revocations.decide(
            revocation_id=row.pk,
            opinion="同意取消。",
            doc_no="金东人社〔2024〕9号",
            issued_on=dt.date(2024, 5, 21),
            upload=pdf(),
            plaque_due_on=None,
            by=desk.bureau,
        )


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


def amounts(place: Station) -> dict[tuple[str, int | None], tuple[Decimal, Decimal]]:
    """(已拨, 已退回) of each grant of the station."""
    return {(one.kind, one.period_no): (one.paid, one.returned) for one in Grant.objects.filter(station=place)}


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
    assert (place.state, titles.lapse_revoked(day=dt.date(2024, 5, 21), by=User.objects.system())) == (
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
