"""The trainings of the texture prior."""
