"""For each rule of 委托协会检查 that the database holds itself, the row it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.meta.rows import DAY, LATER, NOW
from tests.meta.rows_assignments import assignment, ended_assignment, opinion

Make = Callable[..., Callable[[], Any]]


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "assignment_number_once": twice(assignment, number="WT-330703-20990101-001"),
        "assignment_ends_later": wrong(assignment, ends_on=DAY - timedelta(days=1)),
        "assignment_has_purpose": wrong(assignment, purpose=""),
        "assignment_ended_whole": wrong(assignment, ended_at=NOW),
        "opinion_number_once": twice(opinion, assignment=assignment),
        "opinion_has_text": wrong(opinion, text=""),
        "opinion_within_assignment": wrong(opinion, written_on=LATER + timedelta(days=1)),
    }


def by_trigger(changed: Make, removed: Make) -> dict[str, Callable[[], Any]]:
    return {
        "stations.Assignment:assigned_kept": changed(ended_assignment, "ends_on", LATER + timedelta(days=1)),
        "stations.Assignment:never_removed": removed(assignment),
        "stations.AssignmentOpinion:append_only": changed(opinion, "text", "伪造"),
    }
