"""Confirmed results: what is public of them, and how far their 公示 has come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, QuerySet

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.rules.results import NoticeFact, Publicity, ResultLine, publicity
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.notices.models import NoticeState, Objection

_OUT = {NoticeState.PUBLISHED: True, NoticeState.READY: False, NoticeState.DRAFT: False}


def notice_fact(sheet: Sheet) -> NoticeFact | None:
    """The notice of a sheet; None where there is none or it was taken back."""
    notice = sheet.notice
    if notice is None or notice.state not in _OUT:
        return None
    return NoticeFact(_OUT[NoticeState(notice.state)], notice.ends_on, notice.objections.open().count())


def line_of(assessment: Assessment, sheet: Sheet) -> ResultLine:
    """What a confirmed sheet says in public. `sheet` must be confirmed."""
    assert sheet.total is not None
    return ResultLine(
        station=assessment.station.name,
        operator=assessment.operator.name,
        number=assessment.period_no,
        start=assessment.starts_on,
        end=assessment.ends_on,
        total=sheet.total,
        outcome=sheet.get_outcome_display(),
        vetoed=bool(sheet.vetoed),
        again=sheet.round > 1,
    )


def _confirmed(user: User) -> QuerySet[Sheet]:
    """The latest sheet of each year that is confirmed and not final yet."""
    rows = Sheet.objects.visible_to(user).filter(assessment__stage=Stage.CONFIRMED, confirmed_at__isnull=False)
    latest = rows.annotate(last=Max("assessment__sheets__round")).filter(round=F("last"))
    return latest.select_related("assessment__station", "assessment__operator", "notice").order_by("confirmed_at", "id")


def waiting_for_notice(user: User) -> list[Sheet]:
    """Confirmed results without a notice, or whose notice was taken back; the longest waiting first."""
    unseen = Q(notice__isnull=True) | Q(notice__state=NoticeState.WITHDRAWN)
    return list(_confirmed(user).filter(unseen))


@dataclass(frozen=True, slots=True)
class Published:
    """A confirmed result with its notice and how far 公示 has come."""

    sheet: Sheet
    publicity: Publicity
    objections: int


def in_publicity(user: User, *, day: dt.date) -> list[Published]:
    """Results whose notice waits for release, runs, or is over with an objection open."""
    rows = (
        _confirmed(user)
        .filter(notice__state__in=list(_OUT))
        .annotate(unanswered=Count("notice__objections", filter=Q(notice__objections__answered_at__isnull=True)))
    )
    found = []
    for sheet in rows:
        notice, unanswered = sheet.notice, sheet.unanswered
        assert notice is not None
        fact = NoticeFact(_OUT[NoticeState(notice.state)], notice.ends_on, unanswered)
        found.append(Published(sheet, publicity(fact, on=day), unanswered))
    return found


@dataclass(frozen=True, slots=True)
class After:
    """What stands on the year's page once its result is confirmed, and what this person may do about it."""

    line: ResultLine
    publicity: Publicity
    objections: tuple[Objection, ...]  # unanswered, for the centre
    may_publish: bool
    may_correct: bool


def after(assessment: Assessment, sheet: Sheet | None, user: User, *, day: dt.date) -> After | None:
    """None while no result is confirmed, or for a reader who does not see the sheet."""
    if sheet is None or not sheet.is_confirmed:
        return None
    stands = publicity(notice_fact(sheet), on=day)
    confirmed = assessment.stage == Stage.CONFIRMED
    objections: tuple[Objection, ...] = ()
    if confirmed and sheet.notice_id and user.role == Role.CENTRE:
        objections = tuple(Objection.objects.visible_to(user).filter(notice=sheet.notice_id).open())
    return After(
        line_of(assessment, sheet),
        stands,
        objections,
        may_publish=confirmed and user.role == Role.CENTRE and stands is Publicity.NONE,
        may_correct=assessment.stage == Stage.FINAL and user.role == Role.BUREAU,
    )
