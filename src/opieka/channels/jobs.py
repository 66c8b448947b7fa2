"""Timed work of the channels: handing messages over, and picking up what a dead process left behind."""

from __future__ import annotations

import logging

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from opieka.channels import adapters, commands, queries
from opieka.channels.adapters.base import ChannelError
from opieka.channels.types import Trouble
from opieka.kernel import clock

log = logging.getLogger(__name__)


@app.task(name="channels.deliver")
def deliver(dispatch_id: int) -> None:
    """One attempt at one message. The network is used between two transactions, never inside one."""
    work = commands.claim(dispatch_id)
    if work is None:
        return
    try:
        receipt = adapters.sender(work.details).send(work.letter)
    except ChannelError as error:
        failed = error
    except Exception as error:
        # Whatever it is, the message must neither stay claimed nor be lost.
        log.exception("dispatch %s", dispatch_id)
        failed = ChannelError(Trouble.UNEXPECTED, type(error).__name__)
    else:
        commands.mark_sent(work, receipt=receipt)
        commands.note_sending(work.account_id, trouble=None)
        return
    commands.mark_failed(work, error=failed)
    if failed.trouble in ACCOUNT_TROUBLES:
        commands.note_sending(work.account_id, trouble=failed)


ACCOUNT_TROUBLES = {
    Trouble.SETTINGS,
    Trouble.UNKNOWN_HOST,
    Trouble.BLOCKED_HOST,
    Trouble.UNREACHABLE,
    Trouble.TLS,
    Trouble.LOGIN,
    Trouble.REFUSED_SENDER,
}


@app.periodic(cron="17 3 * * *")
@app.task(name="channels.renew_tokens", queueing_lock="channels.renew_tokens", pass_context=False)
def renew_tokens(timestamp: int) -> None:
    """Each night: refresh tokens end when they are not used, or soon after they were replaced."""
    for account_id in queries.with_tokens():
        commands.renew_tokens(account_id)


@app.periodic(cron="* * * * *")
@app.task(name="channels.sweep", queueing_lock="channels.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Each minute: messages whose job or process is gone get a new one."""
    now = clock.now()
    for dispatch_id in queries.lost(now, limit=500):
        commands.release_lost(dispatch_id)
    for dispatch_id in queries.overdue(now, limit=500):
        try:
            with transaction.atomic():
                deliver.configure(queueing_lock=f"channels.deliver.{dispatch_id}").defer(
                    dispatch_id=dispatch_id
                )
        except AlreadyEnqueued:
            continue
