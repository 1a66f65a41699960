"""Forms of a station."""

from __future__ import annotations

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm


class PlaqueForm(PortalForm):
    """登记挂牌."""

    plaque_no = CleanCharField(label="铭牌编号", max_length=40)
    plaque_on = forms.DateField(label="挂牌日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    photo = forms.FileField(
        label="挂牌照片",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
