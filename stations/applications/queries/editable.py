"""What of a file a person may change now: everything in a draft, what was marked in a returned one, else nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.review.states import State
from stations.applications.enums import Channel, Slot, TargetKind
from stations.applications.fields import FIELDS, SITE_FIELD, SITE_TARGET, site_target, slot_target
from stations.applications.models import Application, SupplementNotice


@dataclass(frozen=True, slots=True)
class Editable:
    """Asked by every form, view and service of the file; an empty one says no to everything."""

    everything: bool = False
    fields: frozenset[str] = field(default_factory=frozenset)
    slots: frozenset[str] = field(default_factory=frozenset)
    rows: frozenset[uuid.UUID] = field(default_factory=frozenset)
    whole_roster: bool = False

    @property
    def any(self) -> bool:
        return self.everything or bool(self.fields or self.slots or self.rows or self.whole_roster)

    @property
    def roster(self) -> bool:
        """The roster as a whole: rows may be added, imported and removed."""
        return self.everything or self.whole_roster

    @property
    def sites(self) -> bool:
        """Sites may be added and removed."""
        return self.everything or "sites" in self.fields

    @property
    def form(self) -> bool:
        """Something of the application form itself."""
        return self.everything or bool(self.fields)

    def field(self, name: str) -> bool:
        """A field of 附件1, or `site:<uuid>:<field>`; a mark on “sites” unlocks every site."""
        if self.everything or name in self.fields:
            return True
        return SITE_TARGET.fullmatch(name) is not None and "sites" in self.fields

    def slot(self, slot: str, site_id: object | None = None) -> bool:
        """A slot of the materials; a mark on the slot unlocks it for every site, a new site brings its own papers."""
        if self.everything or slot in self.slots or slot_target(slot, site_id) in self.slots:
            return True
        return site_id is not None and "sites" in self.fields

    def row(self, delivery_id: uuid.UUID) -> bool:
        return self.roster or delivery_id in self.rows


NOTHING = Editable()
EVERYTHING = Editable(everything=True)


def latest_notice(application: Application) -> SupplementNotice | None:
    """The 补正通知书 that is being answered; a further one names only what came new (R-16)."""
    return application.supplement_notices.order_by("-round").first()


def may_act(application: Application, user: User) -> bool:
    """Whether this person works on the applicant's side of the file: the operator's people, or the clerk who entered
    it at the counter."""
    if user.role == Role.OPERATOR:
        return application.operator_id == user.organisation_id
    return (
        user.role == Role.CENTRE
        and application.channel == Channel.COUNTER
        and application.review.created_by_id == user.pk
    )


def editable(application: Application, user: User) -> Editable:
    """What this person may change now. `application.review` should be the row as it stands (locked, in a service)."""
    state = application.review.state
    if not may_act(application, user):
        return NOTHING
    if state == State.DRAFT:
        return EVERYTHING
    if state != State.RETURNED:
        return NOTHING
    notice = latest_notice(application)
    return of_marks(notice.defects.values_list("kind", "target")) if notice else NOTHING


def of_marks(marks: Iterable[tuple[str, str]]) -> Editable:
    """What a list of (kind, target) unlocks."""
    fields: set[str] = set()
    slots: set[str] = set()
    rows: set[uuid.UUID] = set()
    for kind, target in marks:
        if kind == TargetKind.FIELD:
            fields |= unlocked_by(target)
        elif kind == TargetKind.MATERIAL:
            slots.add(target)
        else:
            rows |= {uuid.UUID(target)} if _is_uuid(target) else set()
    whole = any(target.split(":")[0] == Slot.M5 for target in slots) or "roster" in fields
    return Editable(False, frozenset(fields), frozenset(slots), frozenset(rows), whole)


def unlocked_by(target: str) -> set[str]:
    """A marked field and those that only make sense together with it."""
    if site := SITE_TARGET.fullmatch(target):
        own = SITE_FIELD.get(site["field"])
        names = (site["field"], *(own.with_ if own else ()))
        return {site_target(site["site"], name) for name in names}
    own = FIELDS.get(target)
    return {target, *(own.with_ if own else ())}


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
