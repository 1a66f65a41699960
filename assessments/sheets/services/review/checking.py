"""From the finished sheet to the second person: handed on, checked, returned, reported to the bureau (§5.3)."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.rules.judging import system_points
from assessments.sheets.services.common import centre, expect, lock_sheet, move, policy_of, review_of
from assessments.sheets.services.scoring import GATHERED, facts_of, gather_now
from assessments.surveys.queries import of_year
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.figures import plain
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Kind, Recommendation
from stations.oversight.services.common import require

NOT_THE_SCORER = "这张评估表有您评的分，须由没有评分的同事复核。"
NO_REMARK = "如实复核，同意报送确认。"


@transaction.atomic
def submit(*, sheet_id: uuid.UUID, lines_version: int, by: User, key: uuid.UUID | None = None) -> ReviewEvent:
    """送复核: all thirteen lines are given and the facts are those of today; they stay with the sheet from now on.

    `lines_version` is the sum of the versions the page showed. Raises Refused naming each line that is missing,
    Conflict when a line was saved or a fact changed since.
    """
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    assessment = sheet.assessment
    if sheet.review and (earlier := review_services.repeated(sheet.review, key)):
        return earlier
    expect(assessment, Stage.SCORING)
    _refuse_while_asked(assessment)
    lines = list(sheet.lines.select_for_update(no_key=True))
    if sum(line.version for line in lines) != lines_version:
        raise Conflict("评估表在您打开之后有改动，请刷新核对后再送复核。")
    _refuse_unfinished(sheet, {line.code for line in lines if line.given is not None})
    sheet.facts = _facts_of_today(sheet) | {GATHERED: timezone.now().isoformat()}
    if sheet.review is None:
        sheet.review = review_services.open_review(
            kind=Kind.ASSESSMENT,
            object_id=sheet.pk,
            title=f"{assessment.station.name}第{assessment.period_no}年度评估",
            organisation=centre(),
            url_name="assessments:sheet",
            open_key=f"{Kind.ASSESSMENT}:{assessment.pk}",
            by=by,
            decider=policy_of(assessment).assessment_confirmed_by.value,
        )
    review = review_services.lock(sheet.review.pk)
    event = review_services.transition(review, Action.SUBMIT, by=by, key=key, detail=_totals(sheet))
    sheet.review = event.review
    sheet.save(update_fields=["facts", "review"])
    move(assessment, Stage.CHECKING)
    send(
        to_role=Role.CENTRE,
        subject=f"待复核：{assessment}",
        body=f"编号{event.review.number}，{by.name}已评分，请由没有评分的同事复核。",
        link=sheet.get_absolute_url(),
    )
    return event


def _refuse_while_asked(assessment: Assessment) -> None:
    """A running survey counts as none: handed on now, the sheet would keep 0 points for what is still being asked."""
    running = [one for one in of_year(assessment.station, assessment.period).values() if not one.is_closed]
    if running:
        kinds, last = "、".join(one.get_kind_display() for one in running), max(one.closes_on for one in running)
        raise Refused(f"{kinds}满意度调查到{date_cn(last)}截止，次日起更新计分事实，再送复核。")


def _refuse_unfinished(sheet: Sheet, given: set[str]) -> None:
    missing = [line for line in policy_of(sheet.assessment).indicators if line.code not in given]
    if missing:
        problems = tuple((f"{line.name}还没有评分。", f"#line-{line.code}") for line in missing)
        raise Refused(f"还有{len(missing)}项没有评分，不能送复核。", problems=problems)


def _facts_of_today(sheet: Sheet) -> dict[str, Any]:
    """The facts gathered once more as the sheet goes to the second person (R-67); Conflict where a line moves."""
    policy, kept, now = policy_of(sheet.assessment), facts_of(sheet), gather_now(sheet.assessment)
    if kept is None:
        raise Conflict("计分事实还没有汇集，请先更新。")
    moved = [
        line.name
        for line in policy.indicators
        if system_points(line.code, kept, policy=policy) != system_points(line.code, now, policy=policy)
    ]
    if moved or bool(kept.people.skilled >= policy.tech_min_count) != bool(now.people.skilled >= policy.tech_min_count):
        names = "、".join(moved) or "技术技能人才"
        raise Conflict(f"数据有变化，{names}的系统分与表上不同。请先更新计分事实，核对后再送复核。")
    return now.to_json()


@transaction.atomic
def send_back(
    *, sheet_id: uuid.UUID, reason: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回评分 with the reason, from the check or after the station's answers; a new check and a new draft follow."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    review = review_of(sheet)
    if earlier := review_services.repeated(review, key):
        return earlier
    expect(sheet.assessment, Stage.CHECKING, Stage.FEEDBACK)
    _refuse_scorer(sheet, by)
    if not reason.strip():
        raise Refused("请写明退回的理由。", problems=(("请写明退回的理由。", "#id_return_reason"),))
    event = review_services.transition(review, Action.RETURN, by=by, opinion=Opinion(reason), version=version, key=key)
    informed = sheet.assessment.stage == Stage.FEEDBACK
    sheet.checked_by = sheet.checked_at = sheet.feedback_until = sheet.agreed_by = sheet.agreed_at = None
    sheet.save(update_fields=["checked_by", "checked_at", "feedback_until", "agreed_by", "agreed_at"])
    move(sheet.assessment, Stage.SCORING)
    scorer = review.submitted_by
    if scorer is not None:
        send(
            to_user=scorer,
            subject=f"退回评分：{sheet.assessment}",
            body=f"{by.name}：{reason.strip()}",
            link=sheet.get_absolute_url(),
        )
    if informed:
        send(
            to_organisation=sheet.assessment.operator,
            subject=f"{sheet.assessment}的评分草稿正在重新核对",
            body="区就业服务中心正在重新核对评分，核对后的草稿再送您反馈。",
            link=sheet.assessment.get_absolute_url(),
        )
    return event


@transaction.atomic
def check(*, sheet_id: uuid.UUID, by: User, version: int | None = None) -> Sheet:
    """复核通过: the draft with its reasons goes to the station, which may answer within `feedback_workdays` (R-29).

    Raises Refused for who gave a line himself; the same person twice is one.
    """
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    assessment, review = sheet.assessment, review_of(sheet)
    if assessment.stage == Stage.FEEDBACK and sheet.checked_by_id == by.pk:
        return sheet
    expect(assessment, Stage.CHECKING)
    _expect_version(review, version)
    _refuse_scorer(sheet, by)
    if sheet.checked_at is not None:
        raise Refused("这份评分已经站点反馈，没有改动的直接报送确认；要改动的退回评分。")
    day = today()
    until = work_calendar().add_workdays(day, policy_of(assessment).settings.feedback_workdays)
    sheet.checked_by, sheet.checked_at, sheet.feedback_until = by, timezone.now(), until
    sheet.save(update_fields=["checked_by", "checked_at", "feedback_until"])
    review_services.stand_still(review, until=until)
    move(assessment, Stage.FEEDBACK)
    record(by=by, action="sheet.check", obj=sheet, detail={"until": until.isoformat()})
    send(
        to_organisation=assessment.operator,
        subject=f"请核对评分草稿：{assessment}",
        body=f"请在{date_cn(until)}（含）前逐项核对。有不同意见的，写明理由并可附材料；没有意见的，请点“无意见”。到期未反馈的，视为没有意见。",
        link=sheet.get_absolute_url(),
    )
    return sheet


@transaction.atomic
def screen(
    *, sheet_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """报送确认, by the person who checked, once the station has had its say and every answer is answered.

    To the bureau, or to a third person of the centre where the policy reads it so (R-29).
    """
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    review = review_of(sheet)
    if earlier := review_services.repeated(review, key):
        return earlier
    expect(sheet.assessment, Stage.FEEDBACK, Stage.CHECKING)
    if sheet.checked_at is None or sheet.feedback_until is None:
        raise Refused("评分草稿还没有送站点反馈，不能报送确认。")
    if sheet.checked_by_id != by.pk:
        raise Refused(f"这张评估表由{sheet.checked_by.name if sheet.checked_by else '同事'}复核，由其报送确认。")
    if not is_over(sheet):
        raise Refused(f"反馈期到{date_cn(sheet.feedback_until)}止，站点表示无意见或者到期之后才能报送确认。")
    if open_answers := sheet.answers.filter(reply="").count():
        raise Refused(f"还有{open_answers}条站点意见没有答复。")
    event = review_services.transition(
        review,
        Action.SCREEN,
        by=by,
        opinion=Opinion(opinion.strip() or NO_REMARK, Recommendation.AGREE),
        version=version,
        key=key,
    )
    move(sheet.assessment, Stage.CONFIRMING)
    send(
        to_role=Role(review.decider),
        subject=f"待确认：{sheet.assessment}",
        body=f"编号{event.review.number}，{sheet.assessment.operator.name}。",
        link=sheet.get_absolute_url(),
    )
    return event


def is_over(sheet: Sheet) -> bool:
    """Whether the station has had its say: it agreed, or its last day has passed."""
    return sheet.agreed_at is not None or (sheet.feedback_until is not None and sheet.feedback_until < today())


def _expect_version(review: Review, version: int | None) -> None:
    if version is not None and review.version != version:
        raise Conflict(review_services.moved_on(review))


def _refuse_scorer(sheet: Sheet, by: User) -> None:
    """Who gave a line, or handed the sheet on, does not check it."""
    assert sheet.review is not None
    own = by.pk in {sheet.review.created_by_id, sheet.review.submitted_by_id}
    if own or sheet.lines.filter(given_by=by).exists():
        raise Refused(NOT_THE_SCORER)


def _totals(sheet: Sheet) -> dict[str, str]:
    """What was given line by line as the sheet is handed on."""
    return {line.code: plain(line.given) for line in sheet.lines.all() if line.given is not None}
