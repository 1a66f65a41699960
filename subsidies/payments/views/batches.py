"""批次: what may be batched, one batch with its payments, its two papers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.reading import FileMissing, read_bytes
from jinhua_labor.core.access import keeps_typed
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from stations.oversight.views.common import as_file, attempt, page_of, status_of
from subsidies.grants.models import Grant
from subsidies.grants.services import paying
from subsidies.payments.enums import OPEN_BATCH, BatchState
from subsidies.payments.forms import CancelForm, MakeForm, ResultForm, SheetForm
from subsidies.payments.models import Batch, FormerPapers
from subsidies.payments.queries import listing
from subsidies.payments.services import batches as services
from subsidies.payments.workbook import XLSX

Bound = dict[str, Any]
READERS = (Role.FINANCE, Role.CENTRE, Role.BUREAU, Role.AUDITOR)


@require_GET
@allow(*READERS)
def batch_list(request: UserRequest) -> HttpResponse:
    return _list(request)


def _list(request: UserRequest, *, form: MakeForm | None = None, refusal: Refused | None = None) -> HttpResponse:
    """What waits for a batch, the batches, the sheets that came back."""
    user = request.user
    pays = user.role == Role.FINANCE
    waiting = list(listing.approved(user))
    ready = listing.ready(waiting, paying.problems(waiting))
    grant = _one_grant(request)
    context = {
        "ready": ready,
        "of_grant": grant,
        "page_obj": page_of(request, listing.batches(user, grant=grant.pk if grant else None)),
        "sheets": listing.sheets(user)[:5],
        "form": (form or MakeForm(grants=listing.approved(user), initial={"key": uuid.uuid4()})) if pays else None,
        "ticked": {str(pk) for pk in form["grants"].value() or ()} if form else {str(one.pk) for one in ready.free},
        "result_form": ResultForm(initial={"key": uuid.uuid4()}, auto_id="id_result_%s") if pays else None,
        "refusal": refusal,
    }
    failed = refusal is not None or (form is not None and bool(form.errors))
    return render(request, "payments/list.html", context, status=status_of(refusal) if failed else 200)


def _one_grant(request: UserRequest) -> Grant | None:
    """The grant whose batches are asked for, from its own page; anything else in the address asks for all."""
    try:
        asked = uuid.UUID(request.GET.get("grant", ""))
    except ValueError:
        return None
    return Grant.objects.visible_to(request.user).select_related("station").filter(pk=asked).first()


@require_POST
@allow(Role.FINANCE)
def make(request: UserRequest) -> HttpResponse:
    """成批 over the grants that are ticked."""
    form = MakeForm(request.POST, grants=listing.approved(request.user))
    if not form.is_valid():
        # Sent twice: the first has made the batch, and its grants wait for none any more.
        key = form.cleaned_data.get("key")
        made = Batch.objects.visible_to(request.user).filter(pk=key, made_by=request.user).first() if key else None
        if made:
            return redirect(made)
        gone = Conflict(form.GONE) if form.has_error("grants", "invalid_choice") else None
        return _list(request, form=form, refusal=gone)
    data = form.cleaned_data
    made, refusal = attempt(
        lambda: services.make(
            key=data["key"], grant_ids=[one.pk for one in data["grants"]], remark=data["remark"], by=request.user
        )
    )
    if refusal:
        return _list(request, form=form, refusal=refusal)
    messages.success(request, f"已成批，批次号 {made.number}。下一步：生成审批表和拨付表。")
    return redirect(made)


@require_GET
@allow(*READERS)
def batch(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


def _show(
    request: UserRequest, row: Batch, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """One batch with what this person may do now."""
    bound = bound or {}
    lines = list(listing.payments_of(row, request.user))
    former = list(listing.former_of(row, request.user))
    pays = request.user.role == Role.FINANCE
    settled = any(one.paid_on or one.bounced_on for one in lines)
    kept = paying.problems(listing.pending_grants(lines))
    context = {
        "row": row,
        "lines": listing.with_kept(lines, kept),
        "held": sum(bool(words) for words in kept.values()),
        "may_take_out": pays,
        "former": former,
        "paid": listing.paid_in(row),
        "may_issue": pays and row.state == BatchState.PREPARED,
        "sheet_form": bound.get("sheet") or _sheet_form(row, former)
        if pays and (row.payment_sheet_id or former)
        else None,
        "cancel_form": bound.get("cancel") or CancelForm(auto_id="id_cancel_%s")
        if pays and row.state in OPEN_BATCH and not settled
        else None,
        "result_form": ResultForm(initial={"key": uuid.uuid4()}, auto_id="id_result_%s")
        if pays and row.state == BatchState.ISSUED
        else None,
        "refusal": refusal,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "payments/batch.html", context, status=status_of(refusal) if failed else 200)


def _sheet_form(row: Batch, former: Sequence[FormerPapers], data: QueryDict | None = None) -> SheetForm:
    """With a choice of edition where papers were made anew."""
    editions = [(one.edition, f"第{one.edition}版（{date_cn(one.issued_on)}，已被替代）") for one in former]
    if editions and row.issued_on:
        editions = [(len(editions) + 1, f"第{len(editions) + 1}版（{date_cn(row.issued_on)}，现行）"), *editions]
    return SheetForm(data, auto_id="id_sheet_%s", editions=editions)


@require_POST
@allow(Role.FINANCE)
def issue(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """生成审批表和拨付表."""
    row = _fetch(request, pk)
    _, refusal = attempt(lambda: services.issue(batch_id=pk, by=request.user))
    if refusal:
        return _show(request, _fetch(request, pk), refusal=refusal)
    messages.success(request, "审批表和拨付表已生成。")
    return redirect(row)


@require_POST
@allow(Role.FINANCE)
@keeps_typed()
def cancel(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """撤销批次."""
    row, form = _fetch(request, pk), CancelForm(request.POST, auto_id="id_cancel_%s")
    if not form.is_valid():
        return _show(request, row, bound={"cancel": form})
    _, refusal = attempt(lambda: services.cancel(batch_id=pk, by=request.user, **form.cleaned_data))
    if refusal:
        return _show(request, _fetch(request, pk), bound={"cancel": form}, refusal=refusal)
    messages.success(request, "批次已撤销，其中的补贴回到待拨付。")
    return redirect(row)


@require_GET
@allow(*READERS)
def approval(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审批表 as it was made, or the edition that is asked for; it holds no account number."""
    row = _fetch(request, pk)
    asked = request.GET.get("edition", "")
    papers = listing.papers_of(row, int(asked) if asked.isdecimal() else None)
    return _file(request, row, papers.approval_sheet, "application/pdf")


@require_POST
@allow(Role.FINANCE)
def sheet(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """拨付表 with its account numbers, for a purpose that goes into the journal."""
    row = _fetch(request, pk)
    form = _sheet_form(row, list(listing.former_of(row, request.user)), request.POST)
    if not form.is_valid():
        return _show(request, row, bound={"sheet": form})
    papers = listing.papers_of(row, form.cleaned_data.get("edition"))
    purpose = form.cleaned_data["purpose"]
    _, refusal = attempt(lambda: services.note_sheet(batch=row, papers=papers, purpose=purpose, by=request.user))
    if refusal:
        return _show(request, row, bound={"sheet": form}, refusal=refusal)
    return _file(request, row, papers.payment_sheet, XLSX)


def _file(request: UserRequest, row: Batch, kept: Attachment | None, kind: str) -> HttpResponse:
    if kept is None:
        return _show(request, row, refusal=Refused("这个批次还没有生成审批表和拨付表。"))
    try:
        data = read_bytes(kept)
    except FileMissing:
        return render(request, "attachments/missing.html", {"attachment": kept}, status=404)
    response = as_file(data, kind, kept.name)
    response["Content-Disposition"] = content_disposition_header(kind == XLSX, kept.name) or ""
    return response


def _fetch(request: UserRequest, pk: uuid.UUID) -> Batch:
    rows = Batch.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("made_by", "issued_by", "cancelled_by", "payment_sheet", "approval_sheet"), pk=pk
    )
