"""发文: approved applications become a batch, a batch one document, the document stations; all or none (R-17, R-19)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
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
from jinhua_labor.core.locks import lock_name
from jinhua_labor.documents.models import DocumentKind, IssuedDocument
from jinhua_labor.documents.official import BUREAU
from jinhua_labor.documents.services import register
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import NoticeKind
from jinhua_labor.review.services import lock as lock_review
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from stations.applications.models import Application, EstablishmentBatch
from stations.applications.queries.establishment import content, default_main_to, default_title, members, station_name
from stations.applications.queries.facts import area_of
from stations.applications.queries.targets import area_text
from stations.applications.rules import document_number
from stations.applications.services.first_papers import open_file
from stations.registry.enums import StationState
from stations.registry.models import Liaison, Station
from stations.registry.rules import EstablishmentFacts, Standing, establishment
from stations.roster.models import Delivery

NUMBER_PREFIX = "JD"
Problem = tuple[str, str]


# --- The batch ----------------------------------------------------------------------------------------------------


@transaction.atomic
def create(*, key: uuid.UUID, application_ids: Iterable[uuid.UUID], by: User) -> EstablishmentBatch:
    """A batch of approved applications; `key` of the rendered form becomes its id: one click sent twice is one batch.

    Raises Refused when nothing is chosen, Conflict when one of them is in a batch already.
    """
    _bureau(by)
    if (earlier := EstablishmentBatch.objects.filter(pk=key, created_by=by).first()) is not None:
        return earlier
    try:
        rows = _free(application_ids)
    except Conflict:
        # The same form sent twice at once: the second waited for the first's locks.
        if (earlier := EstablishmentBatch.objects.filter(pk=key, created_by=by).first()) is not None:
            return earlier
        raise
    if not rows:
        raise Refused("请至少选择一件已审核通过的申请。")
    batch = EstablishmentBatch.objects.create(
        id=key, title=default_title(rows), main_to=default_main_to(today()), created_by=by
    )
    _put(batch, rows, by)
    return batch


@transaction.atomic
def add(*, batch_id: uuid.UUID, application_ids: Iterable[uuid.UUID], by: User) -> EstablishmentBatch:
    """Puts further approved applications into an open batch."""
    _bureau(by)
    rows = _free(application_ids)
    if not rows:
        raise Refused("请至少选择一件已审核通过的申请。")
    batch = _open(batch_id)
    automatic = batch.title == default_title(members(batch))
    _put(batch, rows, by)
    _retitle(batch, automatic)
    return batch


@transaction.atomic
def remove(*, batch_id: uuid.UUID, application_id: uuid.UUID, by: User) -> EstablishmentBatch | None:
    """Takes an application out; it waits for another batch. None when the batch was left empty and is dissolved."""
    _bureau(by)
    application = Application.objects.filter(pk=application_id, batch=batch_id).first()
    if application is not None:
        lock_review(application.review_id)
    batch = _open(batch_id)
    automatic = batch.title == default_title(members(batch))
    if not Application.objects.filter(pk=application_id, batch=batch, station__isnull=True).update(batch=None):
        raise Conflict("这件申请已不在本批次中，请刷新后再办。")
    record(by=by, action="establishment.remove", obj=application, detail={"batch": str(batch.pk)})
    if not batch.applications.exists():
        _dissolve(batch, by)
        return None
    _retitle(batch, automatic)
    return batch


@transaction.atomic
def amend(*, batch_id: uuid.UUID, title: str, main_to: str, by: User) -> EstablishmentBatch:
    """Changes title and 主送机关 of the draft."""
    _bureau(by)
    batch = _open(batch_id)
    before = {"title": batch.title, "main_to": batch.main_to}
    batch.title, batch.main_to = title, main_to
    batch.save(update_fields=["title", "main_to"])
    after = {"title": title, "main_to": main_to}
    record(by=by, action="establishment.amend", obj=batch, detail={"before": before, "after": after})
    return batch


@transaction.atomic
def dissolve(*, batch_id: uuid.UUID, by: User) -> None:
    """Gives all applications of an open batch back to the waiting list."""
    _bureau(by)
    _dissolve(_open(batch_id), by)


def _dissolve(batch: EstablishmentBatch, by: User) -> None:
    numbers = [row.review.number for row in members(batch)]
    record(by=by, action="establishment.dissolve", obj=batch, detail={"applications": numbers})
    batch.delete()


def _free(application_ids: Iterable[uuid.UUID]) -> list[Application]:
    """The chosen applications, locked: approved, without station and in no batch. Conflict if one is not any more."""
    ids = set(application_ids)
    rows = list(Application.objects.filter(pk__in=ids).order_by("review_id").values_list("review_id", flat=True))
    reviews = [lock_review(review_id) for review_id in rows]
    applications = list(
        Application.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .select_related("operator", "review")
        .order_by("review__number", "id")
    )
    if len(applications) != len(ids) or any(review.state != State.APPROVED for review in reviews):
        raise Conflict("所选申请的状态已变化，请刷新后重新选择。")
    taken = [row for row in applications if row.batch_id or row.station_id]
    if taken:
        names = "、".join(row.review.number for row in taken)
        raise Conflict(f"{names}已在其他批次中或已设立，请刷新后重新选择。")
    return applications


def _put(batch: EstablishmentBatch, rows: list[Application], by: User) -> None:
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(batch=batch)
    numbers = [row.review.number for row in rows]
    record(by=by, action="establishment.batch", obj=batch, detail={"applications": numbers})


def _retitle(batch: EstablishmentBatch, automatic: bool) -> None:
    """A title that nobody has touched follows what is in the batch."""
    if automatic:
        batch.title = default_title(members(batch))
        batch.save(update_fields=["title"])


def _open(batch_id: uuid.UUID) -> EstablishmentBatch:
    batch = _lock(batch_id)
    if batch.document_id:
        raise Conflict("该批次已发文，不能再改。")
    return batch


def _lock(batch_id: uuid.UUID) -> EstablishmentBatch:
    batch = EstablishmentBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=batch_id).first()
    if batch is None:
        raise Conflict("该批次已解散，其中的申请已回到待发文列表。")
    return batch


def _bureau(by: User) -> None:
    if by.role != Role.BUREAU:
        raise PermissionDenied


# --- The document -------------------------------------------------------------------------------------------------


@transaction.atomic
def issue(
    *, batch_id: uuid.UUID, doc_no: str, issued_on: dt.date, upload: attachments.Upload, publish: bool, by: User
) -> EstablishmentBatch:
    """Enters number, date and signed copy: every application of the batch becomes a station, or none does.

    `publish` makes the signed copy public. The same document entered twice is answered as the first time. Raises
    Refused with one problem for each thing to mend, Conflict when the batch was issued or dissolved meanwhile.
    """
    _bureau(by)
    for review_id in sorted(Application.objects.filter(batch=batch_id).values_list("review_id", flat=True)):
        lock_review(review_id)
    batch = _lock(batch_id)
    if batch.document is not None:
        if batch.document.doc_no == document_number(doc_no, taken=())[0] and batch.document.issued_on == issued_on:
            return batch
        raise Conflict(f"该批次已由{_name(batch.issued_by)}登记发文（{batch.document.doc_no}），请刷新后查看。")
    rows = members(batch)
    number, problems = _document_problems(doc_no, issued_on, rows)
    problems += [found for row in rows for found in _station_problems(row, issued_on)]
    if not rows:
        problems.append(("本批次没有申请，请先加入申请或解散批次。", "#members"))
    if problems:
        raise Refused("还不能登记发文，请先处理以下问题。", problems=tuple(problems))
    if by.organisation is None:
        raise PermissionDenied

    signed = attachments.store(
        upload,
        by=by,
        organisation=by.organisation,
        audience=Audience.PUBLIC if publish else Audience.OFFICE,
        kinds=("pdf",),
        kind="establishment_document",
    )
    if publish:
        signed = attachments.release(signed, by=by)
    issued = register(
        kind=DocumentKind.ESTABLISHMENT,
        doc_no=number,
        title=batch.title,
        issued_on=issued_on,
        content=content(batch, rows, doc_no=number, issued_on=issued_on),
        signed=signed,
        by=by,
    )
    batch.document, batch.issued_by, batch.issued_at = issued, by, timezone.now()
    batch.save()
    stations = [_establish(row, issued, by) for row in rows]
    _take_over(rows, stations)
    for row, station in zip(rows, stations, strict=True):
        open_file(application=row, station=station, by=by)
    _announce(batch, issued, rows, stations, by)
    record(
        by=by,
        action="establishment.issue",
        obj=batch,
        detail={"doc_no": number, "issued_on": issued_on.isoformat(), "stations": [s.number for s in stations]},
    )
    return batch


def _document_problems(doc_no: str, issued_on: dt.date, rows: list[Application]) -> tuple[str, list[Problem]]:
    """The number in its one spelling and what is wrong with it and with the date."""
    try:
        parsed = parse_doc_no(doc_no)
    except ValueError:
        parsed = None
    existing = IssuedDocument.objects.filter(doc_no=str(parsed)).values_list("doc_no", flat=True) if parsed else ()
    number, found = document_number(doc_no, taken=set(existing))
    problems = [(problem.message, "#id_doc_no") for problem in found]
    if parsed and parsed.year != issued_on.year:
        problems.append((f"发文字号的年份〔{parsed.year}〕与成文日期的年份不一致。", "#id_doc_no"))
    if issued_on > today():
        problems.append(("成文日期不能晚于今天。", "#id_issued_on"))
    approved = [timezone.localdate(row.review.approved_at) for row in rows if row.review.approved_at]
    if approved and issued_on < max(approved):
        problems.append((f"成文日期不能早于审核通过日期（本批最晚{date_cn(max(approved))}通过）。", "#id_issued_on"))
    return number, problems


def _station_problems(row: Application, issued_on: dt.date) -> list[Problem]:
    """What keeps one application of the batch from becoming a station; it can be taken out of the batch."""
    found = []
    standing = establishment(_facts(row, issued_on), policy=policy_on(issued_on).policy)
    if standing.standing is Standing.NONE:
        found.append(standing.problem)
    if row.term_to is None or row.term_to <= issued_on:
        found.append("申请经营期限在成文日期前已届满。")
    same = Station.objects.filter(operator=row.operator_id, area_key=area_of(row).key)
    if same.exclude(state__in=[StationState.REVOKED, StationState.EXPIRED]).exists():
        found.append("该单位在此地区已有工作站。")
    return [
        (f"{row.operator.name}（{row.review.number}）：{text}请移出本批后办理。", f"#row-{row.pk}") for text in found
    ]


def _facts(row: Application, issued_on: dt.date) -> EstablishmentFacts:
    return EstablishmentFacts(
        area_province=row.area_province,
        filed_on=timezone.localdate(row.filed_at) if row.filed_at else None,
        approved_on=timezone.localdate(row.review.approved_at) if row.review.approved_at else None,
        document_on=issued_on,
    )


def _establish(row: Application, issued: IssuedDocument, by: User) -> Station:
    """The station of one application, its 专人, and the link back."""
    standing = establishment(_facts(row, issued.issued_on), policy=policy_on(issued.issued_on).policy)
    submitted = row.review.first_submitted_at
    try:
        with transaction.atomic():
            station = Station.objects.create(
                number=_next_number(issued.issued_on),
                name=station_name(row),
                operator=row.operator,
                area_province=row.area_province,
                area_city=row.area_city,
                area_county=row.area_county,
                area_key=area_of(row).key,
                address=row.station_address,
                partner_name=row.partner_name,
                profile=row.profile,
                # 附件1: 自申请之日起
                term_from=timezone.localdate(submitted) if submitted else issued.issued_on,
                term_to=row.term_to or issued.issued_on,  # checked before: never missing
                filing_no=row.filing_no,
                document=issued,
                # Where the bureau reads 挂牌 as the day, the document's stands in until the plaque is recorded.
                established_on=standing.established_on or issued.issued_on,
            )
    except IntegrityError as error:
        if "station_one_per_area" not in str(error):
            raise
        raise Refused(f"{row.operator.name}在{area_text(row)}已有工作站，请移出本批后办理。") from error
    if row.liaison_name:
        Liaison.objects.create(
            station=station, name=row.liaison_name, phone=row.liaison_phone, since=station.established_on
        )
    row.station = station
    row.save(update_fields=["station"])
    record(by=by, action="station.establish", obj=station, detail={"number": station.number, "doc_no": issued.doc_no})
    return station


def _next_number(day: dt.date) -> str:
    """站点编号 `JD-YYYY-nnn`, the next of the year; the lock holds until the transaction ends."""
    prefix = f"{NUMBER_PREFIX}-{day.year}-"
    lock_name(prefix)
    used = Station.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    return f"{prefix}{max((int(number.removeprefix(prefix)) for number in used), default=0) + 1:03d}"


def _take_over(rows: list[Application], stations: list[Station]) -> None:
    """The people of each approved list belong to its station from now on (R-07)."""
    with connection.cursor() as cursor:
        # A list may hold 100 000 people, each change of whose station goes into the history.
        cursor.execute("SET LOCAL statement_timeout = '120s'")
    for row, station in zip(rows, stations, strict=True):
        Delivery.objects.filter(roster_list=row.roster_list_id, station__isnull=True).update(station=station)


def _announce(
    batch: EstablishmentBatch, issued: IssuedDocument, rows: list[Application], stations: list[Station], by: User
) -> None:
    """Tells the operators and the centre, and prepares the public notice for a second person to release."""
    for row, station in zip(rows, stations, strict=True):
        send(
            to_organisation=row.operator,
            subject=f"设立文件已印发：{station.name}已设立",
            body=f"{issued.doc_no}（{date_cn(issued.issued_on)}）同意设立该工作站，站点编号{station.number}。"
            "铭牌由区就业服务中心通知领取，未挂牌不影响开展工作。",
            link=station.get_absolute_url(),
        )
    send(
        to_role=Role.CENTRE,
        subject=f"{issued.doc_no}已印发，{len(stations)}个工作站待挂牌",
        link=stations[0].get_absolute_url() if len(stations) == 1 else "",
    )
    lines = [
        f"{number}. {station.name}，承建单位：{station.operator.name}，经营期限至{date_cn(station.term_to)}。"
        for number, station in enumerate(stations, 1)
    ]
    notices.prepare(
        kind=NoticeKind.ESTABLISHMENT,
        title=f"关于公布{len(stations)}个新设立省外劳务协作工作站的公告",
        body="\n".join(
            [
                f"经单位申请、区就业服务中心初审、区人社局审核，《{batch.title}》（{issued.doc_no}）同意设立下列工作站，现予公布。",
                *lines,
            ]
        ),
        by=by,
        workdays=policy_on(issued.issued_on).policy.publicity_establishment,
        office=BUREAU,
        phone=settings.SITE_PHONE,
        object_id=batch.pk,
    )


def _name(person: User | None) -> str:
    return person.name if person else "同事"
