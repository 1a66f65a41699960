"""Every write of the rulebook: drafted by one official of the bureau, confirmed by another, kept from then on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now, today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.policy.types import Fault
from jinhua_labor.rulebook import rules
from jinhua_labor.rulebook.book import forget_book, slice_on
from jinhua_labor.rulebook.enums import Kind, VersionState
from jinhua_labor.rulebook.models import Version
from jinhua_labor.rulebook.queries import before, faults_of, next_code

_LOCK = "rulebook"  # one confirmation after the other: each is checked against all that are confirmed


@transaction.atomic
def create(*, key: uuid.UUID, kind: Kind, subject: str, by: User) -> Version:
    """A draft over the notice in force; the same key gives the same draft. A successor takes over the readings."""
    _bureau(by)
    lock_name(f"{_LOCK}:{key}")
    if found := Version.objects.filter(pk=key).first():
        return found
    held = slice_on(today())
    changes = rules.merged(row.changes for row in held.readings) if kind is Kind.SUCCESSOR else {}
    version = Version.objects.create(
        id=key,
        kind=kind,
        base=held.base,
        subject=subject,
        decided_by=held.policy.document.issuer,
        changes=changes,
        drafted_by=by,
        drafted_at=now(),
    )
    record(by=by, action="policy.create", obj=version, detail={"kind": kind.value, "base": held.base})
    return version


@transaction.atomic
def save_head(
    *,
    version_id: uuid.UUID,
    revision: int,
    by: User,
    subject: str,
    note: str,
    decided_by: str,
    doc_no: str,
    doc_date: dt.date | None,
    valid_from: dt.date | None = None,
    effective_to: dt.date | None = None,
) -> Version:
    """文号与日期 of a draft. Conflict when it was changed since the page was shown."""
    version = _draft(version_id, by)
    fields: dict[str, Any] = {
        "subject": subject,
        "note": note,
        "decided_by": decided_by,
        "doc_no": doc_no,
        "doc_date": doc_date,
        "valid_from": None if version.kind == Kind.EXTENSION else valid_from,
        "effective_to": None if version.kind == Kind.READING else effective_to,
    }
    if fields["valid_from"] and fields["effective_to"] and fields["effective_to"] < fields["valid_from"]:
        raise Refused("截止日期不能早于施行日期。")
    changed = {name: value for name, value in fields.items() if getattr(version, name) != value}
    return _saved(version, revision, changed, by)


@transaction.atomic
def save_part(*, version_id: uuid.UUID, revision: int, part: Mapping[str, Any], by: User) -> Version:
    """One page of a draft (`rules.with_part`). What cannot be right yet is kept too: the draft's page says so, and it
    cannot be handed in. Conflict when the draft was changed since the page was shown."""
    version = _draft(version_id, by)
    if version.kind == Kind.EXTENSION:
        raise Refused("延期只改变截止日期，其他修改请另记解释口径或新文件。")
    changes = rules.with_part(version.changes, part)
    return _saved(version, revision, {"changes": changes} if changes != version.changes else {}, by)


@transaction.atomic
def submit(*, version_id: uuid.UUID, revision: int, by: User) -> Version:
    """提请确认: the draft as it stands goes to a second person. Refused with everything that is wrong."""
    version = _lock(version_id)
    _bureau(by)
    if version.state == VersionState.SUBMITTED and version.drafted_by_id == by.pk:
        return version
    _expect(version, VersionState.DRAFT)
    _own(version, by)
    _same(version, revision)
    _sound(version)
    if version.kind == Kind.EXTENSION:
        version.extends_from = before(version, today()).policy.effective_to
    version.state, version.submitted_at, version.returned_note = VersionState.SUBMITTED, now(), ""
    version.save()
    record(by=by, action="policy.submit", obj=version, detail=_said(version))
    return version


@transaction.atomic
def hand_back(*, version_id: uuid.UUID, note: str, by: User) -> Version:
    """退回修改 by the second person with a note; the drafter takes it back without one."""
    version = _lock(version_id)
    _bureau(by)
    _expect(version, VersionState.SUBMITTED)
    if version.drafted_by_id != by.pk and not note.strip():
        raise Refused("请写明退回修改的意见。")
    version.state, version.submitted_at, version.extends_from = VersionState.DRAFT, None, None
    version.returned_note = "" if version.drafted_by_id == by.pk else note.strip()
    version.save()
    record(by=by, action="policy.hand_back", obj=version, detail={"note": version.returned_note})
    return version


@transaction.atomic
def confirm(*, version_id: uuid.UUID, revision: int, by: User) -> Version:
    """确认 by a second official: it has effect from its day on, and is kept as it is.

    Checked once more against all that is confirmed. Refused to the drafter and when a check fails; Conflict when it is
    not waiting any more or another text than the one shown. The same person again gets the same result.
    """
    _bureau(by)
    lock_name(_LOCK)
    version = _lock(version_id)
    if version.state == VersionState.CONFIRMED and version.confirmed_by_id == by.pk and version.revision == revision:
        return version
    _expect(version, VersionState.SUBMITTED)
    if version.drafted_by_id == by.pk:
        raise Refused("拟稿人不能自己确认，请由区人社局另一位工作人员确认。")
    _same(version, revision)
    forget_book()  # what others confirmed a moment ago counts
    _sound(version)
    if version.kind == Kind.EXTENSION and version.extends_from != before(version, today()).policy.effective_to:
        raise Conflict("提请确认之后截止日期已经变动，请退回拟稿人核对。")
    version.state, version.code = VersionState.CONFIRMED, next_code(version)
    version.confirmed_by, version.confirmed_at, version.confirmed_on = by, now(), today()
    version.save()
    record(by=by, action="policy.confirm", obj=version, detail={**_said(version), "code": version.code})
    transaction.on_commit(forget_book)
    return version


@transaction.atomic
def discard(*, version_id: uuid.UUID, by: User) -> Version:
    """作废 of a draft, by anybody of the bureau; it stays on record."""
    version = _lock(version_id)
    _bureau(by)
    if version.state == VersionState.DISCARDED:
        return version
    _expect(version, VersionState.DRAFT)
    version.state, version.discarded_by, version.discarded_at = VersionState.DISCARDED, by, now()
    version.save()
    record(by=by, action="policy.discard", obj=version)
    return version


@transaction.atomic
def withdraw(*, version_id: uuid.UUID, reason: str, by: User) -> Version:
    """撤销 of what is confirmed: a reading or a successor before its day, an extension (recorded in error) at any time.

    By another than the drafter, with a reason. Nothing that was decided under it changes.
    """
    _bureau(by)
    lock_name(_LOCK)
    version = _lock(version_id)
    if version.state == VersionState.WITHDRAWN and version.withdrawn_by_id == by.pk:
        return version
    _expect(version, VersionState.CONFIRMED)
    day = today()
    if not reason.strip():
        raise Refused("请写明撤销的原因。")
    if version.drafted_by_id == by.pk:
        raise Refused("拟稿人不能自己撤销，请由区人社局另一位工作人员办理。")
    if version.kind != Kind.EXTENSION and not version.ahead(day):
        raise Refused("已经生效的口径和文件不能撤销，请记录新的口径或文件。")
    built_on = Version.objects.public().filter(base=version.code).exclude(pk=version.pk)
    if version.kind == Kind.SUCCESSOR and built_on.exists():
        raise Refused("已有确认的版本以这份文件为依据，请先撤销那些版本。")
    version.state, version.withdrawn_reason = VersionState.WITHDRAWN, reason.strip()
    version.withdrawn_by, version.withdrawn_at, version.withdrawn_on = by, now(), day
    version.save()
    record(by=by, action="policy.withdraw", obj=version, purpose=version.withdrawn_reason)
    transaction.on_commit(forget_book)
    return version


# --- what every step asks ---------------------------------------------------------------------------------------------


def _lock(version_id: uuid.UUID) -> Version:
    return Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version_id)


def _bureau(by: User) -> None:
    if by.role != Role.BUREAU:
        raise PermissionDenied


def _expect(version: Version, state: VersionState) -> None:
    if version.state != state:
        raise Conflict(f"这一版本{version.get_state_display()}，请刷新后再办。")


def _own(version: Version, by: User) -> None:
    if version.drafted_by_id != by.pk:
        raise Refused(f"草稿由拟稿人{version.drafted_by.name}修改和提请确认。")


def _same(version: Version, revision: int) -> None:
    if version.revision != revision:
        raise Conflict("打开页面之后草稿又有修改，请刷新后核对。")


def _draft(version_id: uuid.UUID, by: User) -> Version:
    version = _lock(version_id)
    _bureau(by)
    _expect(version, VersionState.DRAFT)
    _own(version, by)
    return version


def _saved(version: Version, revision: int, changed: Mapping[str, Any], by: User) -> Version:
    """The draft with the fields set; the same content again changes nothing and needs no fresh page."""
    if not changed:
        return version
    _same(version, revision)
    for name, value in changed.items():
        setattr(version, name, value)
    version.revision += 1
    version.save()
    record(by=by, action="policy.save", obj=version, detail={"fields": sorted(changed), "revision": version.revision})
    return version


def _sound(version: Version) -> None:
    if found := faults_of(version, today()):
        raise Refused("还有内容没有通过校验。", problems=tuple((_told(fault), "") for fault in found))


def _told(fault: Fault) -> str:
    return fault.message


def _said(version: Version) -> dict[str, Any]:
    """What the journal keeps of a record: what was decided by whom, from when, and every change."""
    return {
        "doc_no": version.doc_no,
        "doc_date": version.doc_date,
        "valid_from": version.valid_from,
        "effective_to": version.effective_to,
        "changes": version.changes,
        "revision": version.revision,
    }
