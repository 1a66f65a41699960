"""What the pages of this room share."""

from __future__ import annotations

import uuid
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.core.forms import PortalForm
from stations.oversight.views.common import Bound, Steps, attempt, page_of, status_of
from subsidies.grants.models import Grant

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.FINANCE, Role.AUDITOR)
STAFF = (Role.CENTRE, Role.BUREAU, Role.FINANCE, Role.AUDITOR)
OFFICES = (Role.CENTRE, Role.BUREAU)

__all__ = ["OFFICES", "READERS", "STAFF", "Bound", "Offer", "Steps", "attempt", "page_of", "start", "status_of"]


def start(grant: Grant) -> dict[str, Any]:
    """What a step of the review brings along: the version of the page, and a key against a second click."""
    return {"key": uuid.uuid4(), "version": grant.review.version}


class Offer:
    """The forms a page offers: the failed one as it was posted, the others fresh, each with ids of its own."""

    def __init__(self, bound: Bound | None) -> None:
        self.bound = bound or {}
        self.forms: dict[str, Any] = {}

    def __call__(
        self, name: str, form: type[PortalForm], *, more: dict[str, Any] | None = None, **initial: Any
    ) -> None:
        fresh = form(initial=initial, auto_id=f"id_{name}_%s", **(more or {}))
        self.forms[f"{name}_form"] = self.bound.get(name) or fresh
