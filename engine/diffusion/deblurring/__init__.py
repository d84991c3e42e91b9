"""A photo's own blur: read, and taken out."""
