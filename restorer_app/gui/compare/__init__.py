"""The compare view: before and after, and what lies over and beside them."""
