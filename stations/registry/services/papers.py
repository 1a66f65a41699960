"""Every write of 站点档案: versions are added, checked once by the centre, and never edited."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import PaperKind, PaperOrigin, StationState
from stations.registry.models import Station, StationPaper, StationPaperFile
from stations.registry.papers import by_thread, ending, holder
from stations.registry.queries.papers import numbered_period, papers_of, period_of
from stations.registry.services.stations import lock_station

FILES_MAX = 10


@dataclass(frozen=True, slots=True)
class Content:
    """What one version says; which of the fields a kind uses is the form's matter, what it must say the database's."""

    title: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    number: str = ""
    party: str = ""
    side: str = ""
    address: str = ""
    tenure: str = ""
    facilities: tuple[str, ...] = ()
    text: str = ""


@transaction.atomic
def add_version(
    *,
    station_id: uuid.UUID,
    kind: PaperKind,
    content: Content,
    uploads: Sequence[attachments.Upload],
    by: User,
    place: uuid.UUID | None = None,
    period: int | None = None,
    key: uuid.UUID | None = None,
) -> StationPaper:
    """A new version of a paper, or its first one; the centre is told to look at it. The same form (`key`) sent twice is
    one version.

    `place` names the 工作地点 a version is of (None: a new one), `period` the year of a plan. Raises Refused when no
    file comes with it or the station has gone, UploadError for a file that will not do.
    """
    station = lock_station(station_id)
    if by.role != Role.OPERATOR or by.organisation_id != station.operator_id:
        raise PermissionDenied
    if key and (sent := station.papers.filter(pk=key, added_by=by).first()):
        return sent
    if station.state == StationState.REVOKED:
        raise Refused("工作站已取消，不再更新档案。")
    if not uploads:
        raise Refused("请上传文件。", problems=(("请选择这一版的文件", "#id_files"),))
    if len(uploads) > FILES_MAX:
        raise Refused(f"一版最多{FILES_MAX}个文件，请合并后再上传。")
    if kind == PaperKind.SITE and place is not None and not _is_place(station, place, content.side):
        raise Refused("没有找到要更新的工作地点，请刷新后重试。")
    if kind == PaperKind.PLAN and not _may_plan(station, period):
        raise Refused("只能报送本年度或下一年度的工作计划。", problems=(("请选择年度", "#id_period"),))
    stored = [
        attachments.store(
            upload, by=by, organisation=station.operator, audience=Audience.PARTY_AND_OFFICE, kind="station_paper"
        )
        for upload in uploads
    ]
    row = _create(
        station,
        kind,
        content,
        place=(place or uuid.uuid4()) if kind == PaperKind.SITE else None,
        period=period if kind == PaperKind.PLAN else None,
        filed_on=today(),
        by=by,
        files=stored,
        id=key or uuid.uuid4(),
    )
    record(
        by=by,
        action="station.paper_version",
        obj=station,
        detail={"kind": kind, "version": row.version, "title": row.title, "files": [one.sha256 for one in stored]},
    )
    send(
        to_role=Role.CENTRE,
        subject=f"{station.name}更新了{kind.label}，待核对",
        body=f"{station.operator.name}{date_cn(row.filed_on)}报送：{row.title}。",
        link=_link(row),
    )
    return row


@transaction.atomic
def check(*, paper_id: uuid.UUID, accepted: bool, note: str, by: User) -> StationPaper:
    """已核: what the centre found of a version; the station is told when it will not do.

    The same finding twice is one; a changed mind is kept in the journal. Raises Refused without the reason of a no,
    Conflict when a colleague found otherwise meanwhile.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    row = StationPaper.objects.select_related("station__operator").get(pk=paper_id)
    station = lock_station(row.station_id)
    row = StationPaper.objects.select_for_update(no_key=True).get(pk=paper_id)
    note = note.strip()
    if (row.accepted, row.check_note) == (accepted, note):
        return row
    if row.accepted is not None and row.checked_by_id != by.pk:
        raise Conflict("这一版已由同事核对，请刷新后查看。")
    if not accepted and not note:
        raise Refused("不符合要求的，请写明原因。", problems=(("请写明原因", f"#paper-{row.pk}"),))
    before = {"accepted": row.accepted, "note": row.check_note}
    row.accepted, row.check_note, row.checked_by, row.checked_at = accepted, note, by, timezone.now()
    row.save(update_fields=["accepted", "check_note", "checked_by", "checked_at"])
    record(
        by=by,
        action="station.paper_check",
        obj=station,
        detail={
            "kind": row.kind,
            "version": row.version,
            "before": before,
            "after": {"accepted": accepted, "note": note},
        },
    )
    if not accepted:
        send(
            to_organisation=station.operator,
            subject=f"{row.get_kind_display()}核对不符合要求，请重新报送",
            body=f"{row.title}：{note}",
            link=_link(row),
        )
    return row


@dataclass(frozen=True, slots=True)
class FirstPaper:
    """A paper of the application as it enters the file: judged with the application, so 已核 by who screened it."""

    kind: PaperKind
    content: Content
    filed_on: dt.date
    files: tuple[Attachment, ...] = field(default=())


def take_over(
    *, station: Station, papers: Iterable[FirstPaper], checked_by: User | None, checked_at: dt.datetime | None, by: User
) -> list[StationPaper]:
    """The application's papers become the first versions; called inside the establishment's transaction.

    A station that has a file already is left alone.
    """
    if StationPaper.objects.filter(station=station).exists():
        return []
    made = [
        _create(
            station,
            paper.kind,
            paper.content,
            place=uuid.uuid4() if paper.kind == PaperKind.SITE else None,
            period=period_of(station, station.established_on).number if paper.kind == PaperKind.PLAN else None,
            filed_on=paper.filed_on,
            by=by,
            files=paper.files,
            origin=PaperOrigin.APPLICATION,
            accepted=True if checked_by and checked_at else None,
            check_note="设立初审时核对" if checked_by and checked_at else "",
            checked_by=checked_by if checked_at else None,
            checked_at=checked_at if checked_by else None,
        )
        for paper in papers
    ]
    record(by=by, action="station.paper_first", obj=station, detail={"papers": [row.kind for row in made]})
    return made


def remind_due(*, day: dt.date) -> int:
    """Tells each operator once of a paper that ends within `paper_expiry_days`; gives how many were told."""
    settings = policy_on(day).policy.settings
    running = [StationState.ACTIVE, StationState.RECTIFYING]
    soon = day + dt.timedelta(days=settings.paper_expiry_days)
    candidates = StationPaper.objects.filter(
        station__state__in=running, valid_to__range=(day, soon), reminded_at__isnull=True
    ).exclude(kind=PaperKind.PLAN)
    stations = sorted(set(candidates.values_list("station_id", flat=True)), key=str)
    return sum(_remind(pk, day) for pk in stations)


@transaction.atomic
def _remind(station_id: uuid.UUID, day: dt.date) -> int:
    settings, told = policy_on(day).policy.settings, 0
    station = lock_station(station_id)
    for (kind, thread, _), versions in by_thread(papers_of([station_id])[station_id]).items():
        ends, speaks = ending(versions, day, settings=settings), holder(versions, day)
        if kind == PaperKind.PLAN or ends is None or speaks is None:
            continue
        row = StationPaper.objects.get(
            station=station, kind=kind, place=thread or None, period__isnull=True, version=speaks.version
        )
        if row.reminded_at is not None:
            continue
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at"])
        record(
            by=User.objects.system(),
            action="station.paper_reminder",
            obj=station,
            detail={"kind": kind, "last_day": ends.isoformat()},
        )
        send(
            to_organisation=station.operator,
            subject=f"{kind.label}将于{date_cn(ends)}到期，请及时更新",
            body=f"{station.name}：{row.title}，还有{(ends - day).days}天。续签或换证后，请在站点档案中报送新的一版。",
            link=_link(row),
        )
        told += 1
    return told


def _is_place(station: Station, place: uuid.UUID, side: str) -> bool:
    return StationPaper.objects.filter(station=station, kind=PaperKind.SITE, place=place, side=side).exists()


def _link(row: StationPaper) -> str:
    return f"{reverse('registry:papers', args=[row.station_id])}#paper-{row.pk}"


def _may_plan(station: Station, number: int | None) -> bool:
    """This year's plan, an earlier year's (late), or the next one's."""
    if number is None:
        return False
    current = period_of(station, today()).number
    return number == current + 1 or numbered_period(station, number, until=today()) is not None


def _create(
    station: Station,
    kind: PaperKind,
    content: Content,
    *,
    place: uuid.UUID | None,
    period: int | None,
    filed_on: dt.date,
    by: User,
    files: Iterable[Attachment],
    **more: object,
) -> StationPaper:
    same = StationPaper.objects.filter(station=station, kind=kind, place=place, period=period)
    row = StationPaper.objects.create(
        station=station,
        kind=kind,
        place=place,
        period=period,
        version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
        title=content.title,
        number=content.number,
        party=content.party,
        side=content.side,
        address=content.address,
        tenure=content.tenure,
        facilities=list(content.facilities),
        text=content.text,
        valid_from=content.valid_from,
        valid_to=content.valid_to,
        filed_on=filed_on,
        added_by=by,
        **more,
    )
    StationPaperFile.objects.bulk_create(StationPaperFile(paper=row, attachment=one) for one in files)
    return row
