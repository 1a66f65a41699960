"""续期 (R-19, G-31): asked for, mended, taken back, screened, approved or refused, and the document that ends it.

Every step locks the station's row first (design §1.4).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.docno import parse_doc_no
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.models import DocumentKind, IssuedDocument
from jinhua_labor.documents.services import register, taken
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Kind, Recommendation, State
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.oversight.queries.renewals import (
    RUNNING,
    asking_problems,
    said,
    standing_problems,
    title,
    unreminded,
)
from stations.oversight.rules.renewals import new_term_from
from stations.registry.enums import PaperKind, StationState
from stations.registry.models import Station
from stations.registry.services import papers

from .common import lock_station, require, require_unit_of

SCREENED = "续期初审时核对"


@dataclass(frozen=True, slots=True)
class Content:
    """What an application says: the new term, what changed (empty: nothing), the agreement as a version of the file."""

    term_to: dt.date
    changes: str
    agreement: papers.Content
    uploads: Sequence[attachments.Upload] = field(default=())


# --- the unit ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, station_id: uuid.UUID, content: Content, by: User, key: uuid.UUID) -> Renewal:
    """申请续期: goes to 初审 at once; the agreement becomes a new version in the station's file.

    The same form sent twice is one application. Raises Refused with every problem, or when one is open already.
    """
    station = lock_station(station_id)
    require_unit_of(station, by)
    if earlier := Renewal.objects.filter(pk=key, created_by=by).first():
        return earlier
    day = today()
    if station.renewals.open().exists():
        raise Refused("该工作站已有一件续期正在办理，请先办结或撤回那一件。")
    if found := asking_problems(station, day=day):
        raise Refused("现在不能申请续期。", problems=tuple((f"{row.clause}：{row.message}", "") for row in found))
    if not content.uploads:
        raise Refused("请上传劳务协作协议。", problems=(("请上传劳务协作协议。", "#id_files"),))
    row = Renewal(id=key, station=station, operator=station.operator, created_by=by, submitted_on=day)
    row.term_was = station.term_to
    _fill(row, content, by=by)
    _refuse_standing(row, day=day)
    review = review_services.open_review(
        kind=Kind.RENEWAL,
        object_id=key,
        title=f"{station.name}续期",
        organisation=station.operator,
        url_name="oversight:renewal",
        open_key=f"{Kind.RENEWAL}:{station.pk}",
        by=by,
    )
    row.review = review_services.transition(review_services.lock(review.pk), Action.SUBMIT, by=by).review
    row.number = row.review.number
    row.save()
    record(by=by, action="renewal.submit", obj=row, detail={"term_to": row.term_to.isoformat()})
    _tell_centre(row)
    return row


@transaction.atomic
def amend(*, renewal_id: uuid.UUID, content: Content, by: User) -> Renewal:
    """补正: mended and handed in again; without a new file the agreement handed in before stands."""
    row = locked(renewal_id)
    _require_own(row, by)
    if row.state != RenewalState.RETURNED:
        raise Conflict(f"该件{row.get_state_display()}，现在不能修改。")
    if row.station.operator_id != row.operator_id:
        raise Conflict("提交之后承建单位已变更，这件申请只能撤回。")
    before = {"term_to": row.term_to.isoformat(), "changes": row.changes, "agreement": str(row.agreement_id)}
    _fill(row, content, by=by)
    _refuse_standing(row, day=today())
    row.review = review_services.transition(row.review, Action.SUBMIT, by=by).review
    row.state, row.answer = RenewalState.SUBMITTED, ""
    row.save()
    record(by=by, action="renewal.amend", obj=row, detail={"before": before})
    _tell_centre(row)
    return row


@transaction.atomic
def withdraw(*, renewal_id: uuid.UUID, by: User) -> Renewal:
    """撤回, while the bureau has not decided; a new application may follow."""
    row = locked(renewal_id)
    _require_own(row, by)
    if row.state == RenewalState.WITHDRAWN:
        return row
    row.review = review_services.transition(row.review, Action.WITHDRAW, by=by).review
    row.state = RenewalState.WITHDRAWN
    row.save(update_fields=["state"])
    record(by=by, action="renewal.withdraw", obj=row)
    return row


# --- the two steps ----------------------------------------------------------------------------------------------------


@transaction.atomic
def send_back(*, renewal_id: uuid.UUID, answer: str, by: User) -> Renewal:
    """退回补正 with everything that is to be mended."""
    require(by, Role.CENTRE)
    row = locked(renewal_id)
    if not answer.strip():
        raise Refused("请写明需要补正的内容。", problems=(("请写明需要补正的内容。", "#id_return_answer"),))
    row.review = review_services.transition(row.review, Action.RETURN, by=by, opinion=Opinion(answer)).review
    row.state, row.answer = RenewalState.RETURNED, answer.strip()
    row.save(update_fields=["state", "answer"])
    record(by=by, action="renewal.return", obj=row)
    due = row.review.due_on
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}续期申请需要补正",
        body=f"受理编号{row.number}。{row.answer}" + (f"请在{date_cn(due)}（含）前补正。" if due else ""),
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def screen(
    *, renewal_id: uuid.UUID, recommendation: Recommendation | None, opinion: str, by: User,
    version: int | None = None, key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """初审: 同意 needs the conditions of 第三条 but the 50 (G-31); the agreement is 已核 with it."""
    row = locked(renewal_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    review_services.may_take(row.review, Action.SCREEN, by=by, version=version)
    if recommendation == Recommendation.AGREE:
        _refuse_standing(row, day=today())
        if row.agreement.accepted is None:
            papers.check(paper_id=row.agreement_id, accepted=True, note=SCREENED, by=by)
    event = review_services.transition(
        row.review, Action.SCREEN, by=by, opinion=Opinion(opinion, recommendation), version=version, key=key
    )
    send(
        to_role=Role.BUREAU,
        subject=f"{row.station.name}续期待审核",
        body=f"受理编号{row.number}，{row.operator.name}，申请续至{date_cn(row.term_to)}。",
        link=row.get_absolute_url(),
    )
    return event


@transaction.atomic
def return_to_centre(
    *, renewal_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回初审 with what is to be looked at again."""
    row = locked(renewal_id)
    return review_services.transition(
        row.review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )


@transaction.atomic
def approve(
    *, renewal_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """审核通过: the term is renewed with the document that follows."""
    row = locked(renewal_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    review_services.may_take(row.review, Action.APPROVE, by=by, version=version)
    _refuse_standing(row, day=today())
    event = review_services.transition(
        row.review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    row.state = RenewalState.APPROVED
    row.save(update_fields=["state"])
    record(by=by, action="renewal.approve", obj=row)
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}续期审核通过，待发文",
        body=f"受理编号{row.number}。批复印发后新的经营期限生效。",
        link=row.get_absolute_url(),
    )
    return event


@transaction.atomic
def reject(
    *, renewal_id: uuid.UUID, reason: str, clause: str, remedy: str, by: User, version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """不予续期 with reason, clause and remedy (R-18); the station keeps the term it has."""
    row = locked(renewal_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    given = {"reason": reason.strip(), "clause": clause.strip(), "remedy": remedy.strip()}
    words = {"reason": "不予续期的理由", "clause": "依据的条款", "remedy": "救济途径"}
    if missing := [name for name, text in given.items() if not text]:
        raise Refused(
            "不予续期须写明理由、依据和救济途径。",
            problems=tuple((f"请填写{words[name]}。", f"#id_reject_{name}") for name in missing),
        )
    event = review_services.transition(
        row.review, Action.REJECT, by=by, opinion=Opinion(reason), version=version, key=key,
        detail={"clause": given["clause"], "remedy": given["remedy"]},
    )  # fmt: skip
    row.state, row.answer = RenewalState.REFUSED, given["reason"]
    row.clause, row.remedy = given["clause"], given["remedy"]
    row.save(update_fields=["state", "answer", "clause", "remedy"])
    record(by=by, action="renewal.reject", obj=row, detail={"clause": row.clause})
    send(
        to_organisation=row.operator,
        subject=f"不予续期：{row.station.name}",
        body=f"受理编号{row.number}。{row.answer}依据：{row.clause}。{row.remedy}",
        link=row.get_absolute_url(),
    )
    return event


# --- the document -----------------------------------------------------------------------------------------------------


@transaction.atomic
def issue(*, renewal_id: uuid.UUID, doc_no: str, issued_on: dt.date, upload: attachments.Upload, by: User) -> Renewal:
    """登记发文: number, 成文日期 and signed copy; the station has the new term and runs again (R-19).

    The same document entered twice is one. Raises Refused with one problem for each thing to mend.
    """
    require(by, Role.BUREAU)
    row = locked(renewal_id)
    station = row.station
    number, problems = _document_problems(doc_no, issued_on, row)
    if row.document is not None and (row.document.doc_no, row.document.issued_on) == (number, issued_on):
        return row
    if row.state != RenewalState.APPROVED:
        raise Conflict(f"该件{row.get_state_display()}，请刷新后查看。")
    if row.document is None and IssuedDocument.objects.filter(doc_no=number).exists():
        problems.append((taken(number), "#id_issue_doc_no"))
    if issued_on >= row.term_to:
        problems.append(("申请的经营期限在成文日期前已届满。", "#id_issue_issued_on"))
    problems += [(f"{found.clause}：{found.message}", "") for found in standing_problems(row, day=today())]
    if problems:
        raise Refused("还不能登记发文，请先处理以下问题。", problems=tuple(problems))
    signed = attachments.store(
        upload,
        by=by,
        organisation=row.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kinds=("pdf",),
        kind="renewal_document",
    )
    row.document = register(
        kind=DocumentKind.RENEWAL,
        doc_no=number,
        title=title(row),
        issued_on=issued_on,
        content=said(row, doc_no=number, issued_on=issued_on),
        signed=signed,
        by=by,
    )
    row.state, row.term_from = RenewalState.ISSUED, new_term_from(row.term_was, issued_on)
    row.issued_by, row.issued_at = by, timezone.now()
    row.save()
    _extend(station, row, number, by=by)
    record(by=by, action="renewal.issue", obj=row, detail={"doc_no": number, "issued_on": issued_on.isoformat()})
    send(
        to_organisation=row.operator,
        subject=f"{station.name}已续期至{date_cn(row.term_to)}",
        body=f"{number}（{date_cn(issued_on)}）。经营期限自{date_cn(row.term_from)}起续至{date_cn(row.term_to)}止。",
        link=row.get_absolute_url(),
    )
    send(to_role=Role.CENTRE, subject=f"{station.name}已续期（{number}）", link=row.get_absolute_url())
    return row


def _extend(station: Station, row: Renewal, number: str, *, by: User) -> None:
    """The new term; a station whose term was over runs again. A term that follows without a gap goes on from its
    first day, one after a gap begins anew."""
    assert row.document is not None
    before = {"state": station.state, "term_from": station.term_from, "term_to": station.term_to}
    if row.document.issued_on > row.term_was:
        station.term_from = row.document.issued_on
    station.term_to = row.term_to
    if station.state == StationState.EXPIRED:
        station.state = StationState.ACTIVE
    try:
        with transaction.atomic():
            station.save(update_fields=["term_from", "term_to", "state"])
    except IntegrityError as error:
        if "station_one_per_area" not in str(error):
            raise
        raise Refused("承建单位在此协作地区已另有工作站，不能续期。") from error
    detail = {"before": before, "term_to": station.term_to, "doc_no": number}
    record(by=by, action="station.renew", obj=station, detail=detail)


# --- what time does ---------------------------------------------------------------------------------------------------


def lapse_overdue(*, day: dt.date) -> int:
    """逾期视为撤回 for every returned renewal whose last day has passed before `day`; how many. Harmless to repeat."""
    rows = Renewal.objects.filter(state=RenewalState.RETURNED, review__due_on__lt=day)
    return sum(_lapse(pk, day) for pk in list(rows.values_list("pk", flat=True)))


@transaction.atomic
def _lapse(renewal_id: uuid.UUID, day: dt.date) -> bool:
    row = locked(renewal_id)
    due = row.review.due_on
    if row.review.state != State.RETURNED or due is None or due >= day:
        return False
    words = f"补正期限{date_cn(due)}届满未重新提交，视为撤回"
    system = User.objects.system()
    row.review = review_services.transition(row.review, Action.LAPSE, by=system, opinion=Opinion(words)).review
    row.state = RenewalState.LAPSED
    row.save(update_fields=["state"])
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}续期申请逾期未补正，视为撤回",
        body=f"受理编号{row.number}。{words}。在可以续期的期间内可以重新申请。",
        link=row.get_absolute_url(),
    )
    return True


def approved_stations() -> set[uuid.UUID]:
    """Stations whose renewal is approved and waits for its document: their term is not over meanwhile (§5)."""
    return set(Renewal.objects.filter(state=RenewalState.APPROVED).values_list("station_id", flat=True))


def remind_ending(*, day: dt.date) -> int:
    """Tells each unit once that a term ends within the days in which a renewal may be asked for; how many were told."""
    return sum(_remind(pk, day) for pk in list(unreminded(day=day).values_list("pk", flat=True)))


@transaction.atomic
def _remind(station_id: uuid.UUID, day: dt.date) -> bool:
    station = lock_station(station_id)
    if station.state not in RUNNING or station.term_reminded == station.term_to:
        return False
    station.term_reminded = station.term_to
    station.save(update_fields=["term_reminded"])
    system = User.objects.system()
    record(by=system, action="station.term_reminder", obj=station, detail={"term_to": station.term_to})
    send(
        to_organisation=station.operator,
        subject=f"{station.name}经营期限将于{date_cn(station.term_to)}届满，请及时申请续期",
        body=f"还有{(station.term_to - day).days}天。打开工作站的“经营期限”申请，不再核验50人。",
        link=station.get_absolute_url(),
    )
    return True


# --- helpers ----------------------------------------------------------------------------------------------------------


def locked(renewal_id: uuid.UUID) -> Renewal:
    """The station first, then the renewal, then its review."""
    station = lock_station(Renewal.objects.values_list("station_id", flat=True).get(pk=renewal_id))
    rows = Renewal.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("operator", "agreement", "document").get(pk=renewal_id)
    row.station = station
    row.review = review_services.lock(row.review_id)
    return row


def _require_own(row: Renewal, by: User) -> None:
    if by.role != Role.OPERATOR or by.organisation_id != row.operator_id:
        raise PermissionDenied


def _fill(row: Renewal, content: Content, *, by: User) -> None:
    row.term_to = content.term_to
    row.changes = content.changes.strip()
    row.unchanged = not row.changes
    if content.uploads:
        row.agreement = papers.add_version(
            station_id=row.station_id,
            kind=PaperKind.AGREEMENT,
            content=content.agreement,
            uploads=content.uploads,
            by=by,
        )


def _refuse_standing(row: Renewal, *, day: dt.date) -> None:
    """Raises Refused with everything that stands in the way, the link to the station's file included."""
    found = standing_problems(row, day=day)
    if found:
        raise Refused(
            f"还有 {len(found)} 项不具备续期的条件。",
            problems=tuple((f"{one.clause}：{one.message}", f"#id_{one.field}" if one.field else "") for one in found),
        )


def _tell_centre(row: Renewal) -> None:
    send(
        to_role=Role.CENTRE,
        subject=f"续期待初审：{row.station.name}",
        body=f"受理编号{row.number}，{row.operator.name}，原期限至{date_cn(row.term_was)}，申请续至{date_cn(row.term_to)}。",
        link=row.get_absolute_url(),
    )


def _document_problems(doc_no: str, issued_on: dt.date, row: Renewal) -> tuple[str, list[tuple[str, str]]]:
    """The number in its one spelling and what is wrong with it and with the date."""
    problems, number = [], doc_no.strip()
    try:
        parsed = parse_doc_no(doc_no)
    except ValueError as error:
        problems.append((str(error), "#id_issue_doc_no"))
    else:
        number = str(parsed)
        if parsed.year != issued_on.year:
            problems.append((f"发文字号的年份〔{parsed.year}〕与成文日期的年份不一致。", "#id_issue_doc_no"))
    if issued_on > today():
        problems.append(("成文日期不能晚于今天。", "#id_issue_issued_on"))
    approved = timezone.localdate(row.review.approved_at) if row.review.approved_at else None
    if approved and issued_on < approved:
        problems.append((f"成文日期不能早于审核通过日期（{date_cn(approved)}）。", "#id_issue_issued_on"))
    return number, problems
