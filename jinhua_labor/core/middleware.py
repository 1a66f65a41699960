"""The outermost of our middlewares: request id, headers, one log line, a plain page when the database is busy."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

log = structlog.get_logger("portal.request")

PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
BUSY_STATES = frozenset({"55P03", "57014", "40P01", "40001"})  # lock, timeout, deadlock, serialization


def _is_database_trouble(error: BaseException | None) -> bool:
    return isinstance(error, OperationalError | InterfaceError)


def _note_exception(request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        request.portal_error = sys.exc_info()[1]  # type: ignore[attr-defined]


got_request_exception.connect(_note_exception, dispatch_uid="portal.note_exception")


def busy_page(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503 in plain words: somebody holds the row, or the database is away; nothing was written."""
    state = getattr(error.__cause__, "sqlstate", None)
    request_id = getattr(request, "request_id", "")
    log.warning("database_unavailable", sqlstate=state, error=type(error).__name__)
    context = {"request_id": request_id, "busy": state in BUSY_STATES}
    try:
        body = render_to_string("errors/503.html", context)
    except TemplateDoesNotExist:
        body = (
            "<!doctype html><html lang='zh-CN'><title>请稍后重试</title><p>系统繁忙，本次操作没有保存，请稍后重试。</p>"
        )
    response = HttpResponse(body, status=503)
    response["Retry-After"] = "5"
    return response


def page_above(request: HttpRequest) -> str:
    """The address of the page that holds a form, for a browser that opens what only takes the form's post; else "".

    A refused post is answered under its own address: reloading it, coming back after signing in again or following a
    relative link from there would otherwise end at a bare 405.
    """
    if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
        return ""
    path, query = request.path, request.META.get("QUERY_STRING", "")
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        break
    return f"{path}?{query}" if query else path


class RequestMiddleware:
    """Gives each request an id (`X-Request-ID` of the answer), writes its log line, sets the headers of every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        start = time.perf_counter()
        response = self.get_response(request)
        error = getattr(request, "portal_error", None)
        if response.status_code == 500 and _is_database_trouble(error):
            # Raised in another middleware (the session, the user), where `process_exception` is not asked.
            response = busy_page(request, error)
        if response.status_code == 405 and (page := page_above(request)):
            response = HttpResponseRedirect(page)
        self._set_headers(request, response)
        self._log(request, response, start)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """400 for a query with NUL: PostgreSQL has no such text, and no browser sends it."""
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            raise BadRequest("NUL in the query")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return busy_page(request, error) if _is_database_trouble(error) else None

    @staticmethod
    def _set_headers(request: HttpRequest, response: HttpResponseBase) -> None:
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # An answer made before Django's own middleware is asked (a wrong host name) is not to be framed either.
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        session = getattr(request, "session", None)
        if session is not None and session.accessed:
            # Whatever was made for one person stays out of every cache, the browser's own included.
            response["Cache-Control"] = "no-store, private"

    @staticmethod
    def _log(request: HttpRequest, response: HttpResponseBase, start: float) -> None:
        match = request.resolver_match
        user = getattr(request, "_cached_user", None)
        # The route, never the path or the query: a token or a name may stand there.
        log.info(
            "request",
            method=request.method,
            route=match.route if match else "",
            view=match.view_name if match else "",
            status=response.status_code,
            ms=round((time.perf_counter() - start) * 1000),
            user=str(user.pk) if user is not None and user.is_authenticated else None,
        )
