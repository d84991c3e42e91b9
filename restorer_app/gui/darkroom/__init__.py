"""What happens to the photo on screen."""
