"""Forms of 自评: one statement to a line, and the words with which it is handed in."""

from __future__ import annotations

from django import forms

from jinhua_labor.core.forms import CleanCharField, PortalForm

ACCEPT = "application/pdf,image/jpeg,image/png"


class StatementForm(PortalForm):
    """What the station says to one line; a paper may stand alone."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = CleanCharField(label="情况说明", max_length=500, multiline=True, required=False)
    upload = forms.FileField(label="材料", required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}))


class SelfForm(PortalForm):
    text = CleanCharField(
        label="自评说明",
        max_length=2000,
        multiline=True,
        required=False,
        help_text="全年工作的总体情况，可以不填。",
    )
