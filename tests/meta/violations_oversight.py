"""For each rule of supervision that the database holds itself, the row it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from stations.oversight.enums import (
    ActivityState,
    ChangeKind,
    ChangeState,
    CheckResult,
    FindingState,
    Ground,
    RevocationStage,
    UnitCredit,
    UnitVerdict,
    VisitKind,
    VisitState,
)
from tests.meta import rows
from tests.meta.rows import DAY, LATER, NOW, clerk
from tests.meta.rows_oversight import (
    activity,
    change,
    decided_revocation,
    filed,
    finding,
    organiser,
    rectification,
    reversed_revocation,
    revocation,
    unit_check,
    visit,
    visit_check,
)

Make = Callable[..., Callable[[], Any]]


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {
        "stations.ChangeReport.review": twice(change, kind=ChangeKind.OPERATOR, review=rows.review),
        "stations.Revocation.review": twice(revocation, stage=RevocationStage.REPORTED, review=rows.review),
        "stations.Revocation.document": twice(decided_revocation, document=rows.document),
        "stations.Revocation.ban": twice(decided_revocation, ban=rows.ban),
        "stations.Revocation.notice": twice(decided_revocation, notice=rows.notice),
    }


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    def same_inspector() -> None:
        person = clerk()
        visit(lead=person, second=person)

    def to_itself() -> None:
        station = rows.station()
        change(kind=ChangeKind.OPERATOR, station=station, new_operator=station.operator)

    return {
        "revocation_number_once": twice(revocation, number="QX-330703-20990101-001"),
        "revocation_one_open": twice(revocation, station=rows.station),
        "revocation_one_draft": twice(revocation, station=rows.station, stage=RevocationStage.DRAFT),
        "revocation_has_ground": wrong(revocation, grounds=[]),
        "revocation_g1_alone": wrong(revocation, grounds=[Ground.G1, Ground.G2]),
        "revocation_has_evidence": wrong(revocation, evidence=None),
        "revocation_proposed_whole": wrong(revocation, proposed_on=None),
        "revocation_g5_verified": wrong(revocation, grounds=[Ground.G5], grave="COMPLAINT", finding="TS-1"),
        "revocation_notified_whole": wrong(
            revocation, stage=RevocationStage.NOTIFIED, defence_until=DAY - timedelta(days=1)
        ),
        "revocation_told_before": wrong(
            revocation, stage=RevocationStage.NOTIFIED, notified_by=None, notified_on=None, defence_until=None
        ),
        "revocation_statement_whole": wrong(revocation, statement="测试陈述"),
        "revocation_answer_whole": wrong(revocation, answer="测试处理"),
        "revocation_heard_before": wrong(
            revocation, stage=RevocationStage.REPORTED, answer="", answered_by=None, answered_on=None
        ),
        "revocation_is_reviewed": wrong(revocation, stage=RevocationStage.REPORTED, review=None),
        "revocation_decided_whole": wrong(decided_revocation, ban=None),
        "revocation_closed_has_reason": wrong(revocation, stage=RevocationStage.DISMISSED),
        "revocation_delivered_whole": wrong(revocation, delivered_on=DAY, delivered_by=clerk),
        "revocation_plaque_whole": wrong(decided_revocation, plaque_returned_on=DAY, plaque_returned_by=clerk),
        "revocation_reversed_whole": wrong(reversed_revocation, reversal_reason=""),
        "change_number_once": twice(change, number="BB-330703-20990101-001"),
        "change_one_open": twice(change, station=rows.station),
        "change_of_operator_is_reviewed": wrong(change, review=rows.review),
        "change_of_operator_names_another": to_itself,
        "change_reported_has_day": wrong(change, submitted_on=None, submitted_by=None),
        "change_filed_whole": wrong(change, state=ChangeState.FILED),
        "change_returned_has_reason": wrong(change, state=ChangeState.RETURNED),
        "change_applied_was_filed": wrong(filed, applied_on=DAY - timedelta(days=1)),
        "change_handover_signed": wrong(change, handover_on=DAY, handover_from="测试甲"),
        "change_accepted_whole": wrong(change, kind=ChangeKind.OPERATOR, accepted_at=NOW),
        "change_agreement_in_order": wrong(change, agreement_from=LATER, agreement_to=DAY),
        "change_credit_has_note": wrong(change, credit_check=UnitCredit.FOUND),
        "unit_check_once": twice(unit_check, change=lambda: change(kind=ChangeKind.OPERATOR)),
        "unit_check_unmet_has_reason": wrong(unit_check, verdict=UnitVerdict.UNMET),
        "visit_number_once": twice(visit, number="ZF-330703-20990101-001"),
        "visit_supervision_by_two": wrong(visit, kind=VisitKind.SUPERVISION),
        "visit_two_different_people": same_inspector,
        "visit_planned_has_day": wrong(visit, planned=True),
        "visit_done_whole": wrong(visit, visited_on=None),
        "visit_cancelled_has_reason": wrong(visit, state=VisitState.CANCELLED),
        "visit_check_once": twice(visit_check, visit=visit),
        "visit_check_problem_has_note": wrong(visit_check, result=CheckResult.PROBLEM),
        "finding_has_one_source": wrong(finding, visit=None),
        "finding_closed_has_at": wrong(finding, state=FindingState.CLOSED),
        "rectification_round_once": twice(
            rectification, finding=finding, passed=True, checked_by=clerk, checked_at=NOW
        ),
        "rectification_one_unchecked": lambda: [
            rectification(finding=one, round=turn) for one in [finding()] for turn in (1, 2)
        ],
        "rectification_checked_whole": wrong(rectification, passed=True),
        "rectification_failed_has_note": wrong(rectification, passed=False, checked_by=clerk, checked_at=NOW),
        "activity_confirmed_whole": wrong(activity, state=ActivityState.CONFIRMED),
        "activity_returned_has_reason": wrong(activity, state=ActivityState.RETURNED),
        "organiser_once": lambda: [
            organiser(activity=one, station=place, position=turn)
            for one, place in [(activity(), rows.station())]
            for turn in (1, 2)
        ],
        "organiser_position_once": twice(organiser, activity=activity),
    }
