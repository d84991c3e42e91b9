"""Better trajectories and fewer steps, after FLUX-IR."""
