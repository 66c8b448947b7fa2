"""Reading what care does. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.care.queries.letters import PlanLetter, letter
from opieka.care.queries.plans import effect, plan, plan_of, plans, playbook, playbooks, storms
from opieka.care.queries.wording import notice_text

__all__ = [
    "PlanLetter",
    "effect",
    "letter",
    "notice_text",
    "plan",
    "plan_of",
    "plans",
    "playbook",
    "playbooks",
    "storms",
]
