"""Timed work of the timeline: trying set-aside touchpoints again."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from opieka.timeline import reacting


class StillFailing(Exception):
    """The reaction failed again; the job is repeated with a growing pause."""


@app.task(
    name="timeline.retry",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions=[StillFailing]),
)
def retry(failure_id: int) -> None:
    if not reacting.try_again(failure_id):
        raise StillFailing


@app.periodic(cron="* * * * *")
@app.task(name="timeline.rescue", queueing_lock="timeline.rescue", pass_context=False)
async def rescue(timestamp: int) -> None:
    """Put jobs back whose worker was killed: its heartbeat stopped, so nobody is at them."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await manager.retry_job(job)
