"""What `check` says about the layout of the payment sheet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .rules.layout import KNOWN, LayoutError, read_layout


@register()
def payment_sheet_layout(**_: Any) -> list[CheckMessage]:
    """A misspelt column would be found out on the day money is to go."""
    try:
        read_layout(settings.PAYMENT_SHEET_COLUMNS)
    except LayoutError as error:
        return [Error(f"PAYMENT_SHEET_COLUMNS：{error}", hint=f"可用的列：{'、'.join(KNOWN)}。", id="portal.E010")]
    return []
