"""What is left when a process is killed in the middle, and when two do the same at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from jinhua_labor.accounts.models import User
from stations.roster.enums import BatchState
from stations.roster.models import Delivery, ImportBatch, Person
from stations.roster.queries import summary
from stations.roster.services import reading
from stations.roster.services.recount import recount_list
from tests.data.people import people
from tests.data.workbooks import roster
from tests.killing import run_and_kill

from .build import commit, empty_list, match, staged, upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROWS = 400
# Does one step in a process of its own and stops, inside its transaction, where the test wants to kill it.
SCRIPT = """
import django, sys, time
django.setup()
from stations.roster.services import {module}
step = {module}.{stop}
def stop(*args, **kwargs):
    found = step(*args, **kwargs)
    print("here", flush=True)
    time.sleep(60)
    return found
{module}.{stop} = stop
{call}
"""


def killed(module: str, stop: str, call: str, tmp_path: Path) -> None:
    """Runs the step until it stops and kills it with SIGKILL; waits until its transaction is gone."""
    run_and_kill(SCRIPT.format(module=module, stop=stop, call=call), tmp_path)


def test_killed_while_staging_leaves_nothing_and_reads_again(operator_user: User, tmp_path: Path) -> None:
    roster_list = empty_list(operator_user)
    batch = reading.upload(roster_list=roster_list, file=upload(roster(people(ROWS))), by=operator_user)
    killed("reading", "stage", f"reading.read(batch_id='{batch.pk}')", tmp_path)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (BatchState.READING, 0)
    batch = reading.read(batch_id=batch.pk)
    assert (batch.state, batch.rows.count()) == (BatchState.CHECKING, ROWS)


def test_killed_while_committing_commits_nothing_and_again_everything(operator_user: User, tmp_path: Path) -> None:
    batch = staged(operator_user, roster(people(ROWS)))
    match(batch, operator_user)
    call = (
        "from jinhua_labor.accounts.models import User\n"
        "from stations.roster.models import ImportBatch\n"
        f"committing.commit(batch=ImportBatch.objects.get(pk='{batch.pk}'),"
        f" by=User.objects.get(pk='{operator_user.pk}'), default_form='DIRECT', consented=True)"
    )
    killed("committing", "_add_to", call, tmp_path)
    batch.refresh_from_db()
    assert (Delivery.objects.count(), Person.objects.count(), batch.state) == (0, 0, BatchState.CHECKING)
    assert batch.rows.count() == ROWS
    assert commit(batch, operator_user).added == ROWS
    assert Delivery.objects.count() == ROWS


def test_killed_between_commit_and_count_the_count_is_still_due(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(5)))
    match(batch, operator_user)
    commit(batch, operator_user)
    batch.roster_list.refresh_from_db()
    assert summary(batch.roster_list).recount_due
    assert recount_list(roster_list=batch.roster_list).recount_due is False


def together(*steps: Callable[[], Any]) -> list[Any]:
    """Runs the steps at once, each on its own connection; their results, or what they raised."""
    barrier, found = threading.Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found[place] = step()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_double_click_commits_once(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(50)))
    match(batch, operator_user)
    found = together(*[lambda: commit(ImportBatch.objects.get(pk=batch.pk), operator_user)] * 2)
    assert sorted(done.added for done in found) == [0, 50]
    assert Delivery.objects.count() == 50


def test_two_tabs_with_the_same_people_add_each_once(operator_user: User) -> None:
    roster_list = empty_list(operator_user)
    files = [roster(people(50)), roster(people(50), below=[["合计", "50人"]])]
    batches = [staged(operator_user, data, roster_list=roster_list) for data in files]
    match(batches[0], operator_user)
    match(batches[1], operator_user)
    found = together(*[lambda batch=batch: commit(batch, operator_user) for batch in batches])
    assert sorted(done.added for done in found) == [0, 50]
    assert (Delivery.objects.count(), Person.objects.count()) == (50, 50)


def test_two_operators_with_the_same_people_share_the_persons(operator_user: User, stranger_operator: User) -> None:
    batches = []
    for user, rows in ((operator_user, people(60)), (stranger_operator, reversed(list(people(60))))):
        batch = staged(user, roster(rows))
        match(batch, user)
        batches.append((batch, user))
    found = together(*[lambda batch=batch, user=user: commit(batch, user) for batch, user in batches])
    assert [done.added for done in found] == [60, 60]
    assert (Delivery.objects.count(), Person.objects.count()) == (120, 60)


def test_two_readers_stage_once(operator_user: User) -> None:
    batch = reading.upload(roster_list=empty_list(operator_user), file=upload(roster(people(30))), by=operator_user)
    found = together(*[lambda: reading.read(batch_id=batch.pk)] * 2)
    assert [one.state for one in found] == [BatchState.CHECKING] * 2
    assert ImportBatch.objects.get(pk=batch.pk).rows.count() == 30


def test_given_up_while_it_is_read_leaves_nothing(operator_user: User) -> None:
    batch = reading.upload(roster_list=empty_list(operator_user), file=upload(roster(people(30))), by=operator_user)
    given_up: list[Any] = []

    def give_up(done: int, total: int) -> None:  # called while rows are on their way into the database
        given_up.extend(together(lambda: reading.discard(batch=batch, by=operator_user)))

    found = reading.read(batch_id=batch.pk, progress=give_up)
    assert [one.state for one in given_up] == [BatchState.DISCARDED]
    assert found.state == BatchState.DISCARDED
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (BatchState.DISCARDED, 0)
