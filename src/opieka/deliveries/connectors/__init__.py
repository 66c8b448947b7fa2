"""Histories of deliveries from files, to learn from and to measure with."""
