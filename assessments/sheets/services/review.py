"""From the finished sheet to the bureau's confirmation: handed on, checked, answered, screened, confirmed (§5.3).

Scorer, checker and the bureau's official are three persons. Each step locks the year, then its sheet, then the review.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.models import Assessment, LineAnswer, Sheet, SheetPerson
from assessments.sheets.queries.facts import people_of
from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.judging import system_points
from assessments.sheets.rules.score import Settled, outcome
from assessments.sheets.rules.snapshot import Line, digest, snapshot
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
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
from stations.roster.enums import CountStatus

from .common import centre, expect, keep, lock_sheet, move, policy_of, require_unit
from .scoring import GATHERED, facts_of, gather_now

NOT_THE_SCORER = "这张评估表有您评的分，须由没有评分的同事复核。"
NO_REMARK = "如实复核，同意报区人社局确认。"


# --- the scorer -------------------------------------------------------------------------------------------------------


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


# --- the second person ------------------------------------------------------------------------------------------------


@transaction.atomic
def send_back(
    *, sheet_id: uuid.UUID, reason: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回评分 with the reason, from the check or after the station's answers; a new check and a new draft follow."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    review = _review(sheet)
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
    assessment, review = sheet.assessment, _review(sheet)
    if assessment.stage == Stage.FEEDBACK and sheet.checked_by_id == by.pk:
        return sheet
    expect(assessment, Stage.CHECKING)
    _expect_version(review, version)
    _refuse_scorer(sheet, by)
    if sheet.checked_at is not None:
        raise Refused("这份评分已经站点反馈，没有改动的直接报区人社局；要改动的退回评分。")
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
    """报区人社局确认, by the person who checked, once the station has had its say and every answer is answered."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    review = _review(sheet)
    if earlier := review_services.repeated(review, key):
        return earlier
    expect(sheet.assessment, Stage.FEEDBACK, Stage.CHECKING)
    if sheet.checked_at is None or sheet.feedback_until is None:
        raise Refused("评分草稿还没有送站点反馈，不能报区人社局。")
    if sheet.checked_by_id != by.pk:
        raise Refused(f"这张评估表由{sheet.checked_by.name if sheet.checked_by else '同事'}复核，由其报区人社局。")
    if not is_over(sheet):
        raise Refused(f"反馈期到{date_cn(sheet.feedback_until)}止，站点表示无意见或者到期之后才能报区人社局。")
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
        to_role=Role.BUREAU,
        subject=f"待确认：{sheet.assessment}",
        body=f"编号{event.review.number}，{sheet.assessment.operator.name}。",
        link=sheet.get_absolute_url(),
    )
    return event


def is_over(sheet: Sheet) -> bool:
    """Whether the station has had its say: it agreed, or its last day has passed."""
    return sheet.agreed_at is not None or (sheet.feedback_until is not None and sheet.feedback_until < today())


# --- the station ------------------------------------------------------------------------------------------------------


@transaction.atomic
def answer(*, sheet_id: uuid.UUID, code: str, text: str, upload: attachments.Upload | None, by: User) -> LineAnswer:
    """站点意见 to one line of the draft, with new evidence where there is some; once a line.

    Raises Refused without words, Conflict once the unit has agreed or its time is over.
    """
    sheet = _in_feedback(sheet_id, by)
    if earlier := sheet.answers.filter(code=code).first():
        if earlier.by_id == by.pk and earlier.text == text.strip():
            return earlier
        raise Conflict("这一项的意见已经提交，请等待答复。")
    if not sheet.lines.filter(code=code).exists():
        raise Refused("评估表中没有这一项。")
    if not text.strip():
        raise Refused("请写明意见。", problems=(("请写明意见。", f"#id_{code}_text"),))
    paper = keep(upload, assessment=sheet.assessment, by=by) if upload else None
    found = LineAnswer.objects.create(sheet=sheet, code=code, text=text.strip(), attachment=paper, by=by)
    record(by=by, action="sheet.station_answer", obj=sheet, detail={"code": code})
    send(
        to_user=sheet.checked_by,
        subject=f"站点对评分有意见：{sheet.assessment}",
        body=f"指标：{policy_of(sheet.assessment).indicator(code).name}。请答复。",
        link=sheet.get_absolute_url(),
    )
    return found


@transaction.atomic
def agree(*, sheet_id: uuid.UUID, by: User) -> Sheet:
    """无意见, or nothing more than what was written: feedback is over before its last day. Twice is once."""
    sheet = lock_sheet(sheet_id)
    require_unit(sheet.assessment, by)
    if sheet.agreed_by_id == by.pk:
        return sheet
    sheet = _in_feedback(sheet_id, by)
    sheet.agreed_by, sheet.agreed_at = by, timezone.now()
    sheet.save(update_fields=["agreed_by", "agreed_at"])
    review_services.stand_still(_review(sheet), until=today())
    record(by=by, action="sheet.agree", obj=sheet, detail={"answers": sheet.answers.count()})
    send(
        to_user=sheet.checked_by,
        subject=f"站点已反馈：{sheet.assessment}",
        body="站点对评分没有其他意见。答复全部意见之后，请报区人社局确认。",
        link=sheet.get_absolute_url(),
    )
    return sheet


def _in_feedback(sheet_id: uuid.UUID, by: User) -> Sheet:
    sheet = lock_sheet(sheet_id)
    require_unit(sheet.assessment, by)
    expect(sheet.assessment, Stage.FEEDBACK)
    if sheet.agreed_at is not None:
        raise Conflict("贵单位已表示没有其他意见，反馈已经结束。")
    if sheet.feedback_until is not None and sheet.feedback_until < today():
        raise Conflict(f"反馈已于{date_cn(sheet.feedback_until)}截止。")
    return sheet


@transaction.atomic
def reply(*, sheet_id: uuid.UUID, answer_id: uuid.UUID, text: str, by: User) -> LineAnswer:
    """The centre's answer to one 站点意见; given once. Where points are to change, the sheet goes back to scoring."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    found = sheet.answers.select_for_update(of=("self",), no_key=True).filter(pk=answer_id).first()
    if found is None:
        raise Conflict("这条意见已不在这张表上，请刷新后查看。")
    if found.reply:
        if (found.reply, found.replied_by_id) == (text.strip(), by.pk):
            return found
        raise Conflict("这条意见已由同事答复，请刷新后查看。")
    expect(sheet.assessment, Stage.FEEDBACK, Stage.SCORING, Stage.CHECKING)
    if not text.strip():
        raise Refused("请写明答复。", problems=(("请写明答复。", f"#id_{found.code}_reply"),))
    found.reply, found.replied_by, found.replied_at = text.strip(), by, timezone.now()
    found.save(update_fields=["reply", "replied_by", "replied_at"])
    record(by=by, action="sheet.reply", obj=sheet, detail={"code": found.code})
    if sheet.assessment.stage == Stage.FEEDBACK:
        send(
            to_organisation=sheet.assessment.operator,
            subject=f"您的意见已答复：{sheet.assessment}",
            body=f"指标：{policy_of(sheet.assessment).indicator(found.code).name}。",
            link=sheet.get_absolute_url(),
        )
    return found


# --- the bureau -------------------------------------------------------------------------------------------------------


@transaction.atomic
def return_to_centre(
    *, sheet_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回中心 with what is to be looked at again; the person who checked reports anew or returns it to scoring."""
    sheet = lock_sheet(sheet_id)
    review = _review(sheet)
    if earlier := review_services.repeated(review, key):
        return earlier
    event = review_services.transition(
        review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    move(sheet.assessment, Stage.CHECKING)
    send(
        to_user=sheet.checked_by,
        subject=f"区人社局退回：{sheet.assessment}",
        body=opinion.strip(),
        link=sheet.get_absolute_url(),
    )
    return event


@transaction.atomic
def confirm(
    *, sheet_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> Sheet:
    """局确认: total, veto, outcome, the numbers and every person behind them, frozen with a hash in one transaction.

    Raises Conflict when the roster says another number than the facts the sheet was scored by.
    """
    sheet = lock_sheet(sheet_id)
    assessment, review = sheet.assessment, _review(sheet)
    if review_services.repeated(review, key):
        return sheet
    review_services.may_take(review, Action.APPROVE, by=by, version=version)
    expect(assessment, Stage.CONFIRMING)
    facts = facts_of(sheet)
    assert facts is not None
    people = _people(assessment, sheet, facts)
    event = review_services.transition(
        review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    settled, said = _settle(sheet, facts)
    sheet.review = event.review
    sheet.total, sheet.outcome = settled.total, settled.outcome
    sheet.vetoed, sheet.veto_reason = bool(settled.veto), settled.veto
    sheet.counted, sheet.skilled = facts.people.counted, facts.people.skilled
    sheet.matured, sheet.retained = facts.retention.matured, facts.retention.retained
    sheet.snapshot, sheet.sha256, sheet.confirmed_at = said, digest(said), timezone.now()
    SheetPerson.objects.bulk_create(people, batch_size=1000)
    sheet.save()
    move(assessment, Stage.CONFIRMED)
    record(
        by=by,
        action="assessment.confirm",
        obj=assessment,
        detail={"total": plain(settled.total), "outcome": str(settled.outcome), "sha256": sheet.sha256},
    )
    words = f"{plain(settled.total)}分，{Outcome(settled.outcome).label}" + ("（一票否决）" if settled.veto else "")
    send(
        to_role=Role.CENTRE,
        subject=f"待公示：{assessment}",
        body=f"区人社局已确认：{words}。请拟公示稿。",
        link=assessment.get_absolute_url(),
    )
    send(
        to_organisation=assessment.operator,
        subject=f"{assessment}已经区人社局确认",
        body=f"{words}。结果将予公示，公示期满没有异议的为最终结果。",
        link=assessment.get_absolute_url(),
    )
    return sheet


def _people(assessment: Assessment, sheet: Sheet, facts: SheetFacts) -> list[SheetPerson]:
    """The rows behind N, T, M and R, if they still add up to the facts."""
    rows = [
        SheetPerson(
            sheet=sheet,
            delivery_id=row.delivery,
            status=row.status,
            codes=list(row.codes),
            matured=row.matured,
            retained=row.retained,
            contract=row.contract,
            skilled=row.skilled,
        )
        for row in people_of(
            assessment.station,
            assessment.period,
            cutoff=assessment.data_cutoff,
            as_of=facts.as_of,
            policy=policy_of(assessment),
        )
    ]
    counted = [row for row in rows if row.status == CountStatus.COUNTED]
    found = (
        len(counted),
        sum(row.skilled for row in counted),
        sum(row.matured for row in rows),
        sum(row.retained for row in rows),
    )
    kept = (facts.people.counted, facts.people.skilled, facts.retention.matured, facts.retention.retained)
    if found != kept:
        raise Conflict("送复核之后名册、证书或留用统计有更正，人数与评估表不一致。请退回中心，更新计分事实后重新报送。")
    return rows


def _settle(sheet: Sheet, facts: SheetFacts) -> tuple[Settled, dict[str, Any]]:
    assessment, policy = sheet.assessment, policy_of(sheet.assessment)
    lines = [
        Line(row.code, row.given, tuple(row.parts), row.skill_points, row.reason, bool(row.evidence.all()))
        for row in sheet.lines.prefetch_related("evidence")
        if row.given is not None
    ]
    about = {
        "sheet": str(sheet.pk),
        "round": sheet.round,
        "station": {"id": str(assessment.station_id), "number": assessment.station.number},
        "operator": str(assessment.operator_id),
        "year": {
            "number": assessment.period_no,
            "start": assessment.starts_on.isoformat(),
            "end": assessment.ends_on.isoformat(),
            "cutoff": assessment.data_cutoff.isoformat(),
        },
        "roster": assessment.frozen_year.sha256,
    }
    said = snapshot(facts, lines, policy=policy, certainty=assessment.certainty, about=about)
    return outcome({line.code: line.given for line in lines}, facts, policy=policy), said


# --- shared -----------------------------------------------------------------------------------------------------------


def _review(sheet: Sheet) -> Review:
    if sheet.review is None:
        raise Conflict("这张评估表还没有送复核。")
    return sheet.review


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
