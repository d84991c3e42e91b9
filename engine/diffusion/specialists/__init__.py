"""The small networks beside the predictor: enlarging, light, damage."""
