"""补正: marks on field, material and row, gathered into one notice that tells everything at once (R-16)."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox import services as mailbox
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action
from stations.applications.enums import Slot, TargetKind
from stations.applications.fields import FIELDS, SITE_TARGET, site_fields
from stations.applications.models import Application, Defect, SupplementNotice
from stations.applications.queries.changes import form_texts, renewed, row_in_list
from stations.applications.queries.editable import latest_notice, of_marks
from stations.applications.queries.targets import current_text, label_of
from stations.applications.rules import repeated_defects
from stations.roster.services.lists import unlock_list

from .draft import locked
from .screening import OWN_ENTRY, at_screening

GONE = "这处标记已被同事改动，请刷新页面。"


@transaction.atomic
def mark(
    *, application_id: uuid.UUID, kind: TargetKind, target: str, text: str, by: User, version: int | None = None
) -> Defect:
    """有问题: puts one place into the tray with one line on what to mend; a place is marked once.

    Raises Refused without words or when the place is marked already, Conflict when there is no such place or the page
    was of before a 补正.
    """
    application = at_screening(application_id, by, version=version)
    words = _words(text)
    if not _exists(application, kind, target):
        raise Conflict("这一处已经不在申请中，请刷新页面。")
    try:
        with transaction.atomic():
            defect = Defect.objects.create(
                application=application,
                kind=kind,
                target=target,
                label=label_of(application, kind, target)[:120],
                text=words,
                before=current_text(application, kind, target),
                marked_by=by,
            )
    except IntegrityError as error:
        if "defect_once_in_tray" not in str(error):
            raise
        raise Refused("这一处已经标记，请修改原来的说明。") from error
    record(by=by, action="application.mark", obj=application, detail={"target": target, "text": words})
    return defect


@transaction.atomic
def reword(*, application_id: uuid.UUID, defect_id: uuid.UUID, text: str, by: User) -> Defect:
    """Changes the words of a mark in the tray; who words it last is its author."""
    application = at_screening(application_id, by)
    defect = _in_tray(application, defect_id)
    before, defect.text, defect.marked_by = defect.text, _words(text), by
    defect.save(update_fields=["text", "marked_by"])
    detail = {"target": defect.target, "before": before, "after": defect.text}
    record(by=by, action="application.reword_mark", obj=application, detail=detail)
    return defect


@transaction.atomic
def unmark(*, application_id: uuid.UUID, defect_id: uuid.UUID, by: User) -> None:
    """Takes a mark out of the tray; harmless when it is gone already."""
    application = at_screening(application_id, by)
    defect = application.defects.select_for_update().filter(pk=defect_id, notice__isnull=True).first()
    if defect is None:
        return
    record(by=by, action="application.unmark", obj=application, detail={"target": defect.target, "text": defect.text})
    defect.delete()


def repeated(application: Application) -> list[Defect]:
    """Marks in the tray that a further notice may not name: nothing was newly supplied there since the last (R-16)."""
    notice = latest_notice(application)
    if notice is None:
        return []
    tray = list(application.defects.filter(notice__isnull=True))
    fresh = renewed(application, notice, [(defect.kind, defect.target) for defect in tray])
    old = set(repeated_defects([defect.target for defect in tray], renewed=fresh, earlier_notices=notice.round))
    return [defect for defect in tray if defect.target in old]


@transaction.atomic
def return_for_supplement(
    *,
    application_id: uuid.UUID,
    by: User,
    words: str = "",
    override_reason: str = "",
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> SupplementNotice:
    """退回补正: everything in the tray becomes one 补正通知书; the operator may change what it names, the clock rests.

    A further notice names only what was newly supplied; an old place may be named again by a colleague of who marked
    it, with a reason that is kept. Raises Refused with an empty tray or against R-16, Conflict when the file has moved.
    """
    application = locked(application_id)
    review = application.review
    if earlier := review_services.repeated(review, key):
        return SupplementNotice.objects.get(pk=earlier.detail["notice"])
    review_services.may_take(review, Action.RETURN, by=by, version=version)
    if review.entered_by(by):
        raise Refused(OWN_ENTRY)
    tray = list(application.defects.select_for_update().filter(notice__isnull=True))
    if not tray:
        raise Refused("还没有标记任何问题。请先在有问题的栏目、材料或名册行上标记，再退回补正。")
    override = _override(application, override_reason.strip(), by)
    for defect in tray:
        defect.before = current_text(application, defect.kind, defect.target)
    last = latest_notice(application)
    notice_id = uuid.uuid4()
    review_services.transition(
        review,
        Action.RETURN,
        by=by,
        opinion=Opinion(words.strip() or f"一次性告知{len(tray)}处需要补正的内容"),
        version=version,
        key=key,
        detail={"notice": str(notice_id), "form": form_texts(application)},
    )
    if review.due_on is None:
        raise Conflict("补正期限没有算出，请刷新页面后重试。")
    notice = SupplementNotice.objects.create(
        id=notice_id,
        application=application,
        round=(last.round if last else 0) + 1,
        due_on=review.due_on,
        issued_by=by,
        issued_at=timezone.now(),
        override_reason=override,
        override_by=by if override else None,
    )
    for defect in tray:
        defect.notice = notice
        defect.save(update_fields=["notice", "before"])
    opened = of_marks([(defect.kind, defect.target) for defect in tray])
    if opened.roster:
        unlock_list(roster_list=application.roster_list, by=by)
    elif opened.rows:
        unlock_list(roster_list=application.roster_list, by=by, rows=opened.rows)
    _tell(application, notice, len(tray))
    return notice


def _override(application: Application, reason: str, by: User) -> str:
    """The reason that lifts R-16, or empty where nothing is repeated."""
    old = repeated(application)
    if not old:
        return ""
    problems = tuple((f"{defect.label}：上次告知后没有新补交的内容。", f"#tray-{defect.pk}") for defect in old)
    if not reason:
        message = "再次补正只能列明新补交内容中的问题。以下各处请删除标记，或由同事写明理由后发出。"
        raise Refused(message, problems=problems)
    if any(defect.marked_by_id == by.pk for defect in old):
        raise Refused("再次告知旧问题须由标记人以外的同事写明理由后发出。", problems=problems)
    return reason


def _tell(application: Application, notice: SupplementNotice, count: int) -> None:
    subject = f"设立申请需要补正（{count}处）"
    body = f"受理编号 {application.review.number}。请于{date_cn(notice.due_on)}前按通知书修改后重新提交，逾期视为撤回。"
    mailbox.send(to_organisation=application.operator, subject=subject, body=body, link=application.get_absolute_url())
    clerk = application.review.created_by
    if clerk.is_office:
        mailbox.send(to_user=clerk, subject=subject, body=body, link=application.get_absolute_url())


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Refused("请写明问题和要求。")
    if len(words) > 200:
        raise Refused("问题和要求最多200字。")
    return words


def _in_tray(application: Application, defect_id: uuid.UUID) -> Defect:
    defect = application.defects.select_for_update().filter(pk=defect_id, notice__isnull=True).first()
    if defect is None:
        raise Conflict(GONE)
    return defect


def _exists(application: Application, kind: str, target: str) -> bool:
    sites = {str(site.pk): site.side for site in application.sites.all()}
    if kind == TargetKind.FIELD:
        if match := SITE_TARGET.fullmatch(target):
            side = sites.get(match["site"])
            return side is not None and match["field"] in {field.name for field in site_fields(side)}
        return target in FIELDS or target in ("sites", "roster")
    if kind == TargetKind.MATERIAL:
        slot, _, site = target.partition(":")
        return slot in Slot.values and (not site or site in sites)
    try:
        return row_in_list(application, str(uuid.UUID(target))) is not None
    except ValueError:
        return False
