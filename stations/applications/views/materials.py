"""材料: files into their slots, out of them, the unit's earlier papers again, paper copies at the counter."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from stations.applications.enums import Slot
from stations.applications.forms.steps import SlotForm
from stations.applications.queries.editable import editable
from stations.applications.queries.slots import materials as slots
from stations.applications.services import counter, materials

from .common import WRITERS, fetch, moved_on, to_tab
from .file import paper_form, show


@require_POST
@allow(*WRITERS)
def add(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Files into a slot: the good ones stay, each bad one is told with its reason on the same page."""
    application = fetch(request, pk)
    form = SlotForm(request.POST)
    if not form.is_valid():
        return show(request, application, tab="materials", status=422, refusal=Refused("请从页面上的材料栏上传文件。"))
    slot, site = Slot(form.cleaned_data["slot"]), form.cleaned_data["site"]
    try:
        outcomes = materials.add_files(
            application_id=pk,
            slot=slot,
            uploads=request.FILES.getlist("files"),
            by=request.user,
            site_id=site,
            replaces=form.cleaned_data["replaces"],
        )
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return show(request, application, tab="materials", status=422, upload_slot=_key(slot, site), refusal=refusal)
    good = [outcome for outcome in outcomes if outcome.material]
    if len(good) < len(outcomes):
        bad = [outcome for outcome in outcomes if not outcome.material]
        return show(
            request,
            fetch(request, pk),
            tab="materials",
            status=422,
            upload_slot=_key(slot, site),
            outcomes=bad,
            kept=good,
        )
    messages.success(request, f"已上传{len(good)}个文件。")
    return to_tab(application, "materials", f"slot-{_key(slot, site)}")


def _key(slot: Slot, site: uuid.UUID | None) -> str:
    return f"{slot}-{site}" if site else str(slot)


@require_POST
@allow(*WRITERS)
def remove(request: UserRequest, pk: uuid.UUID, material: uuid.UUID) -> HttpResponse:
    """移除: takes one file out of its slot."""
    application = fetch(request, pk)
    row = application.materials.filter(pk=material).select_related("attachment").first()  # gone afterwards
    try:
        materials.remove(application_id=pk, material_id=material, by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    if row:
        messages.success(request, f"已移除「{row.attachment.name}」。")
    return to_tab(application, "materials", f"slot-{_key(Slot(row.slot), row.site_id)}" if row else "")


@require_POST
@allow(*WRITERS)
def reuse(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """沿用上次的文件."""
    application = fetch(request, pk)
    form = SlotForm(request.POST)
    if not form.is_valid():
        return show(request, application, tab="materials", status=422, refusal=Refused("请从页面上的材料栏选择。"))
    slot = Slot(form.cleaned_data["slot"])
    try:
        count = materials.reuse(application_id=pk, slot=slot, by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    messages.success(request, f"已沿用上次的{count}个文件，请确认仍然有效。" if count else "这些文件已在这里。")
    return to_tab(application, "materials", f"slot-{slot}")


@require_POST
@allow(Role.CENTRE)
def paper(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """纸质材料: how many copies the counter received of each of the seven."""
    application = fetch(request, pk)
    views = slots(application, day=today(), allowed=editable(application, request.user))
    form = paper_form(views, request.POST)
    if not form.is_valid():
        return show(request, application, tab="materials", status=422, paper_form=form)
    try:
        counter.receive_paper(application_id=pk, copies=form.copies(), by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    messages.success(request, "已登记收到的纸质份数。")
    return to_tab(application, "materials", "paper")
