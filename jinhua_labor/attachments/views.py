"""The only door to uploaded files: download, preview in place, and the logged opening of secret ones."""

from __future__ import annotations

from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from jinhua_labor.accounts.permissions import EVERYONE, UserRequest, allow, public
from jinhua_labor.audit.services import record
from jinhua_labor.core.forms import CleanCharField, PortalForm

from .models import Attachment
from .reading import FileMissing, open_path

DOWNLOAD_POLICY = "sandbox; default-src 'none'"
# Chromium shows no PDF in a sandbox; the copy shown has nothing that acts and is framed by our pages only.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class PurposeForm(PortalForm):
    purpose = CleanCharField(
        label="查看用途", max_length=100, min_length=2, help_text="将与您的姓名、时间一并记入操作日志。"
    )


def _missing(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    return render(request, "attachments/missing.html", {"attachment": attachment}, status=404)


def _send(request: HttpRequest, attachment: Attachment, *, preview: bool) -> HttpResponseBase:
    try:
        path = open_path(attachment, preview=preview)
    except FileMissing:
        return _missing(request, attachment)
    content_type = attachment.preview_type if preview else attachment.content_type
    response = FileResponse(
        path.open("rb"), as_attachment=not preview, filename=attachment.name, content_type=content_type
    )
    inline_pdf = preview and content_type == "application/pdf"
    response["Content-Security-Policy"] = PDF_POLICY if inline_pdf else DOWNLOAD_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_GET
@allow(*EVERYONE)
def download(request: UserRequest, pk: UUID) -> HttpResponseBase:
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    if attachment.secret:
        return redirect("attachments:open", pk=pk)
    return _send(request, attachment, preview=False)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@require_GET
@allow(*EVERYONE)
def preview(request: UserRequest, pk: UUID) -> HttpResponseBase:
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    if attachment.secret:
        return redirect("attachments:open", pk=pk)
    if not attachment.preview_name:
        return redirect("attachments:download", pk=pk)
    return _send(request, attachment, preview=True)


@require_http_methods(["GET", "POST"])
@allow(*EVERYONE)
def open_secret(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """A paper of identity: shown by POST only, with a purpose that goes into the journal."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, secret=True)
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record(by=request.user, action="attachment.open_secret", obj=attachment, purpose=form.cleaned_data["purpose"])
        return _send(request, attachment, preview=bool(attachment.preview_name))
    return render(
        request, "attachments/open.html", {"attachment": attachment, "form": form}, status=422 if form.errors else 200
    )


@require_GET
@public
def released(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file published for everybody (公示 and 公告); anything else is not found here."""
    attachment = get_object_or_404(Attachment.objects.filter(released_at__isnull=False, secret=False), pk=pk)
    return _send(request, attachment, preview=False)
