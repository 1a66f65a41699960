"""For each rule of 投诉 and 安全责任事故 that the database holds itself, the row it refuses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from stations.oversight.enums import AccidentState, ComplaintState, Verdict
from tests.meta.rows import DAY, NOW, clerk
from tests.meta.rows_safety import accident, complaint

Make = Callable[..., Callable[[], Any]]


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    def alone() -> None:
        person = clerk()
        accident(state=AccidentState.DECIDED, proposed_by=person, decided_by=person)

    return {
        "complaint_number_once": twice(complaint, number="TS-330703-20990101-001"),
        "complaint_form_once": twice(complaint, key=uuid.uuid4),
        "complaint_code_once": twice(complaint, code_digest=lambda: b"0" * 32),
        "complaint_named_or_anonymous": wrong(complaint, anonymous=True),
        "complaint_told_whole": wrong(complaint, state=ComplaintState.TOLD, told_how=""),
        "complaint_verified_whole": wrong(complaint, state=ComplaintState.VERIFIED, finding=""),
        "complaint_severe_is_verified": wrong(
            complaint, state=ComplaintState.VERIFIED, verdict=Verdict.NO, severe=True, against_rights="WORKER"
        ),
        "complaint_closed_whole": wrong(complaint, state=ComplaintState.CLOSED, reply=""),
        "complaint_transferred_whole": wrong(complaint, transferred_on=DAY),
        "complaint_answer_whole": wrong(complaint, answer="测试说明"),
        "complaint_days_in_order": wrong(complaint, state=ComplaintState.TOLD, told_on=DAY - timedelta(days=1)),
        "accident_number_once": twice(accident, number="SG-330703-20990101-001"),
        "accident_finding_has_basis": wrong(accident, state=AccidentState.PROPOSED, basis_file=None),
        "accident_decided_whole": wrong(accident, state=AccidentState.PROPOSED, decided_by=clerk, decided_at=NOW),
        "accident_found_by_two": alone,
        "accident_major_found_whole": wrong(
            accident, state=AccidentState.DECIDED, bureau_major_finding=True, bureau_by=clerk, bureau_at=NOW
        ),
    }
