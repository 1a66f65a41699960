"""For each rule of 续期 that the database holds itself, the row it refuses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from stations.oversight.enums import RenewalState
from tests.meta import rows
from tests.meta.rows import DAY
from tests.meta.rows_renewal import issued, renewal

Make = Callable[..., Callable[[], Any]]


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {
        "stations.Renewal.review": lambda: [
            renewal(id=uuid.uuid4(), review=one) for one in [rows.review()] for _ in range(2)
        ],
        "stations.Renewal.document": twice(issued, document=rows.document),
    }


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "renewal_number_once": twice(renewal, number="XQ-330703-20990101-001"),
        "renewal_one_open": twice(renewal, station=rows.station),
        "renewal_is_longer": wrong(renewal, term_to=DAY, term_was=DAY),
        "renewal_says_what_changed": wrong(renewal, unchanged=False),
        "renewal_returned_has_reason": wrong(renewal, state=RenewalState.RETURNED, answer=""),
        "renewal_refused_has_clause": wrong(renewal, state=RenewalState.REFUSED, clause=""),
        "renewal_issued_whole": wrong(issued, issued_at=None),
        "renewal_follows_the_term": wrong(issued, term_from=DAY),
    }
