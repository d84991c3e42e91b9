"""Filmstrip and queue."""
