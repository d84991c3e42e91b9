"""From a training's state to the files that the engine runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from safetensors import SafetensorError

from engine.diffusion.networks import NETWORK_FILE, network_files
from engine.diffusion.weight_files import AdapterHeader, network_of, save_adapter, save_network
from engine.errors import CannotSave, NoPlace, WrongAdapter, WrongWeights
from engine.weights import ModelSpec, WeightFile, read_catalogue, sha256, write_catalogue
from trainer.fit import Learner

LICENCE = "Apache-2.0"


def export(
    learner: Learner, folder: Path, *, id: str, title: str, recipe: str, name: str = ""
) -> ModelSpec:
    """Write network, adapters and catalogue of a model into `folder`.

    A network with a `name` is put beside those of the model that is there, which keeps its own id
    and title. Whatever else of a model lies there is listed with a new one.

    Raises `WrongAdapter` as `keep_whole` does, and `CannotSave`.
    """
    keep_whole(folder, learner.adapters, name)
    network = folder / _network_name(name)
    with written_to(network):
        save_network(learner.network, network, LICENCE, eight_bit=True)
    paths = [network, *export_adapters(learner, folder, sha256(network), recipe)]
    catalogue = folder / "model.toml"
    if name and catalogue.exists():
        list_anew(folder, paths)
        return read_catalogue(catalogue)
    paths += [path for path in _fitting(folder) if path not in paths]
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


def keep_whole(folder: Path, tasks: Iterable[str], name: str = "") -> None:
    """See that an export of these tasks leaves no other adapter in `folder` without its network.

    Raises `WrongAdapter` for one that was trained with the weights which would be replaced, and so
    fits no others.
    """
    network, trained = folder / _network_name(name), set(tasks)
    if not network.exists():
        return
    checksum = sha256(network)
    made_for = {path.stem: _made_for(path) for path in sorted(folder.glob("*.safetensors"))}
    others = [task for task, base in made_for.items() if base == checksum and task not in trained]
    if others:
        raise WrongAdapter(
            f"{network} is also the network of {', '.join(others)}, which would fit no more.",
            "Name another --out, train these tasks too, or remove their files.",
        )


def make_room(path: Path, option: str = "--out") -> None:
    """Make the folder of a file that a training is to write, and see that the file can be written:
    now, not after hours.

    `option` is the one that named it. Raises `NoPlace`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError("it is a folder")
        trial = path.with_name(path.name + ".new")  # the name it has while it is written
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise NoPlace(f"{path} cannot be written: {error}.", f"Name another {option}.") from error


@contextmanager
def written_to(path: Path, option: str = "--out") -> Iterator[None]:
    """Makes the folder of a file that is written meanwhile, as `option` named it; raises
    `CannotSave`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except (OSError, SafetensorError) as error:
        raise CannotSave(
            f"{path} cannot be written: {error}.",
            f"Name another {option}, or make room; a training goes on from its --run.",
        ) from error


def export_adapters(learner: Learner, folder: Path, network: str, recipe: str) -> list[Path]:
    """Write the task adapters alone, for the network file with the checksum `network`.

    Where `folder` is that of a model, its catalogue is brought up to date. Raises `CannotSave`.
    """
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
        with written_to(paths[-1]):
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


def _network_name(name: str) -> str:
    return f"{name}.{NETWORK_FILE}" if name else NETWORK_FILE


def _made_for(path: Path) -> str:
    """The checksum of the network that an adapter file was made for; "" for any other file."""
    try:
        return network_of(path)
    except (WrongAdapter, WrongWeights):
        return ""


def _fitting(folder: Path) -> list[Path]:
    """The files of the model there, without adapters of a network that is gone."""
    networks = {"", *(sha256(path) for path in network_files(folder) if path.exists())}
    return [path for path in sorted(folder.glob("*.safetensors")) if _made_for(path) in networks]


def _listed(path: Path) -> WeightFile:
    return WeightFile(path=path.name, bytes=path.stat().st_size, sha256=sha256(path))
