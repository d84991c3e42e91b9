"""Errors, warnings and notes in the window's language."""
