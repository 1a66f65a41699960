"""The rulebook of a test: its own rows, none left to the next."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jinhua_labor.accounts.models import User
from jinhua_labor.rulebook import services
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.models import Version

TODAY = dt.date(2022, 5, 10)


@pytest.fixture(autouse=True)
def _own_book() -> Iterator[None]:
    forget_book()
    yield
    forget_book()


@pytest.fixture
def may(settings: Any) -> dt.date:
    """A day in the trial period: 2022年5月10日."""
    settings.PORTAL_TODAY = TODAY
    return TODAY


@pytest.fixture
def drafted(db: None, may: dt.date, bureau_official: User) -> Callable[..., Version]:
    """A whole draft by the first official, ready to be handed in."""

    def make(kind: Kind = Kind.READING, part: dict[str, Any] | None = None, **head: Any) -> Version:
        row = services.create(key=uuid.uuid4(), kind=kind, subject="测试事项", by=bureau_official)
        if kind is Kind.READING and part is None:
            part = {"pv": {"veto_mode": {"value": "B", "reading": "事故与投诉合计三次以上。"}}}
        if part:
            row = services.save_part(version_id=row.pk, revision=row.revision, part=part, by=bureau_official)
        values: dict[str, Any] = {
            "subject": "测试事项",
            "note": "",
            "decided_by": "测试局",
            "doc_no": "测试人社〔2022〕8号",
            "doc_date": dt.date(2022, 5, 9),
            "valid_from": dt.date(2022, 6, 1) if kind is not Kind.EXTENSION else None,
            "effective_to": dt.date(2026, 12, 31) if kind is not Kind.READING else None,
        }
        values |= head
        return services.save_head(version_id=row.pk, revision=row.revision, by=bureau_official, **values)

    return make


@pytest.fixture
def handed_in(drafted: Callable[..., Version], bureau_official: User) -> Callable[..., Version]:
    """The same, waiting for a second person."""

    def make(*args: Any, **fields: Any) -> Version:
        row = drafted(*args, **fields)
        return services.submit(version_id=row.pk, revision=row.revision, by=bureau_official)

    return make


@pytest.fixture
def in_force(handed_in: Callable[..., Version], bureau_second: User) -> Callable[..., Version]:
    """The same, confirmed by a second person."""

    def make(*args: Any, **fields: Any) -> Version:
        row = handed_in(*args, **fields)
        row = services.confirm(version_id=row.pk, revision=row.revision, by=bureau_second)
        forget_book()  # as its commit does
        return row

    return make
