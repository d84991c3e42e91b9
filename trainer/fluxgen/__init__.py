"""FluxGen: pictures that a model paints for its own training, and which are worth it."""
