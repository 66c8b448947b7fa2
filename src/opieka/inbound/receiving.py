"""The process that receives mail: the SMTP listener and the pollers of all mailboxes."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading

from django.conf import settings

from opieka.inbound import listener, pollers

log = logging.getLogger(__name__)


def run() -> int:
    """Receive until SIGINT or SIGTERM; what is being stored is finished first. 1 when the port is taken."""
    return asyncio.run(_run())


async def _run() -> int:
    stopping, stopped = asyncio.Event(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    polling = threading.Thread(target=pollers.run, args=(stopped,), name="pollers")
    polling.start()
    config = settings.OPIEKA
    try:
        if config.smtp_port:
            await listener.serve(config.smtp_host, config.smtp_port, stopping)
        await stopping.wait()
    except OSError as error:
        log.error(  # noqa: TRY400  # the sentence says it all
            "OPIEKA_SMTP_HOST and OPIEKA_SMTP_PORT: cannot listen at %s:%s (%s). Choose a free port, or 0 for none.",
            config.smtp_host,
            config.smtp_port,
            error.strerror,
        )
        return 1
    finally:
        stopped.set()
        await asyncio.to_thread(polling.join)
    return 0
