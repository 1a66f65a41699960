"""Scoring: the sheet laid out, its facts gathered, each line given with its reason and evidence (R-29, R-50 … R-63).

A line is saved by itself, at the version its page showed; what somebody else saved meanwhile is never overwritten.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from assessments.sheets.enums import Stage
from assessments.sheets.models import (
    Assessment,
    LineAnswer,
    LineEvidence,
    SelfEvidence,
    Sheet,
    SheetLine,
    SheetPresence,
)
from assessments.sheets.queries.facts import gather
from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.judging import Given, Standing, carried, decide, needs_person, system_points
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.figures import plain
from jinhua_labor.mailbox.services import send
from stations.oversight.services.common import require

from .common import expect, keep, lock_sheet, move, policy_of

GATHERED = "gathered_at"
"""Beside the facts of a sheet: the moment they were gathered."""


class StaleLine(Conflict):
    """Somebody saved the line meanwhile; carries the row as it is now."""

    def __init__(self, line: SheetLine) -> None:
        who = line.given_by.name if line.given_by else "系统"
        super().__init__(f"这一项已由{who}保存为{_plain(line.given)}分，您填的内容没有覆盖它。请核对后再保存。")
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form says of one line. `points` None takes the system's; `papers` are papers the station handed in."""

    points: Decimal | None = None
    parts: tuple[bool, ...] = ()
    skill_points: int | None = None
    reason: str = ""
    uploads: Sequence[attachments.Upload] = field(default=())
    papers: Sequence[uuid.UUID] = field(default=())


def begin(assessment: Assessment, *, by: User) -> Sheet:
    """The year goes to scoring with its first sheet; the caller has locked it."""
    move(assessment, Stage.SCORING)
    sheet = Sheet.objects.create(assessment=assessment, opened_by=User.objects.system())
    lay_out(sheet)
    record(by=by, action="assessment.scoring", obj=assessment)
    send(
        to_role=Role.CENTRE,
        subject=f"待评分：{assessment}",
        body="站点已提交自评。" if assessment.self_submitted_at else "自评期限已过，站点没有提交自评。",
        link=sheet.get_absolute_url(),
    )
    return sheet


def facts_of(sheet: Sheet) -> SheetFacts | None:
    """The facts the sheet rests on; None where none have been gathered."""
    return SheetFacts.from_json(sheet.facts) if sheet.facts else None


def gather_now(assessment: Assessment) -> SheetFacts:
    """The facts of the year as they stand now, as the official sheet takes them."""
    return gather(
        assessment.station,
        assessment.period,
        cutoff=assessment.data_cutoff,
        as_of=today(),
        policy=policy_of(assessment),
        official=True,
    )


@transaction.atomic
def refresh(*, sheet_id: uuid.UUID, by: User) -> Sheet:
    """更新计分事实 while the sheet is scored: computed lines follow, what a person gave otherwise stays (`carried`)."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    expect(sheet.assessment, Stage.SCORING)
    changed = lay_out(sheet)
    record(by=by, action="sheet.refresh", obj=sheet, detail={"changed": changed})
    return sheet


def lay_out(sheet: Sheet) -> list[str]:
    """Gathers the facts and brings the thirteen lines up to them; codes of the lines that changed. The caller holds the
    sheet."""
    assessment = sheet.assessment
    policy, now = policy_of(assessment), gather_now(assessment)
    before = facts_of(sheet) or _earlier_facts(sheet)
    lines = {line.code: line for line in sheet.lines.select_for_update(no_key=True)}
    system, moment = User.objects.system(), timezone.now()
    changed = []
    for indicator in policy.indicators:
        code = indicator.code
        line = lines.get(code) or SheetLine(sheet=sheet, code=code, weight=indicator.weight, version=0)
        standing = Standing(line.given, line.skill_points, line.reason, _by_person(line, system))
        after = standing
        if code in lines or not needs_person(code, now, policy=policy):
            after = carried(code, standing, before, now, policy=policy)
        points = system_points(code, now, policy=policy)
        said = (points, after.given, after.skill_points, after.reason)
        if code in lines and said == (line.computed, line.given, line.skill_points, line.reason):
            continue
        line.computed, line.given, line.skill_points, line.reason = said
        if after.given is None:
            line.given_by = line.given_at = None
        elif not after.by_person:
            line.given_by, line.given_at = system, moment
        line.version += 1
        line.save()
        changed.append(code)
    sheet.facts = now.to_json() | {GATHERED: moment.isoformat()}
    sheet.save(update_fields=["facts"])
    return changed


def _earlier_facts(sheet: Sheet) -> SheetFacts | None:
    """The facts of the round before, whose lines a new round starts from."""
    earlier = sheet.assessment.sheets.filter(round__lt=sheet.round).order_by("-round").first()
    return facts_of(earlier) if earlier else None


def _by_person(line: SheetLine, system: User) -> bool:
    return line.given_by_id is not None and line.given_by_id != system.pk


@transaction.atomic
def save_line(*, sheet_id: uuid.UUID, code: str, entry: Entry, version: int, by: User) -> SheetLine:
    """One line as this person gives it. `version` is the one his page showed.

    Raises StaleLine when somebody saved it meanwhile (nothing is overwritten), Refused with what to mend first, keyed
    by field; the same post twice is one.
    """
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    expect(sheet.assessment, Stage.SCORING)
    line = sheet.lines.select_for_update(of=("self",), no_key=True).select_related("given_by").get(code=code)
    policy, facts = policy_of(sheet.assessment), facts_of(sheet)
    if facts is None:
        raise Conflict("计分事实还没有汇集，请先更新。")
    papers = _papers(sheet, code, entry.papers)
    given = Given(
        entry.points,
        entry.parts,
        entry.skill_points,
        entry.reason,
        has_evidence=bool(entry.uploads or papers or line.evidence.exists()),
    )
    decided = decide(code, given, facts, policy=policy)
    if version != line.version:
        same = (line.given, line.skill_points, tuple(line.parts), line.reason, line.given_by_id)
        if same == (decided.points, decided.skill_points, decided.parts, entry.reason.strip(), by.pk):
            return line
        raise StaleLine(line)
    if decided.problems:
        first = {"parts": "part_0"}
        problems = tuple((text, f"#id_{code}_{first.get(name, name)}") for name, text in decided.problems)
        raise Refused(f"{policy.indicator(code).name}还不能保存。", problems=problems)
    before = {"given": _plain(line.given), "reason": line.reason}
    line.given, line.parts, line.skill_points = decided.points, list(decided.parts), decided.skill_points
    line.reason, line.given_by, line.given_at = entry.reason.strip(), by, timezone.now()
    line.version += 1
    line.save()
    for upload in entry.uploads:
        paper = keep(upload, assessment=sheet.assessment, by=by, audience=Audience.OFFICE)
        LineEvidence.objects.create(line=line, attachment=paper, added_by=by)
    for attachment_id in papers:
        LineEvidence.objects.get_or_create(line=line, attachment_id=attachment_id, defaults={"added_by": by})
    record(
        by=by,
        action="sheet.line",
        obj=sheet,
        detail={"code": code, "before": before, "given": _plain(line.given), "computed": _plain(line.computed)},
    )
    return line


def _papers(sheet: Sheet, code: str, chosen: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Of the papers chosen those the station itself handed in for this line: 自评, or with an answer to a draft."""
    own = set(
        SelfEvidence.objects.filter(assessment=sheet.assessment, code=code, attachment__isnull=False)
        .values_list("attachment", flat=True)
    ) | set(
        LineAnswer.objects.filter(sheet__assessment=sheet.assessment, code=code, attachment__isnull=False)
        .values_list("attachment", flat=True)
    )  # fmt: skip
    return [pk for pk in chosen if pk in own]


@transaction.atomic
def remove_evidence(*, sheet_id: uuid.UUID, evidence_id: uuid.UUID, by: User) -> SheetLine:
    """Takes a paper off a line while it is scored; the line is to be given again where it rested on it."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    expect(sheet.assessment, Stage.SCORING)
    found = LineEvidence.objects.select_related("line", "attachment").filter(line__sheet=sheet, pk=evidence_id).first()
    if found is None:
        raise Conflict("这份佐证已经移除，请刷新后查看。")
    line = found.line
    record(
        by=by, action="sheet.evidence_remove", obj=sheet, detail={"code": line.code, "file": found.attachment.sha256}
    )
    found.delete()
    facts, policy = facts_of(sheet), policy_of(sheet.assessment)
    if facts is not None and line.given is not None:
        kept = Given(
            line.given - (line.skill_points or 0),
            tuple(line.parts),
            line.skill_points,
            line.reason,
            has_evidence=line.evidence.exists(),
        )
        if decide(line.code, kept, facts, policy=policy).problems:
            line.given = line.given_by = line.given_at = None
    line.version += 1
    line.save()
    return line


@transaction.atomic
def seen(*, sheet: Sheet, by: User) -> None:
    """Notes that this person has the sheet open now."""
    SheetPresence.objects.update_or_create(sheet=sheet, user=by, defaults={"seen_at": timezone.now()})


def _plain(points: Decimal | None) -> str:
    return "—" if points is None else plain(points)


__all__ = [
    "GATHERED", "Entry", "StaleLine", "begin", "facts_of", "gather_now", "lay_out", "refresh",
    "remove_evidence", "save_line", "seen",
]  # fmt: skip
