"""Puts the origin of a request where the journal and the row history find it."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponseBase

from .context import Origin, current_origin

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def client_ip(request: HttpRequest) -> str:
    """The caller's address by the one policy of the sign-in adapter (`TRUSTED_PROXY_COUNT`)."""
    return str(get_adapter().get_client_ip(request))


class AuditContextMiddleware:
    """Sets `current_origin`; for requests that may write, the context of the row history too.

    Reading requests get no history context: it would add a `set_config` to each of their queries.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        origin = Origin(ip=client_ip(request), request_id=getattr(request, "request_id", ""))
        token = current_origin.set(origin)
        try:
            if request.method in SAFE_METHODS:
                return self.get_response(request)
            user_id = str(request.user.pk) if request.user.is_authenticated else None
            with pghistory.context(user=user_id, ip=origin.ip, request_id=origin.request_id):
                return self.get_response(request)
        finally:
            current_origin.reset(token)
