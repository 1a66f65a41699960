"""Addresses of the browser tests: a draft page, the autosave endpoint as its contract has it, PDFs beside a page.

The rooms' own forms come and go; the contract stays: POST {field, value, previous} → 200 {saved_at, value} |
409 {current, message} | 422 {message} | 401.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token, rotate_token
from django.template import engines
from django.urls import include, path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST
from django_cotton.compiler_regex import CottonCompiler

from jinhua_labor.accounts.permissions import public
from jinhua_labor.attachments.views import PDF_POLICY

SAVED: dict[str, str] = {}
POSTS: list[dict[str, str]] = []
MODE = {"answer": "ok"}
AREAS = (("", "请选择"), ("51", "四川省"), ("62", "甘肃省"))

PAGE = """{% extends "base_public.html" %}
{% block title %}草稿{% endblock %}
{% block content %}
<h1>草稿</h1>
<form method="post" action="/done/" id="draft"
      data-autosave-url="/autosave/" data-autosave-key="a1" data-login-url="/login/">
  <input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}">
  <p data-autosave-state><span data-autosave-idle>填写后请保存</span></p>
  <div class="field">
    <label class="form-label" for="name">单位名称</label>
    <input class="form-control" id="name" name="name" value="{{ saved.name }}">
  </div>
  <div class="field">
    <label class="form-label" for="plan">工作计划</label>
    <textarea class="form-control" id="plan" name="plan">{{ saved.plan }}</textarea>
  </div>
  <div class="field">
    <label class="form-label" for="area">协作地区</label>
    <select class="form-select" id="area" name="area">{% for code, words in areas %}
      <option value="{{ code }}"{% if code == saved.area %} selected{% endif %}>{{ words }}</option>{% endfor %}
    </select>
  </div>
  <button class="btn btn-primary" type="submit">提交申请</button>
</form>
<form method="post" action="/done/" id="plain">
  <input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}">
  <button class="btn" type="submit">送出</button>
</form>
{% endblock %}"""


PAPERS = """{% extends "base_review.html" %}
{% block title %}审阅{% endblock %}
{% block heading %}<h1>审阅</h1>{% endblock %}
{% block papers %}<c-viewer :papers="papers" :current="papers.0" />{% endblock %}"""


@public
def draft(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"saved": SAVED, "areas": AREAS, "token": get_token(request)}, request))


@public
@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    field, value, previous = (request.POST[name] for name in ("field", "value", "previous"))
    assert request.headers["X-Requested-With"] == "fetch"
    POSTS.append({"field": field, "value": value, "previous": previous})
    if MODE["answer"] == "down":
        return HttpResponse(status=503)
    if MODE["answer"] == "login":
        return JsonResponse({"message": "登录已超时"}, status=401)
    if MODE["answer"] == "invalid":
        return JsonResponse({"message": "单位名称不能超过 40 个字。"}, status=422)
    if SAVED.get(field, "") not in (previous, value):
        return JsonResponse({"current": SAVED[field], "message": "同一处内容刚被别人改动"}, status=409)
    SAVED[field] = value
    return JsonResponse({"saved_at": "14:32", "value": value})


@public
@require_POST
def done(request: HttpRequest) -> HttpResponse:
    POSTS.append({"done": request.POST.get("name", "")})
    return HttpResponse("<!doctype html><html lang='zh-CN'><title>已送出</title><h1>已送出</h1></html>")


@public
def papers(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(CottonCompiler().process(PAPERS))
    listed = [
        {"label": name, "url": f"/sheet/?n={number}", "kind": "page"} for number, name in enumerate(("协议", "办法"))
    ]
    return HttpResponse(template.render({"papers": listed}, request))


@public
@xframe_options_sameorigin
def sheet(request: HttpRequest) -> HttpResponse:
    """A PDF with the headers of the portal's own previews."""
    made = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return HttpResponse(
        made.getvalue(), content_type="application/pdf", headers={"Content-Security-Policy": PDF_POLICY}
    )


@public
def login(request: HttpRequest) -> HttpResponse:
    """What signing in does to the tokens of pages that are already open."""
    rotate_token(request)
    return HttpResponse("<!doctype html><html lang='zh-CN'><title>已登录</title><h1>已登录</h1></html>")


urlpatterns = [
    path("login/", login),
    path("draft/", draft),
    path("autosave/", autosave),
    path("done/", done),
    path("papers/", papers),
    path("sheet/", sheet),
    path("", include("jinhua_labor.urls")),  # what the frame of every page leads to
]
