"""Pictures of known damage, and fitting the judges of `auto` to them."""
