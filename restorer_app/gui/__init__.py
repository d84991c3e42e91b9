"""The window: one panel a file, Qt only here."""
