"""A worker that starts has the reaction and the jobs, though nothing else imports them."""

from __future__ import annotations

import os
import subprocess
import sys

STARTS = """
import django
django.setup()
from opieka.timeline import reacting
from procrastinate.contrib.django import app
assert "webhooks.tell_programs" in [one.name for one in reacting.reactions()]
assert "webhooks.forget" in app.tasks
"""


def test_a_worker_hears_of_facts_and_forgets_old_deliveries() -> None:
    subprocess.run([sys.executable, "-c", STARTS], check=True, env=dict(os.environ))
