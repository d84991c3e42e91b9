"""The networks of a model, each found by the checksum that the adapters made for it name.

Most tasks share the network of `NETWORK_FILE`. Tasks whose training would pull its weights another
way have one of their own beside it, `NAME.predictor.safetensors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.diffusion.network import Network
from engine.diffusion.weight_files import load_network, network_of
from engine.errors import MissingWeights, WrongAdapter
from engine.weights import sha256

NETWORK_FILE = "predictor.safetensors"


def network_files(folder: Path) -> list[Path]:
    """The networks in a model's folder, the main one first."""
    main = folder / NETWORK_FILE
    return [main, *sorted(path for path in folder.glob(f"*.{NETWORK_FILE}"))]


class Networks:
    """Those of one model's folder; each is read when it is first asked for, and kept."""

    def __init__(self, folder: Path, known: Mapping[str, Network] | None = None) -> None:
        """`known` are networks that need not be read, by checksum, the main one first."""
        self.folder = folder
        self._loaded = dict(known or {})
        self._main = next(iter(self._loaded), None)
        self._files: dict[str, Path] | None = None

    @property
    def main(self) -> tuple[Network, str]:
        """The main network and its file's sha256; raises `MissingWeights` or `WrongWeights`."""
        if self._main is None:
            path = self.folder / NETWORK_FILE
            if not path.exists():
                raise MissingWeights(f"The weights file {NETWORK_FILE} is missing.")
            self._main = sha256(path)
            if self._main not in self._loaded:
                self._loaded[self._main] = load_network(path)
        return self._loaded[self._main], self._main

    def of(self, adapter: Path) -> tuple[Network, str]:
        """The network that an adapter file was made for, and its sha256.

        Raises `MissingWeights` if that is gone from the model, `WrongAdapter` if the adapter is not
        of this model, and the errors of reading files.
        """
        checksum = network_of(adapter)
        if checksum not in self._loaded:
            files = self._by_checksum()
            if checksum not in files:
                if adapter.parent == self.folder:
                    raise MissingWeights(f"The network that {adapter.name} is for is missing.")
                raise WrongAdapter(f"{adapter.name} was made for another version of the predictor.")
            self._loaded[checksum] = load_network(files[checksum])
        return self._loaded[checksum], checksum

    def _by_checksum(self) -> Mapping[str, Path]:
        if self._files is None:
            there = [path for path in network_files(self.folder) if path.exists()]
            self._files = {sha256(path): path for path in there}
        return self._files
