"""From a training's state to the files that the engine runs."""

from __future__ import annotations

from pathlib import Path

from engine.diffusion.predictor import NETWORK_FILE
from engine.diffusion.weight_files import AdapterHeader, save_adapter, save_network
from engine.weights import ModelSpec, WeightFile, sha256, write_catalogue
from trainer.fit import Learner


def export(learner: Learner, folder: Path, *, id: str, title: str, recipe: str) -> ModelSpec:
    """Write network, adapters and catalogue of a model into `folder`, in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    licence = "Apache-2.0"
    network = folder / NETWORK_FILE
    save_network(learner.network, network, licence)
    paths = [network]
    for task in sorted(learner.adapters):
        adapter = learner.adapter(task)
        header = AdapterHeader(
            task=task,
            title=task.replace("-", " ").capitalize(),
            rank=adapter.rank,
            network=sha256(network),
            recipe=recipe,
            licence=licence,
        )
        paths.append(folder / f"{task}.safetensors")
        save_adapter(adapter, paths[-1], header)
    files = tuple(
        WeightFile(path=path.name, bytes=path.stat().st_size, sha256=sha256(path)) for path in paths
    )
    spec = ModelSpec(
        id=id,
        title=title,
        licence=licence,
        may_sell="Yes, without asking anyone.",
        folder=folder,
        files=files,
    )
    write_catalogue(spec)
    return spec
