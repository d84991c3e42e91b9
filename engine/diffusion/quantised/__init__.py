"""Layers whose weights stay in 2 to 8 bits."""
