"""Pages for what went wrong: in plain words, with the number to quote when asking for help.

They lean on nothing that may itself be broken: no database, no session, no navigation.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>系统暂时无法处理</title>'
    "<h1>系统暂时无法处理您的请求</h1><p>请稍后重试。问题编号：{}</p></html>"
)


def request_id(request: HttpRequest) -> str:
    """The number of this request as the journal and the log know it; empty when the middleware did not run."""
    return str(getattr(request, "request_id", "") or "")


def wants_data(request: HttpRequest) -> bool:
    """Whether a script of ours asked (autosave, htmx): it shows the message itself and needs no page."""
    return request.headers.get("X-Requested-With") == "fetch" or request.headers.get("HX-Request") == "true"


def page(request: HttpRequest, template: str, *, status: int, message: str, **context: object) -> HttpResponse:
    """The error page, or its sentence as JSON for a script; always `no-store`, always with the request number."""
    number = request_id(request)
    response: HttpResponse
    if wants_data(request):
        response = JsonResponse({"message": message, "reference": number}, status=status)
    else:
        try:
            html: str = render_to_string(template, {"reference": number, "status": status, **context})
        except Exception:  # whatever broke the page, the visitor still gets the number
            html = LAST_RESORT.format(number)
        response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return page(request, "errors/400.html", status=400, message="提交的内容无法识别，请返回上一页重试。")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """403: the page exists, the role may not open it."""
    return page(request, "errors/403.html", status=403, message="您的角色不能办理这一事项。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """404: no such page, or somebody else's file; the two are not told apart."""
    return page(request, "errors/404.html", status=404, message="没有找到这个页面或材料。")


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, "errors/500.html", status=500, message="系统出错，本次操作没有完成，请稍后重试。")


def busy(request: HttpRequest) -> HttpResponse:
    """503: another person holds the same file, or the database does not answer (used by the request middleware)."""
    response = page(request, "errors/503.html", status=503, message="系统繁忙，本次操作没有完成，请稍后重试。")
    response["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """403 of the CSRF check: the page is too old or cookies are off; says how to go on without losing text."""
    return page(request, "errors/csrf.html", status=403, message="页面已过期，请刷新后重新提交。")


handler400, handler403, handler404, handler500 = bad_request, permission_denied, not_found, server_error
