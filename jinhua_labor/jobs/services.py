"""Starting work in the background and telling how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import structlog
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from jinhua_labor.core.errors import Refused

from .models import OPEN_STATES, Job, JobState

if TYPE_CHECKING:
    from procrastinate.tasks import Task

    from jinhua_labor.accounts.models import Organisation, User
    from jinhua_labor.attachments.models import Attachment

log = structlog.get_logger("portal.jobs")
P = ParamSpec("P")

REPEATABLE: set[str] = set()
"""Names of tasks that may simply be run again after a worker was killed."""
STATEMENT_TIMEOUT = "300s"
LOCK_TIMEOUT = "60s"
REPORT_EVERY = 0.5  # seconds between two reports of progress


class JobHandle:
    """What a task sees of its job: it reports progress and may leave a result and a last word."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self.result: Attachment | None = None
        self.message = ""
        self._reported = 0.0
        self._side: Any = None

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        """Tells how far the work is, at once and at most twice a second, also from inside a transaction."""
        now = time.monotonic()
        if now - self._reported < REPORT_EVERY and done != total:
            return
        self._reported = now
        # Inside a transaction the row would stay unseen until its end, so the report takes a connection of its own.
        with self._connection().cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET total = GREATEST(%s, 0), done = CASE WHEN %s > 0 THEN LEAST(%s, %s) ELSE %s END,"
                " message = CASE WHEN %s <> '' THEN %s ELSE message END, heartbeat_at = now() WHERE id = %s",
                [total, total, done, total, done, message[:300], message[:300], self.job_id],
            )

    def _connection(self) -> Any:
        if not connection.in_atomic_block:
            return connection
        if self._side is None:
            self._side = connections.create_connection("default")
        return self._side

    def close(self) -> None:
        if self._side is not None:
            self._side.close()
            self._side = None


@contextmanager
def _running(job_id: str) -> Iterator[JobHandle | None]:
    """Marks the job running and, afterwards, done or failed; None when it is finished already (a second delivery)."""
    with connection.cursor() as cursor:
        # Web requests give up after seconds; background work may take minutes.
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [STATEMENT_TIMEOUT])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    started = Job.objects.filter(pk=job_id, state__in=OPEN_STATES).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=timezone.now(), heartbeat_at=timezone.now()
    )
    if not started:
        yield None
        return
    handle = JobHandle(job_id)
    try:
        yield handle
    except Refused as refusal:
        finish(job_id, state=JobState.FAILED, message=refusal.message)
    except Exception:
        log.exception("job_failed", job=job_id)
        finish(job_id, state=JobState.FAILED, message=f"处理时出错，没有完成。请联系管理员，任务编号 {job_id[:8]}。")
        raise
    else:
        finish(job_id, state=JobState.DONE, message=handle.message, result=handle.result)
    finally:
        handle.close()


def background(
    *, name: str, repeatable: bool, queue: str = "default"
) -> Callable[[Callable[Concatenate[JobHandle, P], None]], Task[Any, Any, Any]]:
    """Makes a function a background task with a `Job` row; its first argument is the `JobHandle`.

    `repeatable` says that a second run after a killed first one is harmless: only then does the sweeper start it again,
    else the person is told. A `Refused` raised inside becomes the job's message. Stands in the room's `tasks.py`.
    """

    def decorate(function: Callable[Concatenate[JobHandle, P], None]) -> Task[Any, Any, Any]:
        @wraps(function)
        def run(*, job_id: str, **args: Any) -> None:
            with _running(job_id) as handle:
                if handle is not None:
                    function(handle, **args)  # type: ignore[call-arg]

        if repeatable:
            REPEATABLE.add(name)
        return app.task(name=name, queue=queue)(run)

    return decorate


@transaction.atomic
def start(
    *,
    kind: str,
    title: str,
    by: User,
    task: Task[Any, Any, Any],
    args: Mapping[str, Any] | None = None,
    organisation: Organisation | None = None,
    total: int = 0,
    back_url: str = "",
) -> Job:
    """Queues a task made by `background` inside the caller's transaction: no job without its data, nor the reverse.

    `args` must be JSON; `organisation` (default: the person's own) is who may watch it; `back_url` is the page
    to return to.
    """
    job = Job.objects.create(
        kind=kind,
        title=title[:100],
        organisation=organisation or by.organisation,
        created_by=by,
        total=total,
        back_url=back_url,
    )
    job.queue_id = task.defer(job_id=str(job.pk), **dict(args or {}))
    job.save(update_fields=["queue_id"])
    return job


def finish(job_id: str, *, state: JobState, message: str = "", result: Attachment | None = None) -> None:
    """Ends a job that is still open; a finished one stays as it is."""
    ended: dict[str, Any] = {"state": state, "finished_at": timezone.now(), "result": result}
    if message:
        ended["message"] = message[:300]
    if state == JobState.DONE:
        ended["done"] = F("total")
    Job.objects.filter(pk=job_id, state__in=OPEN_STATES).update(**ended)


def job_of(queue_id: int | None) -> str:
    """The id of the job behind an entry of the queue, or '' for work nobody waits for."""
    found = Job.objects.filter(queue_id=queue_id).values_list("pk", flat=True).first() if queue_id else None
    return str(found or "")


def again(job_id: str) -> None:
    """Puts a job whose worker was killed back to the queue's state."""
    Job.objects.filter(pk=job_id, state__in=OPEN_STATES).update(
        state=JobState.QUEUED, heartbeat_at=None, message="处理曾被中断，已自动重新开始。"
    )
