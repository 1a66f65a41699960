"""What supervision adds to the world of the sweeps: changes in their states, visits, problems, events of each party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.review.states import Kind, State
from stations.oversight.enums import (
    ActivityState,
    ChangeKind,
    ChangePaperSlot,
    ChangeState,
    FindingState,
    Ground,
    RevocationStage,
    UnitCondition,
    VisitState,
)
from stations.oversight.models import ChangeReport, Revocation
from tests.meta import rows
from tests.meta import rows_oversight as made

if TYPE_CHECKING:
    from tests.meta.world import Party

OFFICE_MARK = "内部记录勿外传"


def equip(party: Party, clerk: User) -> None:
    """One of everything for this party's station; `things` of the party name them for the addresses."""
    station, unit = party.station, party.organisation
    common: dict[str, Any] = {"station": station, "created_by": party.user, "submitted_by": party.user}
    words = {"old": {"name": f"{party.word}旧专人"}, "new": {"name": f"{party.word}新专人", "phone": "000"}}
    change = made.change(**common, **words)
    made.change_paper(change=change, attachment=rows.attachment(organisation=unit), added_by=party.user)
    returned = made.change(**common, kind=ChangeKind.HEAD, state=ChangeState.RETURNED, answer="请补盖章。", **words)
    filed = made.filed(**common, kind=ChangeKind.LIAISON, handover_due_on=rows.DAY, filed_by=clerk, **words)
    moving = _moving(party, clerk, State.SUBMITTED)
    planned = made.visit(
        station=station, lead=clerk, state=VisitState.PLANNED, planned=True, planned_on=rows.DAY, purpose=OFFICE_MARK
    )
    visit = made.visit(station=station, lead=clerk, account=f"{party.word}走访情况")
    made.visit_check(visit=visit, line="B3", result="PROBLEM", note="缺一项")
    made.visit_photo(visit=visit, attachment=rows.attachment(organisation=unit, content_type="image/png"))
    finding = made.finding(visit=visit, station=station, text=f"{party.word}的问题", raised_by=clerk)
    answered = made.finding(visit=visit, station=station, state=FindingState.ANSWERED, raised_by=clerk)
    proof = made.rectification(finding=answered, submitted_by=party.user)
    made.rectification_paper(rectification=proof, attachment=rows.attachment(organisation=unit))
    activity = made.activity(station=station, created_by=party.user, name=f"{party.word}的活动")
    made.organiser(activity=activity, station=station)
    paper = made.activity_paper(activity=activity, attachment=rows.attachment(organisation=unit))
    party.things |= {
        "change": change,
        "returned_change": returned,
        "filed_change": filed,
        "moving": moving,
        "screened_moving": _moving(party, clerk, State.SCREENED),
        "incoming": _incoming(party),
        "planned_visit": planned,
        "visit": visit,
        "finding": finding,
        "answered_finding": answered,
        "activity": activity,
        "activity_paper": paper,
        **_revocations(party, clerk),
    }


def _revocations(party: Party, clerk: User) -> dict[str, Revocation]:
    """取消资格 at each step somebody takes; one a station, because one is open at a time."""
    voluntary = {"grounds": [Ground.G1], "proposed_by": party.user}
    made_ = {
        "revocation_draft": _revocation(party, stage=RevocationStage.DRAFT),
        "revocation_proposed": _revocation(party, stage=RevocationStage.PROPOSED),
        "revocation": _revocation(party, stage=RevocationStage.NOTIFIED),
        "revocation_own": _revocation(party, stage=RevocationStage.REPORTED, **voluntary),
        "revocation_screened": _revocation(party, stage=RevocationStage.REPORTED, state=State.SCREENED),
        "revocation_decided": _revocation(party, stage=RevocationStage.DECIDED, plaque_due_on=rows.DAY),
    }
    for row in made_.values():
        file = rows.attachment(organisation=party.organisation)
        made.revocation_paper(revocation=row, attachment=file, added_by=clerk)
    return made_


def _revocation(party: Party, state: str = "", **fields: Any) -> Revocation:
    station = rows.station(
        operator=party.organisation, name=f"{party.word}第{rows.number()}取消站", document=party.station.document
    )
    row = made.revocation(station=station, facts=f"{party.word}的事实", **fields)
    if state:
        by = row.proposed_by
        row.review = rows.review(
            kind=Kind.REVOCATION, created_by=by, organisation=party.organisation, url_name="oversight:revocation",
            state=state, object_id=row.pk,
        )  # fmt: skip
        row.save()
    elif row.review is not None:
        type(row.review).objects.filter(pk=row.review.pk).update(object_id=row.pk)
    return row


def _moving(party: Party, clerk: User, state: str) -> ChangeReport:
    """A change of 承建单位 in this state of its review; each of a station of its own, because one is open at a time."""
    station = rows.station(operator=party.organisation, name=f"{party.word}移交中的站", document=party.station.document)
    review = rows.review(kind=Kind.CHANGE, created_by=party.user, url_name="oversight:change", state=state)
    change = made.change(
        id=review.object_id,
        number=review.number,
        station=station,
        kind=ChangeKind.OPERATOR,
        created_by=party.user,
        submitted_by=party.user,
        review=review,
        new_operator=rows.organisation(name=f"示例接收{rows.number()}号有限公司"),
        new={"unit": "示例接收有限公司", "liaison": f"{party.word}接收专人", "liaison_phone": "000"},
        credit_check="DOUBT",
        credit_note=OFFICE_MARK,
    )
    for slot in (ChangePaperSlot.FORM, ChangePaperSlot.PACT):
        made.change_paper(change=change, slot=slot, attachment=rows.attachment(organisation=party.organisation))
    made.unit_check(change=change, condition=UnitCondition.GENERAL, reason=OFFICE_MARK, by=clerk)
    return change


def _incoming(party: Party) -> ChangeReport:
    """Another unit's station that this party is asked to take over."""
    giver = rows.operator()
    return made.change(
        station=rows.station(operator=giver.organisation, document=party.station.document),
        kind=ChangeKind.OPERATOR,
        created_by=giver,
        submitted_by=giver,
        review=rows.review(kind=Kind.CHANGE, created_by=giver, url_name="oversight:change", state=State.SUBMITTED),
        new_operator=party.organisation,
        new={"unit": party.organisation.name},
    )


def grow(party: Party, clerk: User) -> None:
    """One more of everything a list of this room may show."""
    station, unit = party.station, party.organisation
    change = made.filed(station=station, created_by=party.user, kind=ChangeKind.ADDRESS, filed_by=clerk, on_time=False)
    made.change_paper(change=change, attachment=rows.attachment(organisation=unit))
    made.change_paper(change=party.change, slot=ChangePaperSlot.OTHER, attachment=rows.attachment(organisation=unit))
    late = made.filed(station=station, created_by=party.user, filed_by=clerk, on_time=False, handover_due_on=rows.DAY)
    type(late).objects.filter(pk=late.pk).update(effective_on=timezone.localdate())
    other = rows.station(operator=unit, name=f"{party.word}第{rows.number()}站", document=station.document)
    for place in (station, other):
        made.change(
            station=place,
            created_by=party.user,
            kind=ChangeKind.NAME if place == station else ChangeKind.HEAD,
            state=ChangeState.WITHDRAWN,
        )
        made.visit(station=place, lead=clerk, state=VisitState.PLANNED, planned=True, planned_on=rows.DAY)
        visit = made.visit(station=place, lead=clerk)
        for source in (visit, party.visit):
            found = made.finding(visit=source, station=source.station, raised_by=clerk, due_on=rows.DAY)
            made.finding(visit=source, station=source.station, raised_by=clerk, state=FindingState.ANSWERED)
        made.finding(change=party.filed_change, station=station, raised_by=clerk)
        made.rectification_paper(
            rectification=made.rectification(finding=found), attachment=rows.attachment(organisation=unit)
        )
        activity = made.activity(station=place, created_by=party.user, key=party.activity.key)
        made.organiser(activity=activity, station=place)
        made.activity(
            station=place,
            created_by=party.user,
            state=ActivityState.CONFIRMED,
            confirmed_by=clerk,
            confirmed_at=rows.NOW,
        )
    for stage in (RevocationStage.DRAFT, RevocationStage.PROPOSED, RevocationStage.NOTIFIED, RevocationStage.DECIDED):
        more = _revocation(party, stage=stage)
        for row in (more, party.revocation, party.revocation_own, party.revocation_screened, party.revocation_decided):
            made.revocation_paper(revocation=row, attachment=rows.attachment(organisation=unit))
    closed = {"stage": RevocationStage.WITHDRAWN, "grounds": [Ground.G1], "closing_reason": "测试"}
    made.revocation(station=station, proposed_by=party.user, **closed)
    made.change(station=other, created_by=party.user)
    made.visit_photo(visit=party.visit, attachment=rows.attachment(organisation=unit, content_type="image/png"))
    turn = party.answered_finding.rectifications.count() + 1
    made.rectification(
        finding=party.answered_finding,
        round=turn,
        passed=False,
        check_note="不够",
        checked_by=clerk,
        checked_at=rows.NOW,
    )
    made.organiser(activity=party.activity, station=other, position=party.activity.organisers.count() + 1)
    made.activity_paper(activity=party.activity, attachment=rows.attachment(organisation=unit))
