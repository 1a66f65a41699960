"""Forms of a draft: its document and days, and one for each page of parameters, lines, bands, tiers and texts.

A page's form is made of the version it lies over: the fields show what the draft says now, `part()` gives back what
differs from the notice (see `rules.with_part`).
"""

from __future__ import annotations

from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.words import GROUPS

from .annex3 import BandsForm, LinesForm, TiersForm
from .fields import bare
from .parameters import LimitsForm, ParameterForm, parameter_form
from .part import PartForm
from .steps import HeadForm, NoteForm, ReasonForm, RevisionForm, StartForm
from .texts import MaterialsForm, TextForm

__all__ = [
    "PARTS",
    "BandsForm",
    "HeadForm",
    "NoteForm",
    "ParameterForm",
    "PartForm",
    "ReasonForm",
    "RevisionForm",
    "StartForm",
    "bare",
    "parts_of",
]

PARTS: dict[str, tuple[str, type[PartForm]]] = {
    **{group.key: (group.label, parameter_form(group.key)) for group in GROUPS},
    "lines": ("附件3指标", LinesForm),
    "bands": ("分档与参考分", BandsForm),
    "tiers": ("奖励档次", TiersForm),
    "limits": ("办理时限", LimitsForm),
    "text": ("条文", TextForm),
    "materials": ("申请材料", MaterialsForm),
}
_ONLY_IN_A_NOTICE = {"lines", "tiers", "text", "materials"}


def parts_of(kind: str) -> dict[str, str]:
    """The pages of a draft of this kind after the first (文号与日期), with their names."""
    if kind == Kind.EXTENSION:
        return {}
    return {
        key: label for key, (label, _form) in PARTS.items() if kind == Kind.SUCCESSOR or key not in _ONLY_IN_A_NOTICE
    }
