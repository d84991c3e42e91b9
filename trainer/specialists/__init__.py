"""The trainings of the small networks: enlarging, light, scratches."""
