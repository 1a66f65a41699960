"""The journal as the auditor reads it."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jinhua_labor.core.access import allow
from jinhua_labor.core.forms import CleanCharField, PortalForm

from . import queries
from .words import describe

PAGE = 50


class FilterForm(PortalForm):
    who = CleanCharField(label="姓名或单位", required=False, max_length=50)
    what = CleanCharField(label="对象", required=False, max_length=50)
    action = forms.ChoiceField(label="操作", required=False)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部"), *((code, describe(code)) for code in queries.actions())]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]  # the field is a ChoiceField


@require_GET
@allow("AUDITOR")
def journal(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.entries(request.user, **chosen)  # type: ignore[arg-type]  # signed in by middleware
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/list.html", {"form": form, "page": page})
