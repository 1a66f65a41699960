"""Which queries a page costs, whenever it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

_BY_THE_CLOCK = re.compile(
    r'usersessions_usersession|core_calendarday|AS "decided".*"rulebook_version"|to_regclass|django_session|SAVEPOINT'
)
"""What is asked once in a while, whatever the page: who is signed in where, whether the calendar or the rulebook has
changed."""


def queries(call: Callable[[], object]) -> list[str]:
    """The statements a call sends; on a slow machine as on a quick one."""
    reset_queries()  # the log holds 9 000; a test that opens every page sends more
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] for query in captured.captured_queries if not _BY_THE_CLOCK.search(query["sql"])]
