"""Cards and sliders."""
