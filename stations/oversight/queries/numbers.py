"""Numbers of changes and visits: `BB-330703-20260412-001`, the next of the day."""

from __future__ import annotations

import datetime as dt

from django.db import models

from jinhua_labor.core.locks import lock_name
from jinhua_labor.rulebook import policy_on


def next_number(model: type[models.Model], prefix: str, day: dt.date) -> str:
    """The next number of this series on that day; callers hold a transaction."""
    head = f"{prefix}-{policy_on(day).policy.settings.district_code}-{day:%Y%m%d}-"
    lock_name(head)
    rows = model._default_manager.filter(number__startswith=head)
    last = rows.order_by("-number").values_list("number", flat=True).first()
    return f"{head}{int(last.rsplit('-', 1)[1]) + 1 if last else 1:03d}"
