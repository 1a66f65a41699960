"""Switch between the standard and the large type (大字版): a display choice kept in a cookie, for visitors too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.permissions import public

from .context import LARGE_TEXT_COOKIE

YEAR = 365 * 24 * 3600


@public
@require_GET
def large_text(request: HttpRequest) -> HttpResponse:
    """Sets the choice and returns to the page it was made on; writes nothing but the cookie."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = "1" if request.GET.get("on") == "1" else "0"
    response.set_cookie(
        LARGE_TEXT_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response
