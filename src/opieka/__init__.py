"""Opieka: customer care for online shops."""
