"""The settings of a training of the predictor, and ready ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.diffusion.network import NetworkSizes


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """A training is `steps` long or, where `hours` is set, as long as that many hours of work."""

    recipe: Path
    photos: Path
    run: Path
    """Folder of checkpoints and log; a run found there is continued."""
    start: Path | None = None
    """Folder of a model whose weights a new run starts from."""
    onto: Path | None = None
    """Folder of a model whose network stays as it is; then only task adapters are trained."""
    sizes: NetworkSizes = field(default_factory=NetworkSizes)
    rank: int = 32
    """Of the task adapters."""
    steps: int = 100_000
    hours: float = 0.0
    learning_rate: float = 8e-4
    warm_up: int = 300
    """Steps over which the learning rate rises from zero."""
    weight_decay: float = 1e-4
    average: float = 0.999
    """Decay of the moving average of the weights, which is what is exported."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    seed: int = 0
    workers: int = 1
    """Processes that make pairs."""
    device: str = "auto"
    save_every: int = 500
    """Steps between checkpoints."""
    log_every: int = 50

    def __post_init__(self) -> None:
        if self.steps < 1 or self.hours < 0 or self.learning_rate <= 0 or self.rank < 1:
            raise ValueError("steps, learning_rate and rank are positive, hours not negative")
        if not 0 < self.average < 1:
            raise ValueError(f"average is between 0 and 1, not {self.average}")


def debug(config: TrainConfig) -> TrainConfig:
    """The same training with a tiny network and few steps, to see that everything runs."""
    return replace(
        config,
        sizes=NetworkSizes(widths=(8, 16), blocks=1),
        rank=2,
        steps=min(config.steps, 20),
        hours=0.0,
        warm_up=2,
        save_every=10,
        log_every=5,
        workers=0,
    )
