"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from stations.oversight.views.common import attempt

OFFICES = (Role.CENTRE, Role.BUREAU)
READERS = (Role.OPERATOR, *OFFICES, Role.AUDITOR)
Bound = dict[str, PortalForm]
Again = Callable[[Bound, Refused | None], HttpResponse]


def posted(
    request: UserRequest,
    name: str,
    form: PortalForm,
    call: Callable[[dict[str, Any]], object],
    *,
    again: Again,
    to: Any,
    words: str,
) -> HttpResponse:
    """One posted step: the form, the service, and the page `again` with what is wrong and all that was typed."""
    if not form.is_valid():
        return again({name: form}, None)
    _, refusal = attempt(lambda: call(form.cleaned_data))
    if refusal:
        return again({name: form}, refusal)
    messages.success(request, words)
    return redirect(to)
