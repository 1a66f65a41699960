"""Rows of supervision that the database accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.review.states import Kind, State
from stations.oversight.enums import (
    ActivityKind,
    ActivityPaperSlot,
    ActivityRole,
    ChangeKind,
    ChangePaperSlot,
    ChangeSource,
    ChangeState,
    CheckResult,
    Ground,
    ReversalCause,
    RevocationPaperSlot,
    RevocationStage,
    UnitCondition,
    UnitVerdict,
    VisitKind,
    VisitState,
)
from stations.oversight.models import (
    Activity,
    ActivityOrganiser,
    ActivityPaper,
    ChangePaper,
    ChangeReport,
    Finding,
    Rectification,
    RectificationPaper,
    Revocation,
    RevocationPaper,
    UnitCheck,
    Visit,
    VisitCheck,
    VisitPhoto,
)
from tests import factories
from tests.meta import rows
from tests.meta.rows import DAY, LATER, NOW, _made, attachment, clerk, number


def change(**fields: Any) -> ChangeReport:
    """A change of 专人 that was reported; with `kind=OPERATOR` its review and the new unit stand beside it."""
    station = fields.pop("station", None) or rows.station()
    by = fields.pop("created_by", None) or factories.user(Role.OPERATOR, organisation=station.operator)
    values: dict[str, Any] = {
        "number": lambda: f"BB-330703-20230301-{number():03d}",
        "station": station,
        "operator": station.operator,
        "kind": ChangeKind.LIAISON,
        "old": {"姓名": "测试甲"},
        "new": {"姓名": "测试乙", "电话": "000-00000000"},
        "reason": "测试事由",
        "effective_on": DAY,
        "created_by": by,
    }
    if fields.get("source") == ChangeSource.FOUND:
        values |= {"state": ChangeState.FILED, "filed_by": clerk, "filed_at": NOW}
    else:
        values |= {"submitted_on": DAY - timedelta(days=1), "submitted_by": by, "on_time": True}
    if fields.get("kind") == ChangeKind.OPERATOR:
        values["new_operator"] = rows.organisation
        values["review"] = lambda: rows.review(kind=Kind.CHANGE, created_by=by, url_name="oversight:change")
    return _made(ChangeReport, values, fields)


def filed(**fields: Any) -> ChangeReport:
    return change(**{"state": ChangeState.FILED, "filed_by": clerk(), "filed_at": NOW, **fields})


def change_paper(**fields: Any) -> ChangePaper:
    return _made(
        ChangePaper,
        {"change": change, "slot": ChangePaperSlot.FORM, "attachment": attachment, "added_by": rows.operator},
        fields,
    )


def unit_check(**fields: Any) -> UnitCheck:
    return _made(
        UnitCheck,
        {
            "change": lambda: change(kind=ChangeKind.OPERATOR),
            "condition": UnitCondition.GENERAL,
            "verdict": UnitVerdict.MET,
            "by": clerk,
        },
        fields,
    )


def visit(**fields: Any) -> Visit:
    """A routine visit that has taken place, or one in another `state`."""
    person = fields.get("lead") or clerk()
    values: dict[str, Any] = {
        "number": lambda: f"ZF-330703-20230301-{number():03d}",
        "station": rows.station,
        "kind": VisitKind.ROUTINE,
        "state": VisitState.DONE,
        "lead": person,
        "created_by": person,
    }
    if fields.get("state", VisitState.DONE) == VisitState.DONE:
        values |= {"visited_on": DAY, "recorded_by": person, "recorded_at": NOW, "account": "测试情况"}
    return _made(Visit, values, fields)


def visit_check(**fields: Any) -> VisitCheck:
    return _made(VisitCheck, {"visit": visit, "line": "A2", "result": CheckResult.GOOD}, fields)


def visit_photo(**fields: Any) -> VisitPhoto:
    return _made(VisitPhoto, {"visit": visit, "attachment": attachment}, fields)


def finding(**fields: Any) -> Finding:
    source = {} if {"visit", "change"} & set(fields) else {"visit": visit()}
    origin = source.get("visit") or fields.get("visit") or fields.get("change")
    return _made(
        Finding,
        {
            **source,
            "station": origin.station if origin else rows.station,
            "text": "测试问题",
            "due_on": LATER,
            "raised_by": clerk,
        },
        fields,
    )


def rectification(**fields: Any) -> Rectification:
    return _made(
        Rectification,
        {
            "finding": finding,
            "round": 1,
            "text": "测试整改",
            "done_on": DAY,
            "submitted_by": rows.operator,
        },
        fields,
    )


def rectification_paper(**fields: Any) -> RectificationPaper:
    return _made(RectificationPaper, {"rectification": rectification, "attachment": attachment}, fields)


def activity(**fields: Any) -> Activity:
    return _made(
        Activity,
        {
            "station": rows.station,
            "name": "2023年示例县春季招聘会",
            "kind": ActivityKind.FAIR,
            "held_on": DAY,
            "place": "示例县人民广场",
            "key": lambda: f"测试活动{number()}",
            "created_by": rows.operator,
        },
        fields,
    )


def organiser(**fields: Any) -> ActivityOrganiser:
    return _made(
        ActivityOrganiser,
        {"activity": activity, "station": rows.station, "role": ActivityRole.HOST, "position": 1},
        fields,
    )


def activity_paper(**fields: Any) -> ActivityPaper:
    return _made(
        ActivityPaper,
        {"activity": activity, "slot": ActivityPaperSlot.PHOTO, "attachment": attachment, "added_by": rows.operator},
        fields,
    )


def revocation(**fields: Any) -> Revocation:
    """A proposal of the centre, or one in another `stage` with what that stage needs."""
    station = fields.pop("station", None) or rows.station()
    if callable(station):
        station = station()
    stage = fields.get("stage", RevocationStage.PROPOSED)
    own = fields.get("grounds") == [Ground.G1]
    by = fields.get("proposed_by") or (factories.user(Role.OPERATOR, organisation=station.operator) if own else clerk())
    values: dict[str, Any] = {
        "number": lambda: f"QX-330703-20230301-{number():03d}",
        "station": station,
        "operator": station.operator,
        "grounds": [Ground.G2],
        "facts": "测试事实",
        "created_by": by,
    }
    if stage not in {RevocationStage.DRAFT, RevocationStage.DROPPED}:
        values |= {"proposed_by": by, "proposed_on": DAY, "evidence": attachment}
    reviewed = {RevocationStage.REPORTED, RevocationStage.DECIDED, RevocationStage.REVERSED}
    if not own and stage in {RevocationStage.NOTIFIED, *reviewed}:
        values |= {"notified_by": by, "notified_on": DAY, "defence_until": DAY + timedelta(days=7)}
    if not own and stage in reviewed:
        values |= {"answer": "逾期未陈述申辩。", "answered_by": by, "answered_on": LATER}
    if stage in reviewed:
        state = State.SUBMITTED if stage == RevocationStage.REPORTED else State.APPROVED
        values["review"] = lambda: rows.review(
            kind=Kind.REVOCATION, created_by=by, organisation=station.operator, url_name="oversight:revocation",
            state=state,
        )  # fmt: skip
    if stage in {RevocationStage.DECIDED, RevocationStage.REVERSED}:
        values |= {"document": rows.document, "ban": rows.ban, "notice": rows.notice}
    return _made(Revocation, values, fields)


def decided_revocation(**fields: Any) -> Revocation:
    return revocation(**{"stage": RevocationStage.DECIDED, **fields})


def reversed_revocation(**fields: Any) -> Revocation:
    given = {
        "reversed_on": DAY,
        "reversed_by": clerk(),
        "reversal_cause": ReversalCause.COURT,
        "reversal_reason": "判决",
    }
    return revocation(**{"stage": RevocationStage.REVERSED, **given, **fields})


def revocation_paper(**fields: Any) -> RevocationPaper:
    return _made(
        RevocationPaper,
        {
            "revocation": revocation,
            "slot": RevocationPaperSlot.EVIDENCE,
            "attachment": attachment,
            "added_by": clerk,
        },
        fields,
    )
