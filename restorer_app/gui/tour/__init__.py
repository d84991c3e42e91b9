"""`restorer bench ui`, and pictures of every corner of the window."""
