"""附件1 on the page: the form over an application, a small one for each 工作地点, and single fields for autosave."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict

from jinhua_labor.core.clock import today
from jinhua_labor.core.forms import CleanCharField, PortalForm
from jinhua_labor.core.people import clean_name, clean_phone
from jinhua_labor.core.provinces import MAINLAND, PROVINCES
from jinhua_labor.core.text import TextError
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Side, Tenure
from stations.applications.fields import (
    FIELDS,
    PROFILE_MIN,
    SITE_FIELD,
    SITE_FIELDS,
    full_label,
    site_target,
)
from stations.applications.models import Application, Site
from stations.applications.queries.editable import Editable
from stations.applications.services.draft import HOME, Change
from stations.registry.enums import FACILITIES, PartnerKind

SITE_NAME = re.compile(r"site-(?P<site>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})-(?P<field>\w+)")


class PersonField(CleanCharField):
    """A person's name as written on the card."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=50, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return _said_by(clean_name, text) if text else ""


class PhoneField(CleanCharField):
    """A mobile or landline number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
        super().__init__(max_length=30, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return _said_by(clean_phone, text) if text else ""


def _said_by(check: Any, text: str) -> str:
    try:
        return str(check(text))
    except TextError as error:
        raise ValidationError(error.message, code=error.code) from error


class DayField(forms.DateField):
    """A day, picked or typed as 2026-04-12, 2026.4.12, 2026年4月12日."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": "1980-01-01", "max": "2099-12-31"}),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
            error_messages={"invalid": "日期应写作 2026-04-12。"},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not 1980 <= day.year <= 2099:
            raise ValidationError("年份应在 1980 至 2099 之间。")
        return day


def _text(max_length: int, **kwargs: Any) -> CleanCharField:
    return CleanCharField(max_length=max_length, required=False, **kwargs)


def provinces() -> list[tuple[str, str]]:
    """Where workers may come from: the mainland without the home province; the first entry asks to choose."""
    home = policy_on(today()).policy.home_province
    return [("", "请选择"), *((code, name) for code, name in PROVINCES.items() if code in MAINLAND and code != home)]


class Annex1Form(PortalForm):
    """Every field of `fields.GROUPS`; nothing is required while it is a draft, what is there must have its shape."""

    area_province = forms.ChoiceField(choices=provinces, required=False)
    area_city = _text(40)
    area_county = _text(40)
    head = PersonField()
    head_phone = PhoneField()
    partner_name = _text(100)
    partner_head = PersonField()
    partner_phone = PhoneField()
    station_address = _text(200, help_text="须在金东区内，写到门牌号。")
    term_to = DayField(help_text="自申请之日起至所填日期为止。")
    profile = CleanCharField(
        multiline=True,
        max_length=2000,
        required=False,
        help_text=f"{PROFILE_MIN}至2000字：单位概况、劳务协作基础、工作设想。",
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 2000}),
    )
    legal_rep = PersonField(help_text="与营业执照一致。")
    licence_no = _text(40)
    licence_issuer = _text(60)
    licence_from = DayField()
    licence_to = DayField(help_text="长期有效的留空。")
    partner_kind = forms.ChoiceField(choices=[("", "请选择"), *PartnerKind.choices], required=False)
    agreement_signed_on = DayField()
    agreement_from = DayField()
    agreement_to = DayField(help_text="协议没有写明截止日期的留空。")
    agreement_measures = CleanCharField(
        multiline=True,
        max_length=1000,
        required=False,
        help_text="协议约定的具体措施，如岗位对接、组织输送、跟踪服务，最多1000字。",
    )
    liaison_name = PersonField()
    liaison_phone = PhoneField()

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(application, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = FIELDS[name].label
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("autocomplete", "off")


class SiteForm(PortalForm):
    """One 工作地点; in 金东区 only the address is asked of its place."""

    province = forms.ChoiceField(choices=provinces, required=False)
    city = _text(40)
    county = _text(40)
    address = _text(200)
    tenure = forms.ChoiceField(choices=[("", "请选择"), *Tenure.choices], required=False)
    lease_from = DayField()
    lease_to = DayField(help_text="自有或没有期限的留空。")
    facilities = forms.MultipleChoiceField(
        choices=[(name, name) for name in FACILITIES], required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        self.site = site
        kwargs["initial"] = {field.name: getattr(site, field.name) for field in SITE_FIELDS}
        kwargs["prefix"] = f"site-{site.pk}"
        super().__init__(*args, **kwargs)
        for field in SITE_FIELDS:
            self.fields[field.name].label = field.label
        if site.side == Side.DISTRICT:
            for name in HOME:
                del self.fields[name]
            self.fields["address"].help_text = "金东区内，写到门牌号。"

    def clean_facilities(self) -> list[str]:
        return in_order(self.cleaned_data["facilities"])


def in_order(names: list[str]) -> list[str]:
    """Ticks in the order of the checklist, so that the same ticks are the same value."""
    return [name for name in FACILITIES if name in names]


# --- From the page to `save_fields` -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Sheet:
    """附件1 with the forms of its sites; `posted` binds them to what came in."""

    application: Application
    main: Annex1Form
    sites: list[SiteForm]

    @classmethod
    def of(cls, application: Application, posted: Mapping[str, Any] | None = None) -> Sheet:
        return cls(
            application,
            Annex1Form(posted, application=application),
            [SiteForm(posted, site=site) for site in application.sites.all()],
        )

    @property
    def every(self) -> list[PortalForm]:
        return [self.main, *self.sites]

    def before(self, allowed: Editable) -> str:
        """The values of the open fields, for the plain 保存 button to compare with: {name: text} as JSON."""
        shown = {
            form.add_prefix(name): shown_text(form[name])
            for form in self.every
            for name in form.fields
            if allowed.field(target_of(form, name))
        }
        return json.dumps(shown, ensure_ascii=False)

    def again(self, posted: QueryDict) -> Sheet:
        """This sheet with what was typed, for a page that asks: a field left as it was shown takes the value of now.

        Otherwise the next 保存 would put the old value over what somebody else has saved meanwhile.
        """
        shown, data = known(posted.get("before", "")), posted.copy()
        for form in self.every:
            for name, field in form.fields.items():
                html, many = form.add_prefix(name), isinstance(field, forms.MultipleChoiceField)
                typed = "\n".join(in_order(data.getlist(html))) if many else data.get(html, "").replace("\r\n", "\n")
                if shown.get(html) == typed:
                    now = shown_text(form[name])
                    data.setlist(html, now.split("\n") if many and now else [] if many else [now])
        return Sheet.of(self.application, data)

    def changes(self, before: str) -> dict[str, Change]:
        """What was changed on the page and is well-formed: posted value against the value the page showed.

        A field the page did not show open (locked, or of a page before a change) is left out.
        """
        shown = known(before)
        found = {}
        for form in self.every:
            form.is_valid()
            for name in form.fields:
                html = form.add_prefix(name)
                if html not in shown or name not in form.cleaned_data:
                    continue
                old = _lenient(form.fields[name], shown[html])
                if form.cleaned_data[name] != old:
                    found[target_of(form, name)] = Change(old, form.cleaned_data[name])
        return found


def label_of(form: PortalForm, name: str) -> str:
    """A field as it is called outside its block, in a list of what is wrong."""
    if isinstance(form, SiteForm):
        return f"{form.site.get_side_display()}工作地点 {SITE_FIELD[name].label}"
    return full_label(name)


def target_of(form: PortalForm, name: str) -> str:
    return site_target(form.site.pk, name) if isinstance(form, SiteForm) else name


def single(application: Application, html_name: str, value: str, previous: str) -> tuple[str, Change] | None:
    """One autosaved field as (target, change); None for a name that is no field. Raises ValidationError."""
    if match := SITE_NAME.fullmatch(html_name):
        site = next((site for site in application.sites.all() if str(site.pk) == match["site"]), None)
        if site is None:
            return None
        form: PortalForm = SiteForm(site=site)
        name = match["field"]
    else:
        form, name = Annex1Form(application=application), html_name
    field = form.fields.get(name)
    if field is None:
        return None
    return target_of(form, name), Change(_lenient(field, previous), _strict(field, value))


def _strict(field: forms.Field, text: str) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return in_order(field.clean([part for part in text.split("\n") if part]))
    return field.clean(text)


def _lenient(field: forms.Field, text: str) -> Any:
    """What the page showed; a text that is no value at all equals nothing stored."""
    try:
        return _strict(field, text)
    except ValidationError:
        return text


def known(before: str) -> dict[str, str]:
    """The values a posted page said it showed; empty when that is not readable."""
    try:
        shown = json.loads(before)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in shown.items()} if isinstance(shown, dict) else {}


def shown_text(field: BoundField) -> str:
    """The text of a field as the browser would post it."""
    value = field.initial
    if isinstance(value, list):
        return "\n".join(in_order(value))
    return "" if value is None else str(value)
