"""发文: the list of what waits, a batch with its draft, and the entry that turns applications into stations."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.official import official_document_pdf
from jinhua_labor.documents.word import official_document_docx
from stations.applications.forms.establishment import ChooseForm, DraftForm, IssueForm
from stations.applications.models import EstablishmentBatch
from stations.applications.queries import establishment as queries
from stations.applications.queries.targets import area_text
from stations.applications.services import establishment

READERS = (Role.BUREAU, Role.CENTRE, Role.AUDITOR)
PAGE = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _fetch(request: UserRequest, pk: uuid.UUID) -> EstablishmentBatch:
    rows = EstablishmentBatch.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("document__signed_file", "created_by", "issued_by"), pk=pk)


# --- What waits ---------------------------------------------------------------------------------------------------


@require_GET
@allow(*READERS)
def batches(request: UserRequest) -> HttpResponse:
    return _list(request)


def _list(
    request: UserRequest, *, form: ChooseForm | None = None, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    waiting = list(queries.waiting(request.user))
    open_batches = list(queries.batches(request.user, issued=False))
    form = form or ChooseForm(initial={"key": uuid.uuid4()}, waiting=waiting, open_batches=open_batches)
    chosen = set(form["applications"].value() or ())
    context = {
        "waiting": [
            {"row": row, "area": area_text(row), "name": queries.station_name(row), "chosen": str(row.pk) in chosen}
            for row in waiting
        ],
        "open_batches": open_batches,
        "page_obj": Paginator(queries.batches(request.user, issued=True), PAGE).get_page(request.GET.get("page")),
        "form": form,
        "refusal": refusal,
        "may_write": request.user.role == Role.BUREAU,
    }
    return render(request, "establishment/list.html", context, status=status)


@require_POST
@allow(Role.BUREAU)
def create(request: UserRequest) -> HttpResponse:
    """Puts the chosen applications into a new batch or an open one."""
    form = ChooseForm(
        request.POST,
        waiting=queries.waiting(request.user),
        open_batches=queries.batches(request.user, issued=False),
    )
    key = form["key"].value()
    if (earlier := _batch_of(request, key)) is not None:
        return redirect(earlier)
    if not form.is_valid():
        return _list(request, form=form, status=422)
    ids = [uuid.UUID(value) for value in form.cleaned_data["applications"]]
    try:
        if form.cleaned_data["batch"]:
            batch = establishment.add(
                batch_id=uuid.UUID(form.cleaned_data["batch"]), application_ids=ids, by=request.user
            )
        else:
            batch = establishment.create(key=form.cleaned_data["key"], application_ids=ids, by=request.user)
    except Refused as refusal:
        return _list(request, form=form, refusal=refusal, status=409 if isinstance(refusal, Conflict) else 422)
    messages.success(request, f"已将 {len(ids)} 件申请放入本批，请核对文件草稿。")
    return redirect(batch)


def _batch_of(request: UserRequest, key: str | None) -> EstablishmentBatch | None:
    """The batch an earlier post of the same form made: its applications are no longer among the choices."""
    try:
        pk = uuid.UUID(str(key))
    except ValueError:
        return None
    return EstablishmentBatch.objects.visible_to(request.user).filter(pk=pk).first()


# --- A batch ------------------------------------------------------------------------------------------------------


@require_GET
@allow(*READERS)
def batch(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _fetch(request, pk))


def _page(
    request: UserRequest,
    row: EstablishmentBatch,
    *,
    draft_form: DraftForm | None = None,
    issue_form: IssueForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    members = queries.members(row)
    context = {
        "batch": row,
        "members": [
            {"row": one, "area": area_text(one), "name": one.station.name if one.station else queries.station_name(one)}
            for one in members
        ],
        "draft_form": draft_form or DraftForm(initial={"title": row.title, "main_to": row.main_to}),
        "issue_form": issue_form or IssueForm(initial={"publish": True}),
        "refusal": refusal,
        "may_write": request.user.role == Role.BUREAU and row.document is None,
        "limits": limits_text(("pdf",)),
        "today": today(),
    }
    return render(request, "establishment/batch.html", context, status=status)


def _answer(request: UserRequest, pk: uuid.UUID, refusal: Refused) -> HttpResponse:
    """The page as it stands now with what was refused; back to the list where the batch is gone."""
    row = EstablishmentBatch.objects.visible_to(request.user).filter(pk=pk).first()
    status = 409 if isinstance(refusal, Conflict) else 422
    if row is None:
        return _list(request, refusal=refusal, status=status)
    return _page(request, row, refusal=refusal, status=status)


@require_POST
@allow(Role.BUREAU)
def amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = _fetch(request, pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, row, draft_form=form, status=422)
    try:
        establishment.amend(batch_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _answer(request, pk, refusal)
    messages.success(request, "已保存文件标题和主送机关。")
    return redirect(row)


@require_POST
@allow(Role.BUREAU)
def remove(request: UserRequest, pk: uuid.UUID, application: uuid.UUID) -> HttpResponse:
    _fetch(request, pk)
    try:
        left = establishment.remove(batch_id=pk, application_id=application, by=request.user)
    except Refused as refusal:
        return _answer(request, pk, refusal)
    messages.success(request, "已移出本批，这件申请回到待发文列表。")
    return redirect(left or "applications:batches")


@require_POST
@allow(Role.BUREAU)
def dissolve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    _fetch(request, pk)
    try:
        establishment.dissolve(batch_id=pk, by=request.user)
    except Refused as refusal:
        return _answer(request, pk, refusal)
    messages.success(request, "本批已解散，其中的申请回到待发文列表。")
    return redirect("applications:batches")


@require_POST
@allow(Role.BUREAU)
def issue(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记发文: number, date and signed copy; the stations stand from here on."""
    row = _fetch(request, pk)
    form = IssueForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, issue_form=form, status=422)
    data = form.cleaned_data
    try:
        issued = establishment.issue(
            batch_id=pk,
            doc_no=data["doc_no"],
            issued_on=data["issued_on"],
            upload=data["signed"],
            publish=data["publish"],
            by=request.user,
        )
    except Conflict as conflict:
        return _answer(request, pk, conflict)
    except Refused as refusal:
        return _page(request, row, issue_form=form, refusal=refusal, status=422)
    messages.success(
        request, f"已登记发文，{issued.applications.count()} 个工作站已设立；设立公布已备好，请另一位同事核对后发布。"
    )
    return redirect(issued)


# --- The document as it reads -------------------------------------------------------------------------------------


def _said(row: EstablishmentBatch) -> dict[str, object]:
    """What was issued, or what the draft says now."""
    return row.document.content if row.document else queries.content(row, queries.members(row))


@require_GET
@allow(*READERS)
def draft_pdf(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = _fetch(request, pk)
    content = official_document_pdf(queries.document(_said(row)))
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": _name(row, "pdf", inline=True)}
    )


@require_GET
@allow(*READERS)
def draft_docx(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = _fetch(request, pk)
    content = official_document_docx(queries.document(_said(row)))
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": _name(row, "docx")})


def _name(row: EstablishmentBatch, suffix: str, *, inline: bool = False) -> str:
    name = f"{row.document.doc_no if row.document else '设立文件草稿'}.{suffix}"
    return content_disposition_header(not inline, name) or ""
