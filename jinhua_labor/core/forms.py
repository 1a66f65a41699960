"""Base of every form: how fields are drawn, how typed text is cleaned, what is said when something is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates, TemplatesSetting

from jinhua_labor.core.text import TextError, clean_text


class PortalRenderer(TemplatesSetting):
    """Draws forms and fields with the portal's own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    _widgets = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """Widgets come from Django itself, so that `django.forms` need not be an installed app."""
        if template_name.startswith("django/forms/widgets/"):
            return self._widgets.get_template(template_name)
        return super().get_template(template_name)


class CleanCharField(forms.CharField):
    """Text as people type it, cleaned by `clean_text`; what it refuses becomes the field's error.

    `multiline` keeps line breaks and draws a text area.
    """

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}) if multiline else forms.TextInput)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        try:
            text = clean_text("" if value is None else str(value), multiline=self.multiline)
        except TextError as error:
            raise ValidationError(error.message, code=error.code) from error
        return super().to_python(text) or ""


class PortalForm(forms.Form):
    """A form without the colon behind labels, with Chinese messages for what is missing.

    Numbers of errors and the place of each are left to the templates (`<c-errors>`, `<c-field>`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        say_what_is_missing(self)


class PortalModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """The same for a form over a model."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        say_what_is_missing(self)


def say_what_is_missing(form: forms.BaseForm) -> None:
    """Gives each required field a message that names it (「请填写单位名称。」) instead of 「这个字段是必填项。」"""
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.HiddenInput):
            # What the page itself brings along: its reader cannot fill it in, only load the page again.
            field.label = field.label or "页面"
            field.error_messages |= dict.fromkeys(("required", "invalid"), "页面已过期，请刷新后重试。")
            continue
        label = field.label or name
        if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
            required = f"请勾选「{label}」。"
        elif isinstance(field, forms.FileField | forms.ChoiceField):
            required = f"请选择{label}。"
        else:
            required = f"请填写{label}。"
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = required  # else somebody wrote a better one
