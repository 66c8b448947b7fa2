"""Reading what care does. Whoever asks sees only the shops named."""

from __future__ import annotations

from opieka.care.queries.dialogue import listens, turn, turns, undoable
from opieka.care.queries.letters import PlanLetter, gift_letter, letter
from opieka.care.queries.plans import effect, gift, plan, plan_of, plans, playbook, playbooks, storms
from opieka.care.queries.wording import notice_text

__all__ = [
    "PlanLetter",
    "effect",
    "gift",
    "gift_letter",
    "letter",
    "listens",
    "notice_text",
    "plan",
    "plan_of",
    "plans",
    "playbook",
    "playbooks",
    "storms",
    "turn",
    "turns",
    "undoable",
]
