"""A shop's own playbooks."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.care.models import Playbook as Row
from opieka.care.types import Playbook
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid


class NoSteps(Invalid):
    code = "playbook_empty"
    sentence = _("A playbook needs at least one step.")


@transaction.atomic
def save_playbook(shop_id: int, *, playbook: Playbook, by: Actor) -> None:
    """Keep what is done about a kind of incident; plans that are open keep their steps."""
    if not playbook.steps:
        raise NoSteps
    Row.objects.update_or_create(
        shop_id=shop_id,
        kind=playbook.kind.value,
        defaults={
            "steps": [step.value for step in dict.fromkeys(playbook.steps)],
            "by_itself_to": playbook.by_itself_to,
            "gift": playbook.gift,
        },
    )
