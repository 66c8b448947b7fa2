"""Django forms: what may be sent."""
