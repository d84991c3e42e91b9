"""The look of the window: colours, icons, languages."""
