"""The only writes of the webhooks."""

from opieka.webhooks.commands.deliveries import (
    NoLonger,
    OnItsWay,
    enqueue,
    forget,
    replay,
    replay_failed,
    send_test,
)
from opieka.webhooks.commands.endpoints import (
    AddressRefused,
    TooManyEndpoints,
    UnknownFact,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    rotate_secret,
    set_active,
)
from opieka.webhooks.commands.sending import claim, note

__all__ = [
    "AddressRefused",
    "NoLonger",
    "OnItsWay",
    "TooManyEndpoints",
    "UnknownFact",
    "add_endpoint",
    "change_endpoint",
    "claim",
    "enqueue",
    "forget",
    "note",
    "remove_endpoint",
    "replay",
    "replay_failed",
    "rotate_secret",
    "send_test",
    "set_active",
]
