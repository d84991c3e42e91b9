"""From a training's state to the files that the engine runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.weight_files import AdapterHeader, save_adapter, save_network
from engine.weights import ModelSpec, WeightFile, read_catalogue, sha256, write_catalogue
from trainer.fit import Learner

LICENCE = "Apache-2.0"


def export(
    learner: Learner, folder: Path, *, id: str, title: str, recipe: str, name: str = ""
) -> ModelSpec:
    """Write network, adapters and catalogue of a model into `folder`.

    A network with a `name` is put beside those of the model that is there, which keeps its own id
    and title. Specialists that lie there are listed with a new model.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = folder / (f"{name}.{NETWORK_FILE}" if name else NETWORK_FILE)
    save_network(learner.network, network, LICENCE, eight_bit=True)
    paths = [network, *export_adapters(learner, folder, sha256(network), recipe)]
    catalogue = folder / "model.toml"
    if name and catalogue.exists():
        list_anew(folder, paths)
        return read_catalogue(catalogue)
    paths += [path for path in sorted(folder.glob("*.*.safetensors")) if path not in paths]
    spec = ModelSpec(
        id=id,
        title=title,
        licence=LICENCE,
        may_sell="Yes, without asking anyone.",
        folder=folder,
        files=tuple(_listed(path) for path in paths),
    )
    write_catalogue(spec)
    return spec


def export_adapters(learner: Learner, folder: Path, network: str, recipe: str) -> list[Path]:
    """Write the task adapters alone, for the network file with the checksum `network`.

    Where `folder` is that of a model, its catalogue is brought up to date.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for task in sorted(learner.adapters):
        adapter = learner.adapter(task)
        header = AdapterHeader(
            task=task,
            title=task.replace("-", " ").capitalize(),
            rank=adapter.rank,
            network=network,
            recipe=recipe,
            licence=LICENCE,
        )
        paths.append(folder / f"{task}.safetensors")
        save_adapter(adapter, paths[-1], header)
    list_anew(folder, paths)
    return paths


def list_anew(folder: Path, written: Sequence[Path]) -> None:
    """Bring the catalogue of the model in `folder` up to date with files `written` there.

    Does nothing where there is no model. Files of the catalogue that are gone are left out.
    """
    if not (folder / "model.toml").exists():
        return
    spec = read_catalogue(folder / "model.toml")
    names = {file.path for file in spec.files} | {path.name for path in written}
    there = sorted(name for name in names if (folder / name).exists())
    write_catalogue(replace(spec, files=tuple(_listed(folder / name) for name in there)))


def _listed(path: Path) -> WeightFile:
    return WeightFile(path=path.name, bytes=path.stat().st_size, sha256=sha256(path))
