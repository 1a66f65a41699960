"""Rows of 委托协会检查 that the database accepts."""

from __future__ import annotations

from typing import Any

from jinhua_labor.accounts.enums import Role
from stations.oversight.enums import SharedSection
from stations.oversight.models import Assignment, AssignmentOpinion
from tests import factories
from tests.meta import rows
from tests.meta.rows import DAY, LATER, NOW, _made, clerk, number


def assignment(**fields: Any) -> Assignment:
    """An assignment that lasts from DAY through LATER."""
    return _made(
        Assignment,
        {
            "number": lambda: f"WT-330703-20230301-{number():03d}",
            "station": rows.station,
            "organisation": lambda: factories.user(Role.ASSOCIATION).organisation,
            "purpose": "测试委托事项",
            "sections": lambda: list(SharedSection.values),
            "starts_on": DAY,
            "ends_on": LATER,
            "assigned_by": clerk,
        },
        fields,
    )


def ended_assignment(**fields: Any) -> Assignment:
    """One the centre ended before its end date."""
    values: dict[str, Any] = {"ended_at": NOW, "end_reason": "测试结束原因"}
    if "ended_by" not in fields:
        values["ended_by"] = clerk()
    return assignment(**{**values, **fields})


def opinion(**fields: Any) -> AssignmentOpinion:
    """An opinion handed in on the first day."""
    return _made(
        AssignmentOpinion,
        {
            "assignment": assignment,
            "number": 1,
            "text": "测试意见",
            "written_by": lambda: clerk(Role.ASSOCIATION),
            "written_on": DAY,
            "last_day": LATER,
        },
        fields,
    )
