"""The bureau's part: back to the centre, or confirmed and frozen with everything it rests on."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.models import Assessment, Sheet, SheetPerson
from assessments.sheets.queries.facts import people_of
from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.score import Settled, outcome
from assessments.sheets.rules.snapshot import Line, digest, snapshot
from assessments.sheets.services.common import expect, lock_sheet, move, policy_of, review_of
from assessments.sheets.services.scoring import facts_of
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.figures import plain
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action
from stations.oversight.queries.safety import safety_facts
from stations.roster.enums import CountStatus


@transaction.atomic
def return_to_centre(
    *, sheet_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回中心 with what is to be looked at again; the person who checked reports anew or returns it to scoring."""
    sheet = lock_sheet(sheet_id)
    review = review_of(sheet)
    if earlier := review_services.repeated(review, key):
        return earlier
    event = review_services.transition(
        review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    move(sheet.assessment, Stage.CHECKING)
    send(
        to_user=sheet.checked_by,
        subject=f"{review.get_decider_display()}退回：{sheet.assessment}",
        body=opinion.strip(),
        link=sheet.get_absolute_url(),
    )
    return event


@transaction.atomic
def confirm(
    *, sheet_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> Sheet:
    """确认: total, veto, outcome, the numbers and every person behind them, frozen with a hash in one transaction.

    By the bureau, or by a third person of the centre who gave no line (`assessment_confirmed_by`, R-29).

    Raises Conflict when the roster says another number than the facts the sheet was scored by, or an accident or a
    verified complaint of the year came to light since: it may veto the year (R-64).
    """
    sheet = lock_sheet(sheet_id)
    assessment, review = sheet.assessment, review_of(sheet)
    if review_services.repeated(review, key):
        return sheet
    review_services.may_take(review, Action.APPROVE, by=by, version=version)
    expect(assessment, Stage.CONFIRMING)
    if sheet.lines.filter(given_by=by).exists():
        raise Refused("这张评估表有您评的分，须由没有评分的同事确认。")
    facts = facts_of(sheet)
    assert facts is not None
    _refuse_unsafe(assessment, facts)
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
        body=f"{review.get_decider_display()}已确认：{words}。请拟公示稿。",
        link=assessment.get_absolute_url(),
    )
    send(
        to_organisation=assessment.operator,
        subject=f"{assessment}已经{review.get_decider_display()}确认",
        body=f"{words}。结果将予公示，公示期满没有异议的为最终结果。",
        link=assessment.get_absolute_url(),
    )
    return sheet


def _refuse_unsafe(assessment: Assessment, facts: SheetFacts) -> None:
    now = safety_facts([(assessment.station, assessment.period)])[assessment.station_id]
    if (now.accidents, now.verified) != (facts.safety.accidents, facts.safety.verified):
        raise Conflict(
            "送复核之后本年度的安全责任事故或经核实的投诉有变化，可能影响一票否决。请退回中心，更新计分事实后重新报送。"
        )


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
