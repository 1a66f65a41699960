"""Rows of 投诉 and 安全责任事故 that the database accepts."""

from __future__ import annotations

import uuid
from typing import Any

from stations.oversight.enums import (
    AccidentBasis,
    AccidentGrade,
    AccidentState,
    ComplainantKind,
    ComplaintChannel,
    ComplaintState,
    Verdict,
)
from stations.oversight.models import Accident, Complaint
from stations.oversight.rules.codes import new_code
from tests.meta import rows
from tests.meta.rows import DAY, LATER, NOW, _made, attachment, clerk, number


def complaint(**fields: Any) -> Complaint:
    """A complaint in this `state`, with what the state asks for."""
    state = fields.get("state", ComplaintState.REGISTERED)
    values: dict[str, Any] = {
        "number": lambda: f"TS-330703-20230301-{number():03d}",
        "key": uuid.uuid4,
        "code_digest": lambda: new_code()[1],
        "station": rows.station,
        "received_on": DAY,
        "channel": ComplaintChannel.PHONE,
        "from_kind": ComplainantKind.WORKER,
        "from_name": "测试投诉人",
        "from_phone": "0579-82190009",
        "content": "测试投诉内容",
        "tell_by": LATER,
        "finish_by": LATER,
    }
    if state != ComplaintState.REGISTERED:
        values |= {"told_on": DAY, "told_by": clerk, "told_how": "电话告知", "shown": "测试反映的情况"}
    if state in (ComplaintState.VERIFIED, ComplaintState.CLOSED):
        values |= {"verdict": Verdict.YES, "verified_on": DAY, "verified_by": clerk, "finding": "测试结论"}
    if state == ComplaintState.CLOSED:
        values |= {"closed_on": DAY, "closed_by": clerk, "reply": "测试答复"}
    return _made(Complaint, values, fields)


def accident(**fields: Any) -> Accident:
    """An accident in this `state`; from PROPOSED on the station is responsible."""
    state = fields.get("state", AccidentState.REGISTERED)
    values: dict[str, Any] = {
        "number": lambda: f"SG-330703-20230301-{number():03d}",
        "station": rows.station,
        "happened_on": DAY,
        "place": "示例县示例路",
        "description": "测试经过",
        "created_by": clerk,
    }
    if state != AccidentState.REGISTERED:
        values |= {
            "responsible": True,
            "grade": AccidentGrade.ORDINARY,
            "basis": AccidentBasis.CENTRE,
            "basis_file": attachment,
            "basis_note": "测试理由",
            "proposed_by": clerk,
            "proposed_at": NOW,
        }
    if state == AccidentState.DECIDED:
        values |= {"decided_by": clerk, "decided_at": NOW}
    return _made(Accident, values, fields)
