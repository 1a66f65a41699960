"""Two officials decide at once: one wins, the other is told. The twin without the lock shows that the test bites."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.services import Opinion, lock, transition
from jinhua_labor.review.states import Action, Recommendation, State

pytestmark = pytest.mark.django_db(transaction=True)

AGREED = Opinion("同意", Recommendation.AGREE)


def both_at_once(review: Review, users: list, read: Callable[..., Review]) -> list[object]:
    """What each of two connections got when both had read the row before either wrote."""
    outcomes: list[object] = []
    barrier = threading.Barrier(2, timeout=5)

    def decide(user) -> None:
        try:
            with transaction.atomic():
                if read is lock:
                    barrier.wait()
                    row = read(review.pk)
                else:
                    row = read(review.pk)
                    barrier.wait()
                outcomes.append(transition(row, Action.APPROVE, by=user, opinion=AGREED))
        except Refused as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return outcomes


def test_两人同时审核只有一人成功(review_in, people):
    review = review_in(State.SCREENED)
    outcomes = both_at_once(review, [people["approver"], people["second"]], lock)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "ReviewEvent"]
    (told,) = (outcome for outcome in outcomes if isinstance(outcome, Conflict))
    assert "审核通过" in told.message
    assert ReviewEvent.objects.filter(review=review, action=Action.APPROVE).count() == 1


def test_不加锁时两人都会成功(review_in, people):
    review = review_in(State.SCREENED)
    outcomes = both_at_once(review, [people["approver"], people["second"]], lambda pk: Review.objects.get(pk=pk))
    assert [type(outcome).__name__ for outcome in outcomes] == ["ReviewEvent", "ReviewEvent"]
