"""附件1 as the template draws it: blocks of cells, each open for typing or shown as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import BoundField

from stations.applications.fields import SITE_FIELDS, Group, site_target
from stations.applications.queries.editable import Editable
from stations.applications.queries.progress import Item, Progress
from stations.applications.queries.targets import value_text

from .annex1 import Sheet, SiteForm


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: open for typing or shown as text, with the defects that mark it and a conflict if there is one."""

    field: BoundField
    open: bool
    text: str
    required: bool
    marks: tuple[Item, ...] = ()
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    key: str
    title: str
    hint: str
    rows: list[list[Cell]]

    @property
    def single(self) -> bool:
        """One field alone needs no heading beside its own label."""
        return len(self.rows) == 1 and len(self.rows[0]) == 1


def blocks(
    sheet: Sheet,
    groups: tuple[Group, ...],
    allowed: Editable,
    told: Progress | None,
    conflicts: Mapping[str, str] | None = None,
) -> list[Block]:
    """The groups of the form as rows of cells."""
    form, row = sheet.main, sheet.application
    return [
        Block(
            group.key,
            group.title,
            group.hint,
            [
                [
                    Cell(
                        form[field.name],
                        allowed.field(field.name),
                        value_text(row, field.name),
                        field.required,
                        tuple(told.of_field({field.name})) if told else (),
                        (conflicts or {}).get(field.name),
                    )
                    for field in line
                ]
                for line in group.rows
            ],
        )
        for group in groups
    ]


def site_cells(
    form: SiteForm, allowed: Editable, told: Progress | None, conflicts: Mapping[str, str] | None = None
) -> dict[str, Cell]:
    """The fields of a site by name."""
    cells = {}
    for field in SITE_FIELDS:
        if field.name not in form.fields:
            continue
        target = site_target(form.site.pk, field.name)
        cells[field.name] = Cell(
            form[field.name],
            allowed.field(target),
            value_text(form.site, field.name),
            field.required,
            tuple(told.of_field({target})) if told else (),
            (conflicts or {}).get(target),
        )
    return cells
