"""What became of a station's row, told in words: its kept versions, the reasons beside them, what was settled."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.registry.models import Employer
from stations.roster.enums import CorrectionKind, EmploymentForm, LeaveReason
from stations.roster.models import Person, RowCorrection

from .one import Change, history

if TYPE_CHECKING:
    from stations.roster.models import Delivery

_TOLD = (
    ("name", "姓名"),
    ("person_id", "身份证后四位"),
    ("hukou_text", "户籍"),
    ("employer_id", "入职企业"),
    ("entry_on", "入职时间"),
    ("employment_form", "用工形式"),
    ("contract_employer_code", "合同用人单位"),
    ("post", "岗位"),
    ("education", "文化程度"),
    ("skill", "技能等级"),
    ("certificate_no", "证书编号"),
    ("leave_on", "离职时间"),
    ("leave_reason", "离职原因"),
)
_TITLES = {CorrectionKind.CORRECT: "更正", CorrectionKind.ADD: "补录", CorrectionKind.LEAVE: "离职登记"}
LIMIT = 100


def told(row: Delivery, viewer: User) -> list[Change]:
    """The life of a row, oldest first, from what the database kept of it; the offices also read who looked at it."""
    versions = list(_events(row))
    corrections: dict[dt.datetime, list[RowCorrection]] = defaultdict(list)  # by their transaction, like the versions
    for one in row.corrections.select_related("by__organisation"):
        corrections[one.at].append(one)
    words = _Words(versions)
    actors = _actors(versions)
    found = [Change("登记入册", row.created_at, "", "")]
    states: Sequence[Any] = [*versions, row]
    for before, after in zip(versions, states[1:], strict=True):
        text = "；".join(
            f"{label}：{words.of(name, before)} → {words.of(name, after)}"
            for name, label in _TOLD
            if getattr(before, name) != getattr(after, name)
        )
        beside = corrections[before.pgh_created_at]
        correction = beside.pop(0) if beside else None
        if not text and correction is None:
            if before.station_id is None and after.station_id is not None:
                found.append(Change("归入工作站", before.pgh_created_at, "", ""))
            continue
        title = _TITLES[CorrectionKind(correction.kind)] if correction is not None else "更正"
        by = correction.by if correction is not None else actors.get(_actor_of(before))
        reason = f"（{correction.reason}）" if correction is not None else ""
        found.append(Change(title, before.pgh_created_at, _name(by, viewer), text + reason))
    # What is left came without a change of the row: it was added with them.
    found += [
        Change(_TITLES[CorrectionKind(one.kind)], one.at, _name(one.by, viewer), one.reason)
        for rest in corrections.values()
        for one in rest
    ]
    if viewer.role != Role.OPERATOR:
        found += [one for one in history(row) if one.title not in ("更正", "添加")]
    return sorted(found, key=lambda one: one.at)


def _events(row: Delivery) -> Any:
    model = apps.get_model("stations", "DeliveryEvent")
    return model.objects.filter(pgh_obj=row.pk).select_related("pgh_context").order_by("pgh_id")[:LIMIT]


def _actor_of(event: Any) -> str:
    context = event.pgh_context
    return str(context.metadata.get("user") or "") if context is not None else ""


def _actors(events: Sequence[Model]) -> dict[str, User]:
    keys = {key for event in events if (key := _actor_of(event))}
    return {str(user.pk): user for user in User.objects.filter(pk__in=keys).select_related("organisation")}


def _name(user: User | None, viewer: User) -> str:
    """Colleagues read names; an operator reads of the offices which one it was."""
    if user is None:
        return ""
    if viewer.role == Role.OPERATOR and user.organisation_id != viewer.organisation_id:
        return user.organisation.name if user.organisation is not None else ""
    return user.name


class _Words:
    """Values of a row as people read them; the employers and persons named are looked up once."""

    def __init__(self, versions: Sequence[Any]) -> None:
        employers = {version.employer_id for version in versions}
        persons = {version.person_id for version in versions}
        self._employers = dict(Employer.objects.filter(pk__in=employers).values_list("pk", "name"))
        self._persons = dict(Person.objects.filter(pk__in=persons).values_list("pk", "last4"))

    def of(self, name: str, version: Any) -> str:
        value = getattr(version, name)
        if name == "employer_id":
            return self._employers.get(value) or version.employer.name
        if name == "person_id":
            return self._persons.get(value) or version.person.last4
        if name == "employment_form":
            return str(EmploymentForm(value).label)
        if name == "leave_reason":
            return str(LeaveReason(value).label) if value else "空"
        if isinstance(value, dt.date):
            return value.isoformat()
        return value or "空"
