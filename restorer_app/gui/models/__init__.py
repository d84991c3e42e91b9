"""The page of models, and the choice among them."""
