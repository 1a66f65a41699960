"""只看改动: what of a file differs from what it was when the 补正通知书 went out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q

from jinhua_labor.core.dates import date_cn
from jinhua_labor.review.states import Action
from stations.applications.enums import Slot, TargetKind
from stations.applications.fields import FIELDS, SITE_FIELDS, SITE_TARGET, site_target, slot_target
from stations.applications.models import Application, Material, SupplementNotice
from stations.registry.models import Employer
from stations.roster.enums import EmploymentForm
from stations.roster.models import Delivery

from .targets import GONE, field_label, field_text, slot_label

ROWS_SHOWN = 200
"""Roster changes listed one by one; beyond it only their number is told."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    target: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SlotChange:
    """A slot whose files changed: what lay in it then and what lies in it now."""

    target: str
    label: str
    before: tuple[Material, ...]
    after: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A roster row added, removed or changed; `cells` are (label, before, after) of what differs."""

    kind: str
    seq: int
    name: str
    delivery_id: str
    text: str
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs since a notice."""

    notice: SupplementNotice
    fields: tuple[FieldChange, ...]
    slots: tuple[SlotChange, ...]
    rows: tuple[RowChange, ...]
    rows_total: int

    @property
    def any(self) -> bool:
        return bool(self.fields or self.slots or self.rows_total)


def form_texts(application: Application) -> dict[str, str]:
    """What every field of the form says, by target: kept with a RETURN, compared after the next SUBMIT."""
    texts = {name: field_text(application, name) for name in FIELDS}
    for site in application.sites.all():
        for field in SITE_FIELDS:
            target = site_target(site.pk, field.name)
            texts[target] = field_text(application, target)
    return texts


def changes(application: Application, notice: SupplementNotice) -> Changes:
    """Fields before and after, files replaced or added, roster rows added, removed and changed since the notice."""
    rows, total = _rows(application, notice)
    return Changes(notice, tuple(_fields(application, notice)), tuple(_slots(application, notice)), rows, total)


def renewed(application: Application, notice: SupplementNotice, marks: Iterable[tuple[str, str]]) -> set[str]:
    """Which of the marked places hold something newly supplied since the notice: a further one may name only these
    (R-16)."""
    fields = {change.target for change in _fields(application, notice)}
    slots = {change.target for change in _slots(application, notice)}
    rows: set[str] | None = None
    found = set()
    for kind, target in marks:
        if kind == TargetKind.FIELD and target not in ("roster", "sites"):
            fresh = target in fields
        elif kind == TargetKind.FIELD and target == "sites":
            fresh = any(SITE_TARGET.fullmatch(name) for name in fields)
        elif kind == TargetKind.MATERIAL and target != Slot.M5:
            fresh = target in slots or any(slot.startswith(f"{target}:") for slot in slots)
        else:
            rows = touched_rows(application, notice) if rows is None else rows
            fresh = target in rows if kind == TargetKind.ROW else bool(rows) or target in slots
        if fresh:
            found.add(target)
    return found


def touched_rows(application: Application, notice: SupplementNotice) -> set[str]:
    """Rows of the list that came, went or changed since the notice."""
    since = notice.issued_at
    new = application.roster_list.deliveries.filter(created_at__gt=since).values_list("pk", flat=True)
    old = _events(application, notice).values_list("pgh_obj_id", flat=True)
    return {str(pk) for pk in new} | {str(pk) for pk in old}


def _fields(application: Application, notice: SupplementNotice) -> Iterable[FieldChange]:
    before = _kept(application, notice)
    now = form_texts(application)
    for target in [*now, *(target for target in before if target not in now)]:
        then, text = before.get(target, ""), now.get(target, GONE)
        if then != text:
            yield FieldChange(target, field_label(application, target), then, text)


def _kept(application: Application, notice: SupplementNotice) -> dict[str, str]:
    event = application.review.events.filter(action=Action.RETURN, detail__notice=str(notice.pk)).first()
    return dict(event.detail.get("form", {})) if event else form_texts(application)


def _slots(application: Application, notice: SupplementNotice) -> Iterable[SlotChange]:
    since = notice.issued_at
    rows = application.materials.select_related("attachment").filter(
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=since)
    )
    slots: dict[str, list[Material]] = {}
    for row in rows:
        slots.setdefault(slot_target(row.slot, row.site_id), []).append(row)
    for target, files in slots.items():
        before = tuple(row for row in files if row.added_at <= since)
        after = tuple(row for row in files if row.superseded_at is None)
        if {row.pk for row in before} != {row.pk for row in after}:
            yield SlotChange(target, slot_label(application, target), before, after)


def _events(application: Application, notice: SupplementNotice):  # type: ignore[no-untyped-def]  # pghistory's model
    model = apps.get_model("stations", "DeliveryEvent")
    return model.objects.filter(roster_list=application.roster_list_id, pgh_created_at__gt=notice.issued_at)


def _rows(application: Application, notice: SupplementNotice) -> tuple[tuple[RowChange, ...], int]:
    """The first event after the notice holds what stood there then; the row itself is what stands there now."""
    since = notice.issued_at
    first: dict[str, Any] = {}
    for event in _events(application, notice).order_by("pgh_id"):
        first.setdefault(str(event.pgh_obj_id), event)
    then = {pk: event for pk, event in first.items() if event.created_at <= since}
    now = {
        str(row.pk): row
        for row in application.roster_list.deliveries.filter(Q(created_at__gt=since) | Q(pk__in=list(then)))
        .select_related("employer")
        .order_by("seq", "id")
    }
    names = dict(
        Employer.objects.filter(pk__in={event.employer_id for event in then.values()}).values_list("pk", "name")
    )
    found: list[RowChange] = []
    for pk, row in now.items():
        event = then.get(pk)
        if event is None:
            found.append(RowChange("added", row.seq, row.name, pk, _cells_text(_cells(row, row.employer.name))))
            continue
        before, after = _cells(event, names.get(event.employer_id, "")), _cells(row, row.employer.name)
        cells = tuple((label, old, new) for (label, old), (_, new) in zip(before, after, strict=True) if old != new)
        if str(event.person_id) != str(row.person_id):
            cells = (("身份证号", "已更正", f"**************{row.person.last4}"), *cells)
        if cells:
            found.append(RowChange("changed", row.seq, row.name, pk, "", cells))
    for pk, event in then.items():
        if pk not in now:
            text = _cells_text(_cells(event, names.get(event.employer_id, "")))
            found.append(RowChange("removed", event.seq, event.name, pk, text))
    return tuple(found[:ROWS_SHOWN]), len(found)


def _cells(row: Any, employer: str) -> list[tuple[str, str]]:
    return [
        ("姓名", row.name),
        ("户籍", row.hukou_text),
        ("入职企业", employer),
        ("入职时间", date_cn(row.entry_on)),
        ("用工形式", str(EmploymentForm(row.employment_form).label)),
        ("岗位", row.post),
        ("文化程度", row.education),
        ("技能等级", row.skill),
        ("证书编号", row.certificate_no),
        ("离职时间", date_cn(row.leave_on) if row.leave_on else ""),
    ]


def _cells_text(cells: list[tuple[str, str]]) -> str:
    return "，".join(text for _, text in cells[1:] if text)


def row_in_list(application: Application, target: str) -> Delivery | None:
    """The roster row a mark names, if it belongs to this file."""
    return application.roster_list.deliveries.filter(pk=target).first()
