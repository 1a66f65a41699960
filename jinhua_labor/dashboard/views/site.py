"""The public site: home, how to apply, the notice itself, blank forms, checking a document."""

from __future__ import annotations

import io
from functools import lru_cache

from allauth.decorators import rate_limit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.permissions import public
from jinhua_labor.core.clock import today
from jinhua_labor.dashboard.queries import reading
from jinhua_labor.dashboard.queries.figures import public_figures
from jinhua_labor.dashboard.queries.verify import check
from jinhua_labor.documents.forms import Annex1, Annex2Head, annex1_pdf, annex2_pdf
from jinhua_labor.notices.models import Notice
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook.book import slice_on
from jinhua_labor.rulebook.models import READERS
from jinhua_labor.rulebook.queries import upcoming
from stations.roster.workbook.limits import roster_limits
from stations.roster.workbook.template import write_template

SHOWN = 6
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """首页: two doors, what is 公示 now, notices, figures."""
    day = today()
    rows = Notice.objects.public().defer("body")
    context = {
        "running": list(rows.in_period(day).order_by("ends_on", "id")[:SHOWN]),
        "notices": list(rows[:SHOWN]),
        "figures": public_figures(),
        "limits": policy_on(day).policy.settings,
    }
    return render(request, "public/home.html", context)


@public
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """办事指南, from the notice as data: conditions, materials, steps, promised days."""
    found = policy_on(today())
    document, limits = found.policy.document, found.policy.settings
    conditions = [line.strip() for line in document.article(3).text.splitlines() if line.strip()]
    context = {
        "policy": found.policy,
        "opening": conditions[0],
        "conditions": conditions[1:],
        "limits": limits,
        "phone": settings.SITE_PHONE,
        "address": settings.SITE_ADDRESS,
    }
    return render(request, "public/guide.html", context)


@public
@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """政策文件: the whole notice verbatim with the readings in force."""
    day = today()
    context = {
        "notice": reading.shown(slice_on(day), upcoming(day)),
        "found": policy_on(day),
        "keeps": getattr(request.user, "role", "") in READERS,
    }
    return render(request, "public/policy.html", context)


@public
@require_GET
def blank(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  a page without context
    """空白表格: 附件1 and 附件2 to print, 附件2 to fill in."""
    if name not in BLANKS:
        raise Http404
    title, content_type = BLANKS[name]
    headers = {"Content-Disposition": content_disposition_header(True, title) or "", "Cache-Control": "max-age=3600"}
    return HttpResponse(_blank(name), content_type=content_type, headers=headers)


BLANKS = {
    "annex1.pdf": ("附件1 金东区劳务协作工作站设立申请表（空白）.pdf", PDF),
    "annex2.pdf": ("附件2 累计输送劳动力名册（空白）.pdf", PDF),
    "annex2.xlsx": ("附件2 累计输送劳动力名册（模板）.xlsx", XLSX),
}


@lru_cache(maxsize=8)
def _blank(name: str) -> bytes:
    """Made once a process: anybody may ask for it, as often as he likes."""
    if name == "annex1.pdf":
        return annex1_pdf(Annex1())
    if name == "annex2.pdf":
        return annex2_pdf(Annex2Head(), [])
    out = io.BytesIO()
    write_template(out, roster_limits())
    return out.getvalue()


@public
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """文书查验: a receipt's number gives its status only, a document number what was issued under it."""
    code = request.GET.get("code", "")
    if code.strip():
        return _verified(request, code)
    return render(request, "public/verify.html", {"code": code, "found": None})


@rate_limit(action="verify", limit_get=True)
def _verified(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "public/verify.html", {"code": code, "found": check(code)})


@public
@require_GET
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """What search engines may read: the public pages."""
    open_to_all = [
        reverse(name) for name in ("notices:public", "registry:directory", "dashboard:guide", "dashboard:policy")
    ]
    lines = ["User-agent: *", "Allow: /$", *(f"Allow: {url}" for url in open_to_all)]
    lines += ["Disallow: /notices/manage/", "Disallow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
