"""What somebody typed into a page that has meanwhile moved on, in the words the page showed him."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from stations.applications.fields import FIELDS, SITE_FIELD, site_target
from stations.applications.models import Application
from stations.applications.queries.targets import field_label

from .annex1 import SITE_NAME, Annex1Form, SiteForm, known
from .office import CreditForm, JudgeForm, MarkForm, RejectForm, ReturnForm, SendBackForm, SiteCheckForm
from .steps import ExplainForm, SubmitForm

_STEPS: dict[str, forms.Field] = {
    **{
        name: field
        for form in (
            CreditForm,
            ExplainForm,
            JudgeForm,
            MarkForm,
            RejectForm,
            ReturnForm,
            SendBackForm,
            SiteCheckForm,
            SubmitForm,
        )
        for name, field in form.base_fields.items()
        if not isinstance(field.widget, forms.HiddenInput)
    },
    "opinion": forms.CharField(label="意见"),
    "reason": forms.CharField(label="理由"),
}
"""What the forms of the steps ask; a name that several of them use stands for one question, but for its wording."""

_BESIDE = frozenset({"kind", "target"})
"""Sent by the page, chosen by nobody."""


def typed(application: Application, posted: QueryDict) -> list[tuple[str, str]]:
    """(label, words) of each field that was filled in or changed, in the order of the page; chosen codes as words."""
    shown, found = known(posted.get("before", "")), []
    for name, values in posted.lists():
        asked = _asked(application, name)
        if asked is None or "\n".join(value.replace("\r\n", "\n") for value in values) == shown.get(name):
            continue
        label, field = asked
        if words := "、".join(_words(field, value) for value in values if value.strip()):
            found.append((label, words))
    return found


def _asked(application: Application, name: str) -> tuple[str, forms.Field] | None:
    """What the page calls a field, and the field; None for what a form carries beside what is typed."""
    if (match := SITE_NAME.fullmatch(name)) and match["field"] in SITE_FIELD:
        target = site_target(match["site"], match["field"])
        return field_label(application, target), SiteForm.base_fields[match["field"]]
    if name in FIELDS:
        return field_label(application, name), Annex1Form.base_fields[name]
    field = None if name in _BESIDE else _STEPS.get(name)
    return (str(field.label), field) if field else None


def _words(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "是"  # a box that is not ticked is not sent
    options = getattr(field, "choices", ())
    return next((str(words) for code, words in options if str(code) == value), value)
