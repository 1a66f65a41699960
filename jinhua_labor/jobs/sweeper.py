"""Jobs of killed workers: the queue itself leaves them "doing" for ever."""

from __future__ import annotations

import structlog
from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from . import services
from .models import JobState

log = structlog.get_logger("portal.jobs")

STALLED_AFTER = 30  # seconds without a sign of life of the worker
MAX_ATTEMPTS = 3  # a job that kills its worker each time is not run for ever


def is_repeatable(task_name: str) -> bool:
    """Marked so by `background`, or run by the clock, which every room keeps harmless to repeat."""
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    return task_name in services.REPEATABLE or task_name in periodic


async def sweep(manager: JobManager, *, seconds: int = STALLED_AFTER) -> int:
    """Starts repeatable jobs of dead workers again and ends the others; gives the number touched."""
    touched = 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        await _handle(manager, job)
        touched += 1
    return touched


async def _handle(manager: JobManager, job: QueuedJob) -> None:
    job_id = await sync_to_async(services.job_of)(job.id)
    if is_repeatable(job.task_name) and job.attempts < MAX_ATTEMPTS:
        try:
            await manager.retry_job(job, retry_at=timezone.now())
        except UniqueViolation:
            # The clock has queued the same work anew in the meantime (queueing lock): that run does it.
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            return
        if job_id:
            await sync_to_async(services.again)(job_id)
        log.warning("job_revived", task=job.task_name, job=job_id, attempts=job.attempts)
        return
    if job_id:
        await sync_to_async(services.finish)(
            job_id,
            state=JobState.FAILED,
            message="处理被中断，没有完成：文件可能过大或格式异常。请检查后重新提交，或联系管理员。",
        )
    await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    log.error("job_given_up", task=job.task_name, job=job_id, attempts=job.attempts)
