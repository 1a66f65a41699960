"""One station from 2021-04 to 2026-05, as its services tell it: both the test of its whole life and the journey in the
browser take these steps.

What people do goes through the services on its day. The first two years, good by several hundred people, are rows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Protocol

from assessments.excellent.models import Title
from assessments.excellent.services import candidates, rounds
from assessments.models import Assessment, Sheet
from assessments.sheets.services import results, self_assessment
from assessments.sheets.services import review as sheet_review
from jinhua_labor.accounts.models import User
from jinhua_labor.notices import services as notices
from jinhua_labor.review.states import Recommendation
from jinhua_labor.rulebook import services as rulebook
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind
from stations.applications.services import establishment
from stations.oversight.enums import Ground
from stations.oversight.models import Revocation
from stations.oversight.services import revocations
from stations.oversight.services.revocations import Content
from stations.registry.models import Station
from subsidies.grants.models import Grant
from subsidies.payments.models import Batch
from subsidies.payments.services import batches
from subsidies.payments.services import results as payment_results
from tests import factories
from tests.assessments.excellent.build import GOOD, seen
from tests.assessments.sheets import build as sheets
from tests.meta import rows
from tests.meta import rows_assessment as made
from tests.stations.applications.approved import approved
from tests.stations.applications.build import pdf
from tests.subsidies import build
from tests.subsidies.payments import build as payments

ESTABLISHED, REVOKED = dt.date(2021, 4, 15), dt.date(2024, 5, 21)


class Clock(Protocol):
    """What sets the day."""

    def move_to(self, destination: dt.datetime) -> None: ...


class Life:
    """The station, the people around it, and the day it is."""

    def __init__(self, clock: Clock, desk: build.Desk) -> None:
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
        self.approved(grant)
        payer = payments.finance(name="测试财务乙")
        batch = self.sent_out(grant, payer)
        data = payments.filled(batch, [payments.paid(voucher)])
        payment_results.bring_in(key=uuid.uuid4(), file=payments.upload(data), by=payer)
        return build.reload(grant)

    def approved(self, grant: Grant) -> Grant:
        """公示 from today, both steps of 审批 on the day after its last."""
        self.desk.published(grant)
        self.after_notice(grant)
        return self.desk.steps(grant)

    def after_notice(self, grant: Grant) -> None:
        notice = build.reload(grant).notice
        assert notice is not None
        assert notice.ends_on is not None
        over = notice.ends_on + dt.timedelta(days=1)
        self.on(over.year, over.month, over.day)

    def sent_out(self, grant: Grant, payer: User) -> Batch:
        """A batch of this grant alone, its papers made."""
        batch = batches.make(key=uuid.uuid4(), grant_ids=[grant.pk], by=payer)
        return batches.issue(batch_id=batch.pk, by=payer)

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

    def defended(self, place: Station) -> Revocation:
        """第八条（四） proposed, told, the five working days of the defence over, 初审 by a colleague."""
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
        self.on(REVOKED.year, REVOKED.month, REVOKED.day)
        return row

    def revoked(self, place: Station) -> Revocation:
        """Decided on 2024-05-21."""
        return revocations.decide(
            revocation_id=self.defended(place).pk,
            opinion="同意取消。",
            doc_no="金东人社〔2024〕9号",
            issued_on=REVOKED,
            upload=pdf(),
            plaque_due_on=None,
            by=self.desk.bureau,
        )


def amounts(place: Station) -> dict[tuple[str, int | None], tuple[Decimal, Decimal]]:
    """(已拨, 已退回) of each grant of the station."""
    return {(one.kind, one.period_no): (one.paid, one.returned) for one in Grant.objects.filter(station=place)}
