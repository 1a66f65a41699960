"""What of a 补正通知书 is answered, and where the rest is mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q
from django.urls import reverse

from stations.applications.enums import Slot, TargetKind
from stations.applications.models import Application, Defect, SupplementNotice

from .completeness import anchor
from .editable import latest_notice
from .targets import current_text


@dataclass(frozen=True, slots=True)
class Item:
    """One defect as the applicant sees it."""

    defect: Defect
    done: bool
    url: str
    now: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The notice being answered: 「3/5 已改」."""

    notice: SupplementNotice
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def complete(self) -> bool:
        return self.done == self.total

    @property
    def open_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.done)

    def of_field(self, names: object) -> list[Item]:
        return [item for item in self.items if item.defect.kind == TargetKind.FIELD and item.defect.target in names]  # type: ignore[operator]

    def of_slot(self, target: str) -> list[Item]:
        return [item for item in self.items if item.defect.kind == TargetKind.MATERIAL and item.defect.target == target]


def progress(application: Application) -> Progress | None:
    """How far the latest 补正通知书 is answered; None when there never was one."""
    notice = latest_notice(application)
    if notice is None:
        return None
    items = tuple(_item(application, notice, defect) for defect in notice.defects.all())
    return Progress(notice, items)


def _item(application: Application, notice: SupplementNotice, defect: Defect) -> Item:
    now = current_text(application, defect.kind, defect.target)
    done = bool(defect.answer) or is_changed(application, notice, defect, now=now)
    return Item(defect, done, where(application, defect), now)


def where(application: Application, defect: Defect) -> str:
    """The address of the place a defect marks."""
    if defect.kind == TargetKind.ROW:
        there = application.roster_list.deliveries.filter(pk=defect.target).exists()
        return reverse("roster:row", args=[defect.target]) if there else anchor(application, "roster")
    return anchor(application, defect.target)


def is_changed(application: Application, notice: SupplementNotice, defect: Defect, *, now: str | None = None) -> bool:
    """Whether the marked place changed after the notice: another value, a file added or replaced, a row touched."""
    if defect.kind == TargetKind.MATERIAL:
        slot, _, site = defect.target.partition(":")
        rows = application.materials.filter(slot=slot, **({"site": site} if site else {}))
        since = notice.issued_at
        if rows.filter(Q(added_at__gt=since) | Q(superseded_at__gt=since)).exists():
            return True
        return slot == Slot.M5 and roster_touched(application, notice.issued_at)
    if defect.kind == TargetKind.FIELD and defect.target == "roster":
        return roster_touched(application, notice.issued_at)
    text = current_text(application, defect.kind, defect.target) if now is None else now
    if text != defect.before:
        return True
    return (
        defect.kind == TargetKind.ROW
        and _history(application).filter(pgh_obj_id=defect.target, pgh_created_at__gt=notice.issued_at).exists()
    )


def promise_stands(application: Application) -> bool:
    """Whether the unit's promise on a counter file still covers what it promised: no row has changed since (R-14).

    A clerk's change of form and papers voids the promise itself; the roster's room below cannot do that.
    """
    given = application.pledged_at
    return given is not None and not roster_touched(application, given)


def roster_touched(application: Application, since: dt.datetime) -> bool:
    """Whether a row of the file's roster was added, changed or removed after this moment."""
    new = application.roster_list.deliveries.filter(created_at__gt=since)
    return new.exists() or _history(application).filter(pgh_created_at__gt=since).exists()


def _history(application: Application):  # type: ignore[no-untyped-def]  # the event model is made by pghistory
    return apps.get_model("stations", "DeliveryEvent").objects.filter(roster_list=application.roster_list_id)
