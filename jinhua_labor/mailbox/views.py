"""The inbox of the person signed in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.permissions import EVERYONE, UserRequest, allow

from . import services
from .models import Message

PAGE = 20


@require_GET
@allow(*EVERYONE)
def inbox(request: UserRequest) -> HttpResponse:
    rows = Message.objects.visible_to(request.user)
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        rows = rows.unread()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "mailbox/inbox.html", {"page": page, "only_unread": only_unread})


@require_GET
@allow(*EVERYONE)
def message(request: UserRequest, pk: UUID) -> HttpResponse:
    """One message. Opening it does not mark it: a GET writes nothing; the button does."""
    found = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    return render(request, "mailbox/message.html", {"message": found})


@require_POST
@allow(*EVERYONE)
def read(request: UserRequest, pk: UUID) -> HttpResponse:
    """Marks the message as read and goes where it points to."""
    found = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    services.mark_read([found], by=request.user)
    return redirect(found.link or "mailbox:inbox")


@require_POST
@allow(*EVERYONE)
def read_all(request: UserRequest) -> HttpResponse:
    count = services.mark_all_read(by=request.user)
    notes.success(request, f"已将 {count} 条消息标为已读。")
    return redirect("mailbox:inbox")
