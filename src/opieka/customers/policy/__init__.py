"""The rules of contact points and of consent."""

from opieka.customers.policy.consent import Joined, standing
from opieka.customers.policy.points import display, normalise, normalised, recognised_by, written

__all__ = ["Joined", "display", "normalise", "normalised", "recognised_by", "standing", "written"]
