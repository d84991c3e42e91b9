"""The engine in this process: the only door of the program to torch.

Importing this module costs nothing; its functions load torch, which takes a second or two. The
window never calls them: its engine lives in a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photo import Photo
    from engine.progress import Progress
    from engine.request import RestoreRequest, RestoreResult


class Engine(Protocol):
    """What a run needs of `engine.diffusion.restore.Restorer`."""

    def restore(self, request: RestoreRequest, progress: Progress) -> tuple[Photo, RestoreResult]:
        """The picture ready to save; raises `RestorerError`s, and `Cancelled` from `progress`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What torch finds here. `why` says in a few words how `device` came to be chosen."""

    torch: str
    capability: str
    threads: int
    device: str
    why: str


def open_engine(cache: Path) -> Engine:
    """A restorer that keeps its intermediate pictures in `cache`."""
    from engine.diffusion.restore import Restorer

    return Restorer(cache=cache)


def inspect_machine() -> Machine:
    """Ask torch about this machine; raises what a broken installation raises (`ImportError`)."""
    import torch

    from engine.diffusion.devices import compute_dtype, pick_device

    device = pick_device("auto")
    if device.type == "cuda":
        why = f"{torch.cuda.get_device_name(device)} is there"
    elif device.type == "mps":
        why = "an Apple GPU is there"
    else:
        why = "torch finds no GPU that it can use"
    return Machine(
        torch=torch.__version__,
        capability=torch.backends.cpu.get_cpu_capability(),
        threads=torch.get_num_threads(),
        device=device.type,
        why=f"{why}; computes in {str(compute_dtype(device)).removeprefix('torch.')}",
    )
