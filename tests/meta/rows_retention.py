"""Rows of 留用统计 and of recounts that the database accepts, beside those of `rows`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from stations.roster.enums import CountStatus, RecountCause, RetentionResult, RetentionSource
from stations.roster.models import Headcount, Recount, RecountChange, RetentionCheck, RetentionCorrection
from tests.meta import rows
from tests.meta.rows import DAY, LATER, clerk, delivery, employer, operator


def retention_check(**fields: Any) -> RetentionCheck:
    return rows._made(RetentionCheck, {"delivery": delivery, "check_on": DAY, "due_on": LATER}, fields)


def answered_check(**fields: Any) -> RetentionCheck:
    """A check the station has answered: locked."""
    values = {
        "result": RetentionResult.RETAINED,
        "employer_on_check": employer,
        "source": RetentionSource.STATION,
        "checked_by": operator,
        "checked_at": timezone.now,
        "locked": True,
    }
    made = {name: value() if callable(value) and name not in fields else value for name, value in values.items()}
    return retention_check(**{**made, **fields})


def retention_correction(**fields: Any) -> RetentionCorrection:
    return rows._made(
        RetentionCorrection,
        {
            "retention": answered_check,
            "number": 1,
            "before_result": RetentionResult.RETAINED,
            "after_result": RetentionResult.LEFT,
            "reason": "企业来函说明",
            "by": clerk,
        },
        fields,
    )


def headcount(**fields: Any) -> Headcount:
    return rows._made(Headcount, {"as_of": timezone.now, "people": 0}, fields)


def recount(**fields: Any) -> Recount:
    return rows._made(
        Recount, {"cause": RecountCause.ASKED, "as_of": DAY, "policy_version": "2021-14", "by": clerk}, fields
    )


def recount_change(**fields: Any) -> RecountChange:
    return rows._made(
        RecountChange,
        {
            "recount": recount,
            "delivery": delivery,
            "before_status": CountStatus.PENDING,
            "before_codes": ["E10"],
            "after_status": CountStatus.COUNTED,
        },
        fields,
    )
