"""Every write of the ledger: entries added and replaced, what was seen on paper, job demands."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.registry.enums import StationState
from stations.registry.models import Employer, Station
from stations.registry.queries.papers import numbered_period
from stations.registry.services.stations import lock_station

from .enums import PER_EMPLOYER, Item
from .models import JobDemand, LedgerEntry
from .rules import discrimination, may_publish

# --- Entries (R-24) ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """Where the paper lies; empty where there is an electronic file only."""

    volume: str = ""
    place: str = ""
    pages: int | None = None


@transaction.atomic
def add_entry(
    *,
    station_id: uuid.UUID,
    period: int,
    item: Item,
    title: str,
    by: User,
    employer_id: uuid.UUID | None = None,
    upload: attachments.Upload | None = None,
    paper: Paper | None = None,
    replaces: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
) -> LedgerEntry:
    """An entry of a year, or with `replaces` the one that stands in another's place; the replaced one stays readable.
    The same form (`key`) sent twice is one entry.

    Raises Refused without file and paper, for a year that has not begun or an employer where none belongs, Conflict
    when the replaced entry was replaced meanwhile.
    """
    paper = paper or Paper()
    station = _own(station_id, by)
    if key and (sent := station.ledger_entries.filter(pk=key, added_by=by).first()):
        return sent
    if numbered_period(station, period, until=today()) is None:
        raise Refused("该年度还没有开始，不能登记台账。")
    if (item in PER_EMPLOYER) != (employer_id is not None):
        raise Refused("第1至4目请选择用工企业。", problems=(("请选择用工企业", "#id_employer"),))
    if upload is None and not paper.volume:
        raise Refused("请上传电子件，或写明纸质册号。", problems=(("请选择文件或写明册号", "#id_file"),))
    if not paper.volume and (paper.place or paper.pages):
        raise Refused("写存放地点和页数时须写明纸质册号。", problems=(("请写明纸质册号", "#id_paper_volume"),))
    if replaces is not None:
        _supersede(station, replaces, by, item=item, period=period)
    stored = None
    if upload is not None:
        stored = attachments.store(
            upload, by=by, organisation=station.operator, audience=Audience.PARTY_AND_OFFICE, kind="ledger_entry"
        )
    row = LedgerEntry.objects.create(
        id=key or uuid.uuid4(),
        station=station,
        period=period,
        item=item,
        employer_id=employer_id,
        title=title,
        file=stored,
        paper_volume=paper.volume,
        paper_place=paper.place,
        paper_pages=paper.pages,
        added_by=by,
    )
    record(
        by=by,
        action="ledger.replace" if replaces else "ledger.add",
        obj=row,
        detail={
            "item": item,
            "period": period,
            "file": stored.sha256 if stored else "",
            "replaces": str(replaces or ""),
        },
    )
    return row


@transaction.atomic
def retire_entry(*, entry_id: uuid.UUID, by: User) -> LedgerEntry:
    """Takes an entry out of the ledger; it stays readable in the history."""
    row = LedgerEntry.objects.get(pk=entry_id)
    station = _own(row.station_id, by)
    row = _supersede(station, entry_id, by, item=Item(row.item), period=row.period)
    record(by=by, action="ledger.remove", obj=row, detail={"item": row.item, "period": row.period})
    return row


@transaction.atomic
def mark_seen(*, station_id: uuid.UUID, entry_ids: Collection[uuid.UUID], by: User) -> int:
    """已见纸质: the centre has seen these on paper; those seen before stay as they are. Gives how many are new."""
    if by.role != Role.CENTRE:
        raise PermissionDenied
    if not entry_ids:
        raise Refused("请勾选已经见到纸质件的台账。")
    station = lock_station(station_id)
    rows = LedgerEntry.objects.current().filter(station=station, pk__in=entry_ids)
    if rows.count() != len(set(entry_ids)):
        raise Conflict("所选台账已被替换，请刷新后重新勾选。")
    fresh = list(rows.filter(paper_seen_at__isnull=True))
    LedgerEntry.objects.filter(pk__in=[row.pk for row in fresh]).update(paper_seen_by=by, paper_seen_at=timezone.now())
    if fresh:
        record(
            by=by,
            action="ledger.paper_seen",
            obj=station,
            detail={"entries": [str(row.pk) for row in fresh], "items": sorted({row.item for row in fresh})},
        )
    return len(fresh)


def _own(station_id: uuid.UUID, by: User) -> Station:
    """The station, locked, for its operator's own people while it is not revoked."""
    station = lock_station(station_id)
    if by.role != Role.OPERATOR or by.organisation_id != station.operator_id:
        raise PermissionDenied
    if station.state == StationState.REVOKED:
        raise Refused("工作站已取消，台账不再变更。")
    return station


def _supersede(station: Station, entry_id: uuid.UUID, by: User, *, item: Item, period: int) -> LedgerEntry:
    row = LedgerEntry.objects.select_for_update(of=("self",), no_key=True).filter(pk=entry_id, station=station).first()
    if row is None or row.item != item or row.period != period:
        raise Refused("没有找到要替换的台账，请刷新后重试。")
    if row.superseded_at is not None:
        raise Conflict("这条台账已被替换，请刷新后查看。")
    row.superseded_by, row.superseded_at = by, timezone.now()
    row.save(update_fields=["superseded_by", "superseded_at"])
    return row


# --- Job demands (R-25) -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Demand:
    """What a job demand says."""

    post: str
    headcount: int
    education: str
    wage_min: int
    wage_max: int
    place: str
    valid_from: dt.date
    valid_to: dt.date
    skill: str = ""
    requirements: str = ""
    hours: str = ""
    welfare: str = ""

    def findings(self) -> tuple[str, ...]:
        """What the text check finds in it."""
        asked = "。".join((self.post, self.skill, self.requirements))
        return discrimination(demands=asked, terms="。".join((self.hours, self.welfare, self.place)))


@transaction.atomic
def save_demand(
    *,
    station_id: uuid.UUID,
    employer: Employer,
    demand: Demand,
    publish: bool,
    by: User,
    demand_id: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
) -> JobDemand:
    """Enters or changes a job demand, and publishes it where wanted and nothing was found.

    The same form (`key`) of a new one sent twice is one demand.

    A change is looked at again: what the centre cleared holds for the words it saw, so changed findings take clearance
    and publication back. With something found and `publish` wanted, the centre is told.
    """
    station = _own(station_id, by)
    findings = list(demand.findings())
    if demand_id is None:
        if key and (sent := JobDemand.objects.filter(pk=key, station=station, added_by=by).first()):
            return sent
        row = JobDemand(id=key or uuid.uuid4(), station=station, added_by=by)
    else:
        row = JobDemand.objects.select_for_update(of=("self",), no_key=True).get(pk=demand_id, station=station)
        if row.withdrawn_at is not None:
            raise Conflict("该岗位已撤下，不能再改。")
    if findings != row.findings:
        row.cleared_by, row.cleared_at, row.cleared_reason = None, None, ""
    row.employer, row.findings = employer, findings
    for name, value in asdict(demand).items():
        setattr(row, name, value)
    if not publish or not may_publish(findings, cleared=row.cleared_at is not None):
        row.published_by, row.published_at = None, None
    elif row.published_at is None:
        row.published_by, row.published_at = by, timezone.now()
    row.save()
    record(by=by, action="job_demand.save", obj=row, detail={"findings": findings, "published": bool(row.published_at)})
    if publish and findings and row.published_at is None:
        send(
            to_role=Role.CENTRE,
            subject=f"岗位“{row.post}”有疑似歧视用语，待核实",
            body=f"{station.name}，{employer.name}：{'、'.join(findings)}。",
            link=demand_link(row),
        )
    return row


@transaction.atomic
def clear_demand(*, demand_id: uuid.UUID, reason: str, by: User) -> JobDemand:
    """A person of the centre lets a demand be published in spite of what was found, with the reason."""
    if by.role != Role.CENTRE:
        raise PermissionDenied
    row = _locked(demand_id)
    if not reason.strip():
        raise Refused("请写明准予发布的理由。", problems=(("请写明理由", f"#demand-{row.pk}"),))
    if not row.findings:
        raise Conflict("该岗位没有待核实的用语，请刷新后查看。")
    if row.cleared_at is not None:
        return row
    row.cleared_by, row.cleared_at, row.cleared_reason = by, timezone.now(), reason.strip()
    row.published_by, row.published_at = by, timezone.now()
    row.save()
    record(by=by, action="job_demand.clear", obj=row, purpose=reason, detail={"findings": row.findings})
    send(
        to_organisation=row.station.operator,
        subject=f"岗位“{row.post}”已核实，准予发布",
        body=f"理由：{row.cleared_reason}",
        link=demand_link(row),
    )
    return row


@transaction.atomic
def withdraw_demand(*, demand_id: uuid.UUID, by: User) -> JobDemand:
    """Takes a demand off the public page: the operator its own, the centre any."""
    row = _locked(demand_id)
    if by.role != Role.CENTRE and not (by.role == Role.OPERATOR and by.organisation_id == row.station.operator_id):
        raise PermissionDenied
    if row.withdrawn_at is None:
        row.withdrawn_by, row.withdrawn_at = by, timezone.now()
        row.save(update_fields=["withdrawn_by", "withdrawn_at"])
        record(by=by, action="job_demand.withdraw", obj=row)
    return row


def demand_link(row: JobDemand) -> str:
    """The place of a demand on its station's page."""
    return f"{reverse('ledger:demands', args=[row.station_id])}#demand-{row.pk}"


def _locked(demand_id: uuid.UUID) -> JobDemand:
    rows = JobDemand.objects.select_for_update(of=("self",), no_key=True).select_related("station__operator")
    return rows.get(pk=demand_id)
