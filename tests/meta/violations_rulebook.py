"""For each rule of 政策版本 that the database holds itself, the row it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.rulebook.enums import VersionState
from jinhua_labor.rulebook.models import Version
from tests.meta import rows
from tests.meta.rows import DAY, LATER, NOW
from tests.meta.rows_rulebook import confirmed, draft, extension, submitted, withdrawn

Make = Callable[..., Callable[[], Any]]


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "version_has_document": wrong(submitted, doc_no=""),
        "version_submitted_has_at": wrong(submitted, submitted_at=None),
        "version_says_when": wrong(submitted, valid_from=None),
        "version_extends": wrong(extension, effective_to=dt.date(2023, 12, 31)),
        "version_dates_in_order": wrong(draft, kind="SUCCESSOR", effective_to=LATER - timedelta(days=1)),
        "version_confirmed_whole": wrong(confirmed, confirmed_at=None),
        "version_two_persons": lambda: (lambda person: confirmed(drafted_by=person, confirmed_by=person))(
            rows.clerk(Role.BUREAU)
        ),
        "version_from_a_future_day": wrong(confirmed, valid_from=DAY),
        "version_document_first": wrong(confirmed, doc_date=DAY + timedelta(days=1)),
        "version_withdrawn_whole": wrong(withdrawn, withdrawn_reason=""),
        "version_withdrawn_by_another": lambda: (lambda person: withdrawn(drafted_by=person, withdrawn_by=person))(
            rows.clerk(Role.BUREAU)
        ),
        "version_withdrawn_in_time": wrong(withdrawn, withdrawn_on=LATER),
        "version_discarded_whole": wrong(draft, state=VersionState.DISCARDED),
        "version_code_once": twice(confirmed, code="JD-2099-1"),
    }


def by_trigger(changed: Make, removed: Make) -> dict[str, Callable[[], Any]]:
    return {
        "rulebook.Version:decided_kept": changed(confirmed, "changes", {}),
        "rulebook.Version:never_removed": removed(draft),
    }


KEPT: dict[str, Callable[[], Any]] = {
    "已确认的内容": lambda: _set(confirmed(), changes={}),
    "已确认的文号": lambda: _set(confirmed(), doc_no="测试人社〔2023〕999号"),
    "已确认的退回草稿": lambda: _set(confirmed(), state=VersionState.DRAFT),
    "待确认时的内容": lambda: _set(submitted(), changes={}),
    "草稿直接变为已确认": lambda: _set(draft(), state=VersionState.CONFIRMED),
    "已撤销的": lambda: _set(withdrawn(), note="改写"),
    "撤销时改写文号": lambda: _set(
        confirmed(),
        state=VersionState.WITHDRAWN,
        withdrawn_by=rows.clerk(Role.BUREAU),
        withdrawn_at=NOW,
        withdrawn_on=DAY,
        withdrawn_reason="理由",
        doc_no="测试人社〔2023〕999号",
    ),
}
"""What the trigger refuses: everything decided, and leaps between states."""


def _set(row: Version, **fields: Any) -> None:
    Version.objects.filter(pk=row.pk).update(**fields)
