"""The two Flux families: files, layers, latents, prompts, adapters."""
