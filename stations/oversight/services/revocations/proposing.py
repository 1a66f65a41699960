"""提出: by the centre, by the unit itself, or drafted by the system after two failed years (R-32, R-34)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import GraveLimb, Ground, RevocationPaperSlot, RevocationStage
from stations.oversight.models import Revocation
from stations.oversight.queries.numbers import next_number
from stations.oversight.rules.revocations import Proposal, Run, YearResult, consecutive_fails, proposal_problems
from stations.oversight.services.common import lock_station, require, require_unit_of
from stations.registry.enums import StationState
from stations.registry.models import Station

from .common import FILES_MAX, close, expect, keep, locked, move, report, store

MAY_START = (StationState.ACTIVE, StationState.RECTIFYING, StationState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal says, with its files; the first file is the main one."""

    grounds: Sequence[Ground]
    facts: str
    uploads: Sequence[attachments.Upload] = field(default=())
    grave: GraveLimb | None = None
    finding: str = ""
    verified: bool = False


@transaction.atomic
def propose(
    *, station_id: uuid.UUID, content: Content, by: User, key: uuid.UUID, draft_id: uuid.UUID | None = None
) -> Revocation:
    """提出取消, by the centre (R-33); `draft_id` is the system's draft this person submits (R-34).

    The same form sent twice is one proposal. Raises Refused with every problem, Conflict when one is open.
    """
    require(by, Role.CENTRE)
    station = lock_station(station_id)
    if earlier := Revocation.objects.filter(pk=draft_id or key, proposed_by=by).first():
        return earlier
    _refuse_started(station)
    row = Revocation(id=key, created_by=by)
    if draft_id is not None:
        row = Revocation.objects.select_for_update(of=("self",)).get(pk=draft_id, station=station)
        if row.stage != RevocationStage.DRAFT:
            raise Conflict(f"这份拟稿{row.get_stage_display()}，请刷新后查看。")
    _fill(row, station, content, by=by, by_unit=False)
    row.save()
    store(row, content.uploads, slot=RevocationPaperSlot.EVIDENCE, audience=Audience.OFFICE, by=by)
    _start(row, station, by=by)
    return row


@transaction.atomic
def apply(
    *, station_id: uuid.UUID, reason: str, application: Sequence[attachments.Upload], by: User, key: uuid.UUID
) -> Revocation:
    """主动申请取消资格, by the unit, with its signed application; goes to 初审 at once."""
    station = lock_station(station_id)
    require_unit_of(station, by)
    if earlier := Revocation.objects.filter(pk=key, proposed_by=by).first():
        return earlier
    _refuse_started(station)
    row = Revocation(id=key, created_by=by)
    content = Content(grounds=[Ground.G1], facts=reason, uploads=application)
    _fill(row, station, content, by=by, by_unit=True)
    row.save()
    slot, audience = RevocationPaperSlot.APPLICATION, Audience.PARTY_AND_OFFICE
    store(row, content.uploads, slot=slot, audience=audience, by=by)
    _start(row, station, by=by)
    report(row, entered_by=by, by=by)
    send(
        to_role=Role.CENTRE,
        subject=f"{station.name}主动申请取消资格，待初审",
        body=f"编号{row.number}，{station.operator.name}。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def draft_g3(*, station_id: uuid.UUID, results: Iterable[YearResult]) -> Revocation | None:
    """What the system drafts when two consecutive years are FINAL 不合格 (R-34); a person of the centre submits it.

    None where there is no such run or the station has gone. The same two years give one draft, whatever became of it.
    """
    station = lock_station(station_id)
    found = consecutive_fails(results, count=policy_on(today()).policy.consecutive_fail)
    if found.run is not Run.PROPOSAL:
        return None
    years = list(found.years)
    if earlier := Revocation.objects.filter(station=station, fail_years=years).first():
        return earlier
    if station.state not in MAY_START or station.revocations.filter(stage=RevocationStage.DRAFT).exists():
        return None
    system = User.objects.system()
    row = Revocation.objects.create(
        number=next_number(Revocation, "QX", today()),
        station=station,
        operator=station.operator,
        stage=RevocationStage.DRAFT,
        former_state=station.state,
        grounds=[Ground.G3],
        facts=f"{'、'.join(f'第{number}年度' for number in years)}评估结果均为不合格，且结果均已确定。",
        fail_years=years,
        created_by=system,
    )
    record(by=system, action="revocation.draft", obj=row, detail={"years": years})
    send(
        to_role=Role.CENTRE,
        subject=f"{station.name}连续两个年度评估不合格，请核对后决定是否提出取消",
        body=row.facts,
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def drop(*, revocation_id: uuid.UUID, reason: str, by: User) -> Revocation:
    """不予提出: the centre puts the system's draft aside, with its reason."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    expect(row, RevocationStage.DRAFT)
    close(row, RevocationStage.DROPPED, reason, by=by, action="revocation.drop")
    return row


def _refuse_started(station: Station) -> None:
    if station.state not in MAY_START:
        raise Conflict(f"工作站{station.get_state_display()}，不能再提出取消。")


def _fill(row: Revocation, station: Station, content: Content, *, by: User, by_unit: bool) -> None:
    proposal = Proposal(
        grounds=content.grounds,
        facts=content.facts,
        evidence=len(content.uploads),
        by_unit=by_unit,
        grave=content.grave,
        finding=content.finding,
        verified=content.verified,
    )
    if problems := proposal_problems(proposal):
        raise Refused(
            "还不能提出取消，请先处理以下问题。",
            problems=tuple((one.message, f"#id_{one.field}") for one in problems),
        )
    if len(content.uploads) > FILES_MAX:
        raise Refused(f"一次最多{FILES_MAX}个文件，请合并后再上传。")
    day, graves = today(), Ground.G5 in content.grounds
    row.number = row.number or next_number(Revocation, "QX", day)
    row.station, row.operator, row.former_state = station, station.operator, station.state
    row.grounds = [ground for ground in Ground if ground in set(content.grounds)]
    row.facts = content.facts.strip()
    row.grave = content.grave if graves and content.grave else ""
    row.finding, row.verified = (content.finding.strip(), content.verified) if graves else ("", False)
    row.stage, row.proposed_by, row.proposed_on = RevocationStage.PROPOSED, by, day
    audience = Audience.PARTY_AND_OFFICE if by_unit else Audience.OFFICE
    row.evidence = keep(content.uploads[0], row, audience=audience, by=by)


def _start(row: Revocation, station: Station, *, by: User) -> None:
    record(by=by, action="revocation.propose", obj=row, detail={"grounds": list(row.grounds)})
    move(station, StationState.REVOKING, by=by, why=row.number)
