"""The settings of a training of the predictor, and ready ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.diffusion.network import NetworkSizes
from trainer.loop import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """What is trained on what, from where, and at which pace."""

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
    pace: Pace = field(default_factory=Pace)
    seed: int = 0
    workers: int = 1
    """Processes that make pairs."""
    device: str = "auto"

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"an adapter has rank 1 or more, not {self.rank}")


def debug(config: TrainConfig) -> TrainConfig:
    """The same training with a tiny network and few steps, to see that everything runs."""
    return replace(
        config,
        sizes=NetworkSizes(widths=(8, 16), blocks=1),
        rank=2,
        pace=replace(
            config.pace,
            steps=min(config.pace.steps, 20),
            hours=0.0,
            warm_up=2,
            save_every=10,
            log_every=5,
        ),
        workers=0,
    )
