"""称号: its 复核 every two years, its withdrawal by document, its lapse with the station (R-42, R-33)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from assessments.excellent.enums import TitleState, Verdict
from assessments.excellent.models import Reverification, Title
from assessments.excellent.queries import as_json, matrix_of
from assessments.excellent.rules import (
    Due,
    Matrix,
    rectifies_first,
    rectify_problem,
    reverify_due,
    reverify_window,
    waits,
)
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.models import DocumentKind
from jinhua_labor.documents.official import BUREAU
from jinhua_labor.documents.services import number_problems, register
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import NoticeKind
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Kind, Recommendation
from jinhua_labor.rulebook import policy_on
from stations.oversight.services.common import lock_station, require
from stations.registry.enums import StationState


def open_due(*, day: dt.date, by: User) -> int:
    """Opens every 复核 whose window has begun; how many. Harmless to repeat. None where the policy's end blocks it."""
    found = policy_on(day)
    policy = found.policy
    opened = 0
    for title in Title.objects.held().select_related("station").order_by("pk"):
        number = title.reverifications.filter(after__isnull=True).count() + 1
        due_on = reverify_due(title.recognised_on, number, policy=policy)
        if found.refuses_intake or reverify_window(due_on, on=day, policy=policy) is Due.EARLY:
            continue
        with transaction.atomic():
            station = lock_station(title.station_id)
            if station.state == StationState.REVOKED or not Title.objects.held().filter(pk=title.pk).exists():
                continue
            row, made = Reverification.objects.get_or_create(
                title=title, number=number, after=None, defaults={"due_on": due_on, "opened_on": day}
            )
            if not made:
                continue
            record(by=by, action="excellent.reverify_open", obj=row, detail={"due_on": due_on.isoformat()})
            send(
                to_role=Role.CENTRE,
                subject=f"请办理{row}",
                body=f"复核日{date_cn(due_on)}。",
                link=row.get_absolute_url(),
            )
            opened += 1
    return opened


def lapse_revoked(*, day: dt.date, by: User) -> int:
    """随资格取消失效: titles of stations that were revoked; how many. Harmless to repeat (R-33)."""
    lapsed = 0
    gone = Title.objects.held().filter(station__state=StationState.REVOKED)
    for pk, station_id in gone.values_list("pk", "station_id"):
        with transaction.atomic():
            station = lock_station(station_id)
            title = Title.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            if title.state != TitleState.HELD or station.state != StationState.REVOKED:
                continue
            title.state, title.ended_on, title.end_reason = TitleState.LAPSED, day, "工作站资格已取消"
            title.save(update_fields=["state", "ended_on", "end_reason"])
            record(by=by, action="excellent.lapse", obj=title)
            lapsed += 1
    return lapsed


@transaction.atomic
def submit(*, reverification_id: uuid.UUID, by: User) -> Reverification:
    """The centre hands the 复核 in once each ledger is looked at; a second person screens it."""
    require(by, Role.CENTRE)
    row = locked(reverification_id)
    if row.decided_on:
        raise Conflict("这次复核已经办结。")
    found = matrix_of(row.title.station, cutoff=today(), latest=True)
    if found.met is None:
        raise Refused("还不能报审，请先处理以下问题。", problems=tuple((text, "") for text in found.waiting))
    _ripe(row, found)
    if row.review is None:
        row.review = review_services.open_review(
            kind=Kind.REVERIFY,
            object_id=row.pk,
            title=str(row),
            organisation=_office(by),
            url_name="excellent:reverification",
            open_key=f"{Kind.REVERIFY}:{row.title_id}",
            by=by,
        )
    row.review = review_services.transition(review_services.lock(row.review.pk), Action.SUBMIT, by=by).review
    row.figures, row.policy_version = as_json(found), policy_on(today()).policy.id
    row.save(update_fields=["review", "figures", "policy_version"])
    return row


@transaction.atomic
def screen(
    *,
    reverification_id: uuid.UUID,
    opinion: str,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:
    """初审 by a second person: what the criteria say is forwarded; whether the title stays, the bureau decides."""
    row = locked(reverification_id)
    assert row.review is not None
    return review_services.transition(
        row.review, Action.SCREEN, by=by, opinion=Opinion(opinion, Recommendation.AGREE), version=version, key=key
    )


@transaction.atomic
def send_back(
    *, reverification_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    row = locked(reverification_id)
    assert row.review is not None
    return review_services.transition(
        row.review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )


@transaction.atomic
def keep(
    *, reverification_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> Reverification:
    """复核通过: the title stays, no money (R-42, R-45). Refused where a criterion is not met."""
    row = locked(reverification_id)
    assert row.review is not None
    if review_services.repeated(row.review, key):
        return row
    _decide(row, Verdict.PASSED, opinion, by=by, version=version, key=key)
    send(
        to_organisation=row.title.operator,
        subject=f"{row.title.station.name}优秀站点复核通过",
        body="称号保留；复核不另发奖励。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def rectify(
    *,
    reverification_id: uuid.UUID,
    opinion: str,
    words: str,
    until: dt.date,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> Reverification:
    """限期整改 under that reading (G-32): what is to be put right and until when; the title stays meanwhile. Gives the
    second 复核, which follows."""
    row = locked(reverification_id)
    title = row.title
    assert row.review is not None
    if review_services.repeated(row.review, key):
        return row.second
    if problem := rectify_problem(until, on=today(), policy=policy_on(today()).policy):
        raise Refused("还不能要求限期整改。", problems=((problem, "#id_rectify_until"),))
    row.rectify_until, row.rectify_words = until, words.strip()
    failures = _decide(row, Verdict.RECTIFY, opinion, by=by, version=version, key=key)
    second = Reverification.objects.create(title=title, number=row.number, after=row, due_on=until, opened_on=today())
    send(
        to_organisation=title.operator,
        subject=f"{title.station.name}优秀站点复核：限期整改",
        body=f"{'；'.join(failures)}。整改要求：{row.rectify_words}。请在{date_cn(until)}（含）前完成，届时再次复核；"
        "仍不符合标准的，撤销优秀站点称号。",
        link=row.get_absolute_url(),
    )
    send(
        to_role=Role.CENTRE,
        subject=f"限期整改后请再次复核：{title.station.name}",
        body=f"整改期限{date_cn(until)}。期内四项标准均符合的可以提前报审，否则期满之后报审。",
        link=second.get_absolute_url(),
    )
    return second


@transaction.atomic
def withdraw(
    *,
    reverification_id: uuid.UUID,
    opinion: str,
    doc_no: str,
    issued_on: dt.date,
    upload: attachments.Upload,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> Title:
    """复核不通过: the title is withdrawn by document; the station goes on (R-42). Refused where all are met."""
    row = locked(reverification_id)
    title = row.title
    assert row.review is not None
    if review_services.repeated(row.review, key):
        return title
    number, problems = number_problems(doc_no, issued_on)
    if problems:
        raise Refused("还不能撤销称号，请先处理以下问题。", problems=tuple(problems))
    failures = _decide(row, Verdict.FAILED, opinion, by=by, version=version, key=key)
    signed = attachments.store(
        upload,
        by=by,
        organisation=title.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kinds=("pdf",),
        kind="title_end_document",
    )
    title.end_document = register(
        kind=DocumentKind.TITLE_END,
        doc_no=number,
        title=f"关于撤销{title.station.name}优秀站点称号的通知",
        issued_on=issued_on,
        content={"station": title.station.name, "operator": title.operator.name, "failures": list(failures)},
        signed=signed,
        by=by,
    )
    title.state, title.ended_on = TitleState.WITHDRAWN, issued_on
    title.end_reason = f"第{row.number}次复核不通过"
    title.save(update_fields=["end_document", "state", "ended_on", "end_reason"])
    record(by=by, action="excellent.withdraw_title", obj=title, detail={"doc_no": number})
    send(
        to_organisation=title.operator,
        subject=f"{title.station.name}优秀站点称号已撤销",
        body="；".join(failures),
        link=row.get_absolute_url(),
    )
    _announce(title, number, by)
    return title


def _announce(title: Title, doc_no: str, by: User) -> None:
    """The public notice of the withdrawal, for a colleague to release (R-42)."""
    assert title.ended_on is not None
    regulation = policy_on(title.ended_on).policy.document.regulation
    name = title.station.name
    notice = notices.prepare(
        kind=NoticeKind.EXCELLENT,
        title=f"关于撤销{name}优秀站点称号的公告",
        body=f"根据《{regulation}》第十一条，经复核，{name}（承建单位：{title.operator.name}）不再符合优秀站点标准，"
        f"{doc_no}（{date_cn(title.ended_on)}）撤销其优秀站点称号，现予公布。工作站照常运行。",
        by=by,
        office=BUREAU,
        phone=settings.SITE_PHONE,
        object_id=title.pk,
    )
    send(to_role=Role.BUREAU, subject=f"待发布：{notice.title}", link=reverse("notices:desk", args=[notice.pk]))


def locked(reverification_id: uuid.UUID) -> Reverification:
    """The 复核 with its title and review, the station's row locked before them."""
    lock_station(Reverification.objects.values_list("title__station_id", flat=True).get(pk=reverification_id))
    rows = Reverification.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("title__station", "title__operator", "after").get(pk=reverification_id)
    if row.review_id:
        row.review = review_services.lock(row.review_id)
    return row


def _decide(
    row: Reverification, verdict: Verdict, opinion: str, *, by: User, version: int | None, key: uuid.UUID | None
) -> tuple[str, ...]:
    """Decides as the criteria stand today; Refused where they say otherwise, Conflict where the title is gone."""
    if row.title.state != TitleState.HELD:
        raise Conflict(f"称号{row.title.get_state_display()}，不再复核。")
    found = matrix_of(row.title.station, cutoff=today(), latest=True)
    if found.met is None:
        raise Refused("现在还不能决定，请退回初审。", problems=tuple((text, "") for text in found.waiting))
    _ripe(row, found)
    if found.met is not (verdict == Verdict.PASSED):
        failed = "要求整改" if verdict == Verdict.RECTIFY else "撤销称号"
        words = f"符合标准，不能{failed}" if found.met else "不符合标准，不能通过"
        raise Refused(f"按最近两个年度的结果{words}。", problems=tuple((text, "") for text in found.failures))
    first = rectifies_first(again=row.after_id is not None, policy=policy_on(today()).policy)
    if verdict == Verdict.FAILED and first:
        raise Refused("按现行口径，复核不通过的先限期整改一次，整改后仍不符合的再撤销称号。")
    if verdict == Verdict.RECTIFY and not first:
        raise Refused("已经整改过一次。" if row.after_id else "按现行口径，复核不通过的撤销称号，不作限期整改。")
    assert row.review is not None
    event = review_services.transition(
        row.review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    row.review = event.review
    row.figures, row.verdict, row.decided_on = as_json(found), verdict, today()
    row.save(update_fields=["figures", "verdict", "decided_on", "rectify_until", "rectify_words"])
    record(by=by, action="excellent.reverify", obj=row, detail={"verdict": verdict})
    return found.failures


def _ripe(row: Reverification, found: Matrix) -> None:
    """Raises Refused while 限期整改 still runs and the criteria are not met."""
    until = row.after.rectify_until if row.after else None
    if waits(until, met=found.met, on=today()):
        assert until is not None
        raise Refused(
            f"整改期限到{date_cn(until)}，期内仍不符合标准的不报审，期满之后再办。",
            problems=tuple((text, "") for text in found.failures),
        )


def _office(by: User) -> Organisation:
    assert by.organisation is not None  # every clerk has one
    return by.organisation
