"""Measuring: what `restorer bench` prints, and the tools that lite is compared with."""
