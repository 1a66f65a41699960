"""附件1: begin, save field by field or as a whole, add and remove sites."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.text import TextError, clean_text
from stations.applications.enums import Side
from stations.applications.fields import SITE_TARGET
from stations.applications.forms.annex1 import Sheet, single
from stations.applications.models import Application
from stations.applications.queries.facts import intake_closed
from stations.applications.queries.standing import standing
from stations.applications.queries.targets import value_text
from stations.applications.services import answers, draft

from .common import WRITERS, fetch, moved_on, to_tab
from .file import show


@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def start(request: UserRequest) -> HttpResponse:
    """我要申请: tells what is needed and who is barred; POST opens the draft, the existing one if there is one."""
    operator = request.user.organisation
    context = {"standing": standing(operator, day=today()), "closed": intake_closed(today())}
    if request.method == "POST":
        try:
            application, new = draft.start(operator=operator, by=request.user)
        except Refused as refusal:
            return render(request, "applications/start.html", {**context, "refusal": refusal}, status=422)
        if new:
            messages.success(request, "已新建申请草稿，单位以前填过的内容已经带入，请核对。")
        return redirect(application)
    return render(request, "applications/start.html", context)


@require_POST
@allow(*WRITERS)
def autosave(request: UserRequest, pk: uuid.UUID) -> JsonResponse:
    """One field: {field, value, previous} → 200 {saved_at, value} | 409 {current, message} | 422 {message}."""
    application = fetch(request, pk)
    name, value = request.POST.get("field", ""), request.POST.get("value", "")
    try:
        change = single(application, name, value, request.POST.get("previous", ""))
        if change is None:
            return JsonResponse({"message": "该工作地点已被移除，请刷新页面。"}, status=422)
        saved = draft.save_fields(application_id=pk, changes=dict([change]), by=request.user)
    except ValidationError as error:
        return JsonResponse({"message": " ".join(error.messages)}, status=422)
    except Conflict as conflict:
        return JsonResponse({"message": conflict.message, "current": shown(application, name)}, status=409)
    except PermissionDenied:
        return JsonResponse({"message": "这一栏不在补正范围内，不能修改。"}, status=403)
    target, new = change
    if target in saved.conflicts:
        current = as_text(saved.conflicts[target])
        return JsonResponse({"message": "这一栏刚被他人改动。", "current": current}, status=409)
    if target in saved.refused:
        return JsonResponse({"message": saved.refused[target]}, status=422)
    now = timezone.localtime()
    return JsonResponse({"saved_at": f"{now:%H:%M}", "value": as_text(new.value)})


def as_text(value: object) -> str:
    """A stored value as the page's field holds it."""
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def shown(application: Application, name: str) -> str:
    """What a field says now, for a conflict about the whole file."""
    return as_text(getattr(Application.objects.get(pk=application.pk), name, ""))


@keeps_typed(page="applications:file")
@require_POST
@allow(*WRITERS)
def save(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The plain 保存 button: the whole form; what is well-formed is saved, the rest comes back with what was typed."""
    application = fetch(request, pk)
    failed = _save(request, application)
    if failed is not None:
        return failed
    messages.success(request, f"已保存 {timezone.localtime():%H:%M}")
    return to_tab(application, "form")


def _save(request: UserRequest, application: Application) -> HttpResponse | None:
    """Saves the posted form; the page to answer with when something could not be saved, else None."""
    sheet = Sheet.of(application, request.POST)
    changes = sheet.changes(request.POST.get("before", ""))
    if not changes and not any(form.errors for form in sheet.every):
        return None
    try:
        saved = draft.save_fields(application_id=application.pk, changes=changes, by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    for target, message in saved.refused.items():
        form, name = _form_of(sheet, target)
        form.add_error(name, message)
    if saved.conflicts or any(form.errors for form in sheet.every):
        fresh = fetch(request, application.pk)
        again = Sheet.of(fresh).again(request.POST)
        for old, new in zip(sheet.every, again.every, strict=False):
            new._errors = old.errors  # keeps what the service refused beside what the form did
        conflicts = {target: _now(fresh, target) for target in saved.conflicts}
        status = 409 if saved.conflicts else 422
        return show(request, fresh, tab="form", status=status, sheet=again, conflicts=conflicts)
    return None


def _form_of(sheet: Sheet, target: str):  # type: ignore[no-untyped-def]  # one of two form classes and a field's name
    if match := SITE_TARGET.fullmatch(target):
        return next(form for form in sheet.sites if str(form.site.pk) == match["site"]), match["field"]
    return sheet.main, target


def _now(application: Application, target: str) -> str:
    if match := SITE_TARGET.fullmatch(target):
        site = next((site for site in application.sites.all() if str(site.pk) == match["site"]), None)
        return value_text(site, match["field"]) if site else ""
    return value_text(application, target)


@keeps_typed(page="applications:file")
@require_POST
@allow(*WRITERS)
def add_site(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """添加工作地点: keeps what was typed on the page, then adds one."""
    application = fetch(request, pk)
    failed = _save(request, application)
    if failed is not None:
        return failed
    side = request.POST.get("side", "")
    try:
        site = draft.add_site(application_id=pk, side=Side(side) if side in Side.values else Side.AREA, by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return show(request, application, tab="form", status=422, refusal=refusal)
    return to_tab(application, "form", f"site-{site.pk}")


@keeps_typed(page="applications:file")
@require_POST
@allow(*WRITERS)
def remove_site(request: UserRequest, pk: uuid.UUID, site: uuid.UUID) -> HttpResponse:
    """移除工作地点: keeps what was typed elsewhere on the page, then takes this one off."""
    application = fetch(request, pk)
    failed = _save(request, application)
    if failed is not None and failed.status_code == 409:
        return failed
    try:
        draft.remove_site(application_id=pk, site_id=site, by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return show(request, application, tab="form", status=422, refusal=refusal)
    messages.success(request, "已移除工作地点及其尚未提交的照片和证明。")
    return to_tab(application, "form", "sites")


@require_POST
@allow(*WRITERS)
def explain(request: UserRequest, pk: uuid.UUID, defect: uuid.UUID) -> HttpResponse:
    """情况说明: answers a defect in words where nothing can be changed."""
    application = fetch(request, pk)
    try:
        text = clean_text(request.POST.get("answer", ""), max_length=200)
        answers.explain(application_id=pk, defect_id=defect, text=text, by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except (Refused, TextError) as refusal:
        return show(request, application, status=422, refusal=Refused(refusal.message))
    messages.success(request, "已记录说明。" if text else "已取回说明。")
    return to_tab(application, request.POST.get("tab", "form"))
