"""Transports: one package per provider, each mapping apart from its client."""
