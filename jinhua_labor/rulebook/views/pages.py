"""政策版本: what the bureau records over the notice. The bureau drafts and confirms, centre and auditor read."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.policy.load import assemble
from jinhua_labor.policy.types import Fault, PolicyError
from jinhua_labor.rulebook import rules, services
from jinhua_labor.rulebook.book import slice_on
from jinhua_labor.rulebook.enums import DECIDED, Kind, VersionState
from jinhua_labor.rulebook.forms import (
    PARTS,
    HeadForm,
    NoteForm,
    PartForm,
    ReasonForm,
    RevisionForm,
    StartForm,
    parts_of,
)
from jinhua_labor.rulebook.models import READERS, Version
from jinhua_labor.rulebook.queries import base_raw, before, draft_raw, faults_of, upcoming
from jinhua_labor.rulebook.words import PARAMETERS, SETTINGS, group_of

PAGE = 20
HEAD = ("subject", "decided_by", "doc_no", "doc_date", "valid_from", "effective_to", "note")


def status_of(refusal: Refused) -> int:
    return 409 if isinstance(refusal, Conflict) else 422


def fetch(request: UserRequest, pk: uuid.UUID) -> Version:
    rows = Version.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("drafted_by", "confirmed_by", "withdrawn_by", "discarded_by"), pk=pk)


@require_GET
@allow(*READERS)
def versions(request: UserRequest) -> HttpResponse:
    """政策版本: what holds today, what follows, and every record."""
    day = today()
    rows = Version.objects.visible_to(request.user).select_related("drafted_by", "confirmed_by")
    state = request.GET.get("state", "")
    if state in VersionState.values:
        rows = rows.filter(state=state)
    chips = [
        {"label": label, "url": f"?state={key}" if key else "?", "active": state == key}
        for key, label in (("", "全部"), *VersionState.choices)
    ]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "chips": chips,
        "held": slice_on(day),
        "confirmed": day <= slice_on(day).policy.effective_to,
        "upcoming": upcoming(day),
        "may_write": request.user.role == Role.BUREAU,
    }
    return render(request, "rulebook/list.html", context)


@require_http_methods(["GET", "POST"])
@allow(Role.BUREAU)
@keeps_typed()
def start(request: UserRequest) -> HttpResponse:
    """A new draft: which kind, about what."""
    form = StartForm(request.POST or None, initial={"key": uuid.uuid4(), "kind": Kind.READING})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = services.create(key=data["key"], kind=Kind(data["kind"]), subject=data["subject"], by=request.user)
        return redirect("rulebook:head", pk=made.pk)
    return render(request, "rulebook/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow(*READERS)
def version(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


def show(
    request: UserRequest,
    row: Version,
    *,
    refusal: Refused | None = None,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A record with what it changes, whether it passes the checks, and what this person may do now."""
    day, user = today(), request.user
    bureau, mine = user.role == Role.BUREAU, row.drafted_by_id == user.pk
    faults = told(row, faults_of(row, day)) if row.state not in {*DECIDED, VersionState.DISCARDED} else []
    may_withdraw = bureau and not mine and row.state == VersionState.CONFIRMED
    context = {
        "row": row,
        "tabs": _tabs(row, "", bureau and mine),
        "refusal": refusal,
        "faults": faults,
        "changes": changes_of(row, day),
        "mine": mine,
        "bureau": bureau,
        "step": RevisionForm(initial={"revision": row.revision}),
        "note_form": NoteForm(),
        "reason_form": ReasonForm(),
        "may_confirm": bureau and not mine and row.state == VersionState.SUBMITTED,
        "may_withdraw": may_withdraw and (row.kind == Kind.EXTENSION or row.ahead(day)),
        "standing": standing(row, day),
        **(forms or {}),
    }
    return render(request, "rulebook/version.html", context, status=status)


def standing(row: Version, day: dt.date) -> str:
    """未生效、施行中: what a confirmed record is on this day, in a word; empty otherwise."""
    if row.state != VersionState.CONFIRMED:
        return ""
    if row.ahead(day):
        return "未生效"
    if row.kind == Kind.EXTENSION:
        return "已生效"
    held = slice_on(day)
    in_force = row.code == held.base or any(record.code == row.code for record in held.readings)
    return "施行中" if in_force else "已失效"


def changes_of(row: Version, day: dt.date) -> list[dict[str, Any]]:
    """What it changes against the version before, with the page each stands on; also while it does not pass yet."""
    try:
        after = assemble(draft_raw(row, row.confirmed_on or day))
        found = rules.differences(before(row, row.confirmed_on or day).policy, after)
    except (PolicyError, LookupError):
        return []
    labels = {"head": "文号与日期", **{key: label for key, (label, _form) in PARTS.items()}}
    return [{"part": labels[change.part], "change": change} for change in found]


def told(row: Version, faults: tuple[Fault, ...]) -> list[dict[str, str]]:
    """Faults in words, each with the page where it is mended."""
    return [{"text": words_of(fault), "url": _where(row, fault)} for fault in faults]


def words_of(fault: Fault) -> str:
    """A fault as it is read: the parameter by its Chinese name."""
    section, _, name = fault.where.partition(".")
    label = PARAMETERS.get(name, SETTINGS.get(name, ("", "")))[0] if section in {"pv", "settings"} else ""
    message = fault.message.removeprefix(f"{fault.where}：")
    return f"{label}：{message}" if label else message


def _where(row: Version, fault: Fault) -> str:
    section, _, name = fault.where.partition(".")
    place = {"settings": "limits", "indicators": "bands", "tiers": "tiers", "articles": "text", "document": "text"}
    key = place.get(section, section)
    if section == "pv":
        group = group_of(name)
        key = group.key if group else "head"
    if "权重合计" in fault.message:
        key = "lines"
    if key in parts_of(row.kind):
        return reverse("rulebook:part", args=[row.pk, key])
    return reverse("rulebook:head", args=[row.pk])


def _tabs(row: Version, active: str, editing: bool) -> list[dict[str, Any]]:
    """The pages of a draft its drafter may edit; nobody else has any."""
    if not editing or row.state != VersionState.DRAFT:
        return []
    tabs = [
        {"label": "总览", "url": row.get_absolute_url(), "active": active == ""},
        {"label": "文号与日期", "url": reverse("rulebook:head", args=[row.pk]), "active": active == "head"},
    ]
    tabs += [
        {"label": label, "url": reverse("rulebook:part", args=[row.pk, key]), "active": active == key}
        for key, label in parts_of(row.kind).items()
    ]
    return tabs


def _editable(request: UserRequest, row: Version) -> Refused | None:
    """Why this person cannot edit it now; None when he may."""
    if row.state != VersionState.DRAFT:
        return Conflict(f"这一版本{row.get_state_display()}，不能修改。")
    if row.drafted_by_id != request.user.pk:
        return Refused(f"草稿由拟稿人{row.drafted_by.name}修改。")
    return None


@require_http_methods(["GET", "POST"])
@allow(Role.BUREAU)
@keeps_typed()
def head(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """文号与日期 of a draft."""
    row = fetch(request, pk)
    if refusal := _editable(request, row):
        return show(request, row, refusal=refusal, status=status_of(refusal))
    initial = {**{name: getattr(row, name) for name in HEAD}, "revision": row.revision}
    form = HeadForm(row.kind, request.POST or None, initial=initial)
    answer, refused = _save(request, form, lambda data: services.save_head(version_id=pk, by=request.user, **data))
    if answer:
        return answer
    return _edit(request, row, form, refused, "rulebook/head.html", "head")


@require_http_methods(["GET", "POST"])
@allow(Role.BUREAU)
@keeps_typed()
def part(request: UserRequest, pk: uuid.UUID, part: str) -> HttpResponse:
    """One page of parameters, lines, bands, tiers or texts of a draft."""
    row = fetch(request, pk)
    if part not in parts_of(row.kind):
        raise Http404
    if refusal := _editable(request, row):
        return show(request, row, refusal=refusal, status=status_of(refusal))
    day = today()
    held = before(row, day).policy
    form = PARTS[part][1](
        row.kind,
        held=held,
        raw=base_raw(row, day),
        now=draft_raw(row, day),
        revision=row.revision,
        data=request.POST or None,
    )

    def save(data: dict[str, Any]) -> Version:
        return services.save_part(version_id=pk, revision=data["revision"], part=form.part(), by=request.user)

    answer, refused = _save(request, form, save)
    if answer:
        return answer
    return _edit(request, row, form, refused, TEMPLATES.get(part, "rulebook/parameters.html"), part)


TEMPLATES = {
    "lines": "rulebook/lines.html",
    "bands": "rulebook/bands.html",
    "tiers": "rulebook/tiers.html",
    "text": "rulebook/text.html",
    "materials": "rulebook/materials.html",
}


def _save(
    request: UserRequest, form: HeadForm | PartForm, save: Callable[[dict[str, Any]], Version]
) -> tuple[HttpResponse | None, Refused | None]:
    if request.method != "POST" or not form.is_valid():
        return None, None
    try:
        kept = save(form.cleaned_data)
    except Refused as refusal:
        return None, refusal
    left = len(faults_of(kept, today()))
    messages.success(request, f"已保存；还有 {left} 项没有通过校验。" if left else "已保存，全部通过校验。")
    return redirect(request.path), None


def _edit(
    request: UserRequest, row: Version, form: Any, refusal: Refused | None, template: str, active: str
) -> HttpResponse:
    faults = faults_of(row, today())
    beside = {fault.where.partition(".")[2]: words_of(fault) for fault in faults}
    context = {
        "row": row,
        "form": form,
        "refusal": refusal,
        "tabs": _tabs(row, active, editing=True),
        "faults": told(row, faults),
        "beside": beside,
        "part": active,
        "label": {"head": "文号与日期", **parts_of(row.kind)}[active],
    }
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, template, context, status=status)
