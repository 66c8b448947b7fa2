"""Foreseeing late deliveries from a shop's own history. Needs numpy: import it where it is used, not at the start."""
