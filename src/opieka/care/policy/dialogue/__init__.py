"""What is done about a text of a customer's about her delivery: pure rules.

text -> understood (deliveries) -> about which parcel -> what is wished of it -> what is done and said
"""

from opieka.care.policy.dialogue.aiming import Aim, aim, named, number_in, unnamed
from opieka.care.policy.dialogue.thinking import Pending, Scene, Thought, think
from opieka.care.policy.dialogue.wishing import Wanted, address_in, wanted

__all__ = [
    "Aim",
    "Pending",
    "Scene",
    "Thought",
    "Wanted",
    "address_in",
    "aim",
    "named",
    "number_in",
    "think",
    "unnamed",
    "wanted",
]
