"""What follows the bureau's confirmation: 公示, objections upheld, the final result, its correction (R-31, R-34).

Each step locks the station's row first, then the year, then the sheet: a final result brings money, two failed ones a
proposal to revoke.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from assessments.sheets.enums import Cause, Outcome, Stage
from assessments.sheets.models import Assessment, LineEvidence, Sheet
from assessments.sheets.queries.results import line_of, notice_fact
from assessments.sheets.rules.results import Publicity, announcement, publicity, result_rows
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind, Objection
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import OPEN_REVOCATION, Ground, RevocationStage
from stations.oversight.models import Revocation
from stations.oversight.rules.revocations import YearResult
from stations.oversight.services.common import lock_station, require
from stations.oversight.services.revocations import draft_g3

from .scoring import lay_out

MOST = 60
"""Results in one notice: what a reader still looks through."""


def locked(assessment_id: uuid.UUID) -> tuple[Assessment, Sheet]:
    """The year and its latest sheet, the station's row locked before them."""
    station_id = Assessment.objects.values_list("station_id", flat=True).get(pk=assessment_id)
    lock_station(station_id)
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("station", "operator")
    assessment = rows.get(pk=assessment_id)
    sheets = Sheet.objects.select_for_update(of=("self",), no_key=True).select_related("notice")
    sheet = sheets.filter(assessment=assessment).order_by("-round").first()
    if sheet is None:
        raise Conflict("这个年度还没有评分。")
    return assessment, sheet


@transaction.atomic
def prepare_notice(*, assessment_ids: Collection[uuid.UUID], by: User) -> Notice:
    """拟公示稿 of one or several confirmed results; a bureau official who did not write it releases it.

    Raises Conflict when one of them is not confirmed or stands in a notice already, Refused for none or too many.
    """
    require(by, Role.CENTRE)
    if not 0 < len(set(assessment_ids)) <= MOST:
        raise Refused(f"请选择要公示的评估结果，一次不超过{MOST}个。")
    day = today()
    # Station by station in one order, so that two people who gather results at once never wait for each other.
    ordered = Assessment.objects.filter(pk__in=assessment_ids).order_by("station_id", "pk")
    found = [locked(pk) for pk in list(ordered.values_list("pk", flat=True))]
    for assessment, sheet in found:
        if assessment.stage != Stage.CONFIRMED:
            raise Conflict(f"{assessment}{assessment.get_stage_display()}，现在不能公示。")
        if publicity(notice_fact(sheet), on=day) is not Publicity.NONE:
            raise Conflict(f"{assessment}已有公示稿，请刷新后再办。")
        if Objection.objects.open().filter(notice__sheets__assessment=assessment).exists():
            raise Refused(f"{assessment}此前的公示还有异议没有答复，请先答复。")  # the new notice knows nothing of it
    office = by.organisation.name if by.organisation else ""
    lines = sorted((line_of(*pair) for pair in found), key=lambda line: (line.station, line.number))
    policy = policy_on(max(assessment.ends_on for assessment, _ in found)).policy
    title, body = announcement(lines, policy=policy, office=office, phone=settings.SITE_PHONE)
    notice = notices.prepare(
        kind=NoticeKind.ASSESSMENT,
        title=title,
        body=body,
        fixed=result_rows(lines),
        workdays=policy.publicity_workdays_assessment,
        office=office,
        phone=settings.SITE_PHONE,
        object_id=found[0][0].pk if len(found) == 1 else None,
        by=by,
    )
    for assessment, sheet in found:
        sheet.notice = notice
        sheet.save(update_fields=["notice"])
        record(by=by, action="assessment.notice", obj=assessment, detail={"notice": str(notice.pk)})
    send(to_role=Role.BUREAU, subject=f"待发布：{title}", link=notices_desk(notice))
    return notice


@transaction.atomic
def reopen_for_objection(*, assessment_id: uuid.UUID, objection_id: uuid.UUID, reason: str, by: User) -> Sheet:
    """异议成立: the year is scored anew on a new sheet; its result is checked, confirmed and published again (R-31).

    The objection is answered at the desk of the notice. Raises Conflict when the result is not in 公示 any more.
    """
    require(by, Role.CENTRE)
    assessment, sheet = locked(assessment_id)
    objection = Objection.objects.select_for_update().get(pk=objection_id)
    if assessment.stage != Stage.CONFIRMED or sheet.notice_id is None or objection.notice_id != sheet.notice_id:
        raise Conflict("这个结果已不在公示中，请刷新后再办。")
    if objection.answered_at:
        raise Conflict("这件异议已经答复，不能再据此重新评分。")
    new = _again(assessment, sheet, Cause.OBJECTION, reason, by=by)
    record(by=by, action="assessment.objection_upheld", obj=assessment, detail={"objection": str(objection.pk)})
    return new


@transaction.atomic
def correct(*, assessment_id: uuid.UUID, reason: str, by: User) -> Sheet:
    """更正 of a final result by the bureau: a new sheet, the old one stays as it was (§5.3 REOPENED).

    Refused while a proposal to revoke rests on the result (R-34): it is put aside first, or decided on what stands.
    """
    require(by, Role.BUREAU)
    assessment, sheet = locked(assessment_id)
    if assessment.stage != Stage.FINAL:
        raise Conflict(f"这个年度{assessment.get_stage_display()}，只有已确定的结果才能更正。")
    _refuse_while_revoking(assessment)
    assessment.final_on = None
    new = _again(assessment, sheet, Cause.CORRECTION, reason, by=by)
    record(by=by, action="assessment.correct", obj=assessment, purpose=reason.strip())
    send(
        to_role=Role.CENTRE,
        subject=f"请重新评分：{assessment}",
        body=f"区人社局决定更正已确定的结果。理由：{reason.strip()}",
        link=assessment.get_absolute_url(),
    )
    send(
        to_organisation=assessment.operator,
        subject=f"{assessment}的结果将更正",
        body="区人社局决定更正已确定的评估结果，原结果保留备查，新的结果确定后另行告知。",
        link=assessment.get_absolute_url(),
    )
    return new


def settle_due(*, day: dt.date, by: User) -> int:
    """Makes final what has been published long enough with nothing open; how many. Harmless to repeat (R-31)."""
    waiting = Assessment.objects.filter(stage=Stage.CONFIRMED, sheets__notice__ends_on__lt=day).distinct()
    return sum(settle(assessment_id=pk, day=day, by=by) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def settle(*, assessment_id: uuid.UUID, day: dt.date, by: User) -> bool:
    """Whether the result is final now: its 公示 is over and no objection is open. Two failed years in a row draft a
    proposal to revoke (R-34)."""
    require(by, Role.SYSTEM)
    assessment, sheet = locked(assessment_id)
    over = publicity(notice_fact(sheet), on=day) is Publicity.OVER
    if assessment.stage != Stage.CONFIRMED or not over:
        return False
    sheet.final_on = assessment.final_on = day
    assessment.stage = Stage.FINAL
    sheet.save(update_fields=["final_on"])
    assessment.save(update_fields=["final_on", "stage"])
    record(
        by=by,
        action="assessment.final",
        obj=assessment,
        detail={"total": str(sheet.total), "outcome": sheet.outcome, "sha256": sheet.sha256},
    )
    line = line_of(assessment, sheet)
    send(
        to_organisation=assessment.operator,
        subject=f"{assessment}结果已确定：{line.result}",
        body=f"公示期满，没有未处理的异议。{line.year}：{line.total}分，{line.result}。",
        link=assessment.get_absolute_url(),
    )
    draft_g3(station_id=assessment.station_id, results=_results(assessment))
    return True


def notices_desk(notice: Notice) -> str:
    """The address of the notice's page at the desk."""
    from django.urls import reverse

    return reverse("notices:desk", args=[notice.pk])


def _again(assessment: Assessment, sheet: Sheet, cause: Cause, reason: str, *, by: User) -> Sheet:
    """The next round, with what the last one gave line by line, at once brought up to the facts of today: who scores it
    sees what has changed since and looks at every line again."""
    if not reason.strip():
        raise Refused("请写明重新评分的理由。", problems=(("请写明重新评分的理由。", "#id_reason"),))
    new = Sheet.objects.create(
        assessment=assessment, round=sheet.round + 1, cause=cause, reason=reason.strip(), opened_by=by
    )
    for line in sheet.lines.prefetch_related("evidence"):
        evidence = list(line.evidence.all())
        line.pk, line._state.adding, line.sheet, line.version = uuid.uuid4(), True, new, 1
        line.save(force_insert=True)
        LineEvidence.objects.bulk_create(
            LineEvidence(line=line, attachment_id=row.attachment_id, added_by_id=row.added_by_id, added_at=row.added_at)
            for row in evidence
        )
    assessment.stage = Stage.SCORING
    assessment.save(update_fields=["stage", "final_on"])
    changed = lay_out(new)
    record(by=by, action="sheet.refresh", obj=new, detail={"changed": changed})
    return new


def _refuse_while_revoking(assessment: Assessment) -> None:
    rests = Q(fail_years__contains=[assessment.period_no]) | Q(grounds__contains=[Ground.G3], fail_years=[])
    stages = (RevocationStage.DRAFT, *OPEN_REVOCATION)
    row = Revocation.objects.filter(rests, station=assessment.station_id, stage__in=stages).first()
    if row is not None:
        raise Refused(
            f"取消资格{row.get_stage_display()}（{row.number}）以这个年度的结果为依据，请先不予提出或者停办，再更正。"
        )


def _results(assessment: Assessment) -> list[YearResult]:
    rows = Sheet.objects.filter(
        assessment__station=assessment.station_id, assessment__stage=Stage.FINAL, final_on__isnull=False
    ).order_by("assessment", "round")
    latest = {row.assessment_id: row for row in rows.select_related("assessment")}
    return [
        YearResult(row.assessment.period_no, final=True, failed=row.outcome == Outcome.FAILED, vetoed=bool(row.vetoed))
        for row in latest.values()
    ]


__all__ = ["correct", "locked", "prepare_notice", "reopen_for_objection", "settle", "settle_due"]
