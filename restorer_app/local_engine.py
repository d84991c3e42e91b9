"""The engine in this process: the only door of the program to torch.

Importing this module costs nothing; its functions load torch, which takes a second or two. The
window never calls them: its engine lives in a process of its own.
"""

from __future__ import annotations

import logging
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.errors import NoPlace, RestorerError
from engine.messages import Failed, Progressed

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from engine.photo import Photo
    from engine.phrases import EncodeOrder
    from engine.placement import Hardware
    from engine.progress import Progress
    from engine.request import RestoreRequest, RestoreResult

log = logging.getLogger(__name__)


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
    hardware: Hardware | None = None
    """What `device` has to offer right now."""


def open_engine(cache: Path) -> Engine:
    """A restorer that keeps its intermediate pictures in `cache`."""
    from engine.diffusion.prior_loading import Priors
    from engine.diffusion.restore import Restorer
    from engine.machine_notes import MachineNotes
    from engine.shelf import Shelf
    from restorer_app.places import machine_file, models_folder

    priors = Priors(MachineNotes(machine_file()))
    return Restorer(cache=cache, shelf=Shelf(models_folder()), priors=priors)


def inspect_machine() -> Machine:
    """Ask torch about this machine; raises what a broken installation raises (`ImportError`)."""
    import torch

    from engine.diffusion.devices import compute_dtype, hardware, pick_device
    from engine.diffusion.eight_bit_blocks import weight_bits

    device = pick_device("auto")
    computes = str(compute_dtype(device)).removeprefix("torch.")
    if device.type == "cpu" and weight_bits():
        computes += ", most of the embedded model in 8 bits"
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
        why=f"{why}; computes in {computes}",
        hardware=hardware(device),
    )


def serve_phrases(pipe: Connection, order: EncodeOrder) -> None:
    """The main function of a child process that encodes phrases: says how far it is through
    `pipe`, and in the end None or what failed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the program decides what Ctrl-C means
    # Everything is on the disk; nothing shall be looked up elsewhere, or written on the terminal.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")
    try:
        from engine.diffusion.flux.phrase_encoder import write_prompts

        write_prompts(order, _Teller(pipe))
        pipe.send(None)
    except RestorerError as error:
        pipe.send(Failed("", error.kind, error.message, error.remedy))
    except ConnectionError:
        return  # the program is gone
    except OSError as error:
        said = f"The phrases cannot be written: {error.strerror or error}"
        pipe.send(Failed("", "NoPlace", said, NoPlace.remedy))
    except Exception as error:
        log.exception("encoding phrases failed")
        said = f"Something went wrong that should not: {error or type(error).__name__}"
        pipe.send(Failed("", type(error).__name__, said, "Please report this."))


class _Teller:
    """A `Progress` that speaks through a pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def report(self, done: float, stage: str = "") -> None:
        self._pipe.send(Progressed("", done, stage))
