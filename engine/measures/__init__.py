"""What can be measured in a photograph: one module for each kind of damage."""
