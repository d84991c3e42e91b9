"""Training in latents: a backbone of our own, and FluxIR adapters."""
