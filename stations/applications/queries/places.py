"""The file as a reviewer walks through it: every place that can be marked, what stands there, and its papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse

from stations.applications.enums import Slot, TargetKind
from stations.applications.fields import GROUPS, full_label, site_fields, site_target, slot_target
from stations.applications.models import Application, Defect, Material
from stations.roster.enums import CountStatus, ReasonCode
from stations.roster.models import Delivery

from .slots import SECRET, MaterialView, SlotView
from .targets import site_label, value_text

ROWS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """One place: `mark` is what the tray says about it, `told` what earlier notices said, `changed` since the last."""

    kind: str
    target: str
    label: str
    value: str = ""
    short: str = ""  # the label under its block's title
    mark: Defect | None = None
    told: tuple[Defect, ...] = ()
    changed: bool = False

    @property
    def uid(self) -> str:
        """Its id on the page."""
        return self.target.replace(":", "-")


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class SlotPlace:
    view: SlotView
    place: Place


@dataclass(frozen=True, slots=True)
class MaterialPlaces:
    view: MaterialView
    slots: tuple[SlotPlace, ...]


@dataclass(frozen=True, slots=True)
class RowPlace:
    row: Delivery
    place: Place
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the viewer; `kind` is image or page. Papers of identity have no picture here (`url` empty)."""

    pk: str
    label: str
    url: str
    kind: str
    page_url: str
    open_url: str
    defects: int = 0


class Marks:
    """All marks of a file by place: those in the tray and those of earlier notices. One query."""

    def __init__(self, application: Application, changed: Iterable[str] = ()) -> None:
        self.tray: dict[tuple[str, str], Defect] = {}
        self.told: dict[tuple[str, str], list[Defect]] = {}
        self.changed = set(changed)
        for defect in application.defects.select_related("marked_by", "notice"):
            key = (defect.kind, defect.target)
            if defect.notice_id is None:
                self.tray[key] = defect
            else:
                self.told.setdefault(key, []).append(defect)

    def place(self, kind: str, target: str, label: str, value: str = "", *, short: str = "") -> Place:
        key = (kind, target)
        told = tuple(self.told.get(key, ()))
        return Place(kind, target, label, value, short or label, self.tray.get(key), told, target in self.changed)


def blocks(application: Application, marks: Marks) -> list[Block]:
    """附件1 and what stands beside it in the notice's order, then the sites."""
    found = [
        Block(
            group.title,
            tuple(
                marks.place(
                    TargetKind.FIELD,
                    field.name,
                    full_label(field.name),
                    value_text(application, field.name) or "—",
                    short=field.label,
                )
                for field in group.fields
            ),
        )
        for group in GROUPS
    ]
    for site in application.sites.all():
        title = site_label(application, site)
        places = tuple(
            marks.place(
                TargetKind.FIELD, site_target(site.pk, field.name), field.label, value_text(site, field.name) or "—"
            )
            for field in site_fields(site.side)
        )
        found.append(Block(title, places))
    return found


def material_places(views: Iterable[MaterialView], marks: Marks) -> list[MaterialPlaces]:
    return [
        MaterialPlaces(
            view,
            tuple(
                SlotPlace(
                    slot,
                    marks.place(
                        TargetKind.MATERIAL, slot_target(slot.slot, slot.site.pk if slot.site else None), slot.title
                    ),
                )
                for slot in view.slots
            ),
        )
        for view in views
    ]


def papers(application: Application, materials: Iterable[MaterialPlaces]) -> list[Paper]:
    """Every file in the order of the materials, for the viewer."""
    page = reverse("applications:review", args=[application.pk])
    found = []
    for material in materials:
        for slot in material.slots:
            many = len(slot.view.files) > 1
            for number, row in enumerate(slot.view.files, 1):
                label = f"{slot.view.title}{f'（{number}）' if many else ''}"
                found.append(paper(row, label, page_url=f"{page}?paper={row.pk}#papers", marked=bool(slot.place.mark)))
    return found


def paper(row: Material, label: str, *, page_url: str = "", marked: bool = False) -> Paper:
    file = row.attachment
    secret = row.slot in SECRET or file.secret
    url = reverse("attachments:preview", args=[file.pk]) if file.can_preview and not secret else ""
    open_url = reverse("attachments:open" if secret else "attachments:download", args=[file.pk])
    kind = "image" if file.is_image else "page"
    return Paper(str(row.pk), label, url, kind, page_url, open_url, int(marked))


def row_places(rows: QuerySet[Delivery], marks: Marks, *, status: str, words: str, page: str) -> Page[RowPlace]:
    """One page of the roster as stored, narrowed by status and by name or employer."""
    if status in CountStatus.values:
        rows = rows.filter(status=status)
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(employer__name__icontains=words)
    found = Paginator(rows.select_related("person", "employer").order_by("seq", "id"), ROWS).get_page(page)
    found.object_list = [
        RowPlace(
            row,
            marks.place(TargetKind.ROW, str(row.pk), f"序号 {row.seq} {row.name}"),
            tuple(f"{code} {ReasonCode(code).label}" for code in row.codes),
        )
        for row in found.object_list
    ]
    return found


WHOLE_ROSTER = (TargetKind.MATERIAL, Slot.M5)
"""The mark that opens the whole list again."""
