"""The weights that ship with the program: what they are, where, and whether they are intact."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from engine.errors import MissingWeights, WrongWeights
from engine.resources import resource


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFile:
    """One file of a model, as the catalogue promises it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One model of the catalogue `resources/models/<id>/model.toml`."""

    id: str
    title: str
    licence: str
    """SPDX name."""
    may_sell: str
    """Plain answer to “may I sell the picture?”."""
    folder: Path
    files: tuple[WeightFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def models() -> list[ModelSpec]:
    """All models that ship with the program; raises `WrongWeights` if a catalogue is damaged."""
    return [read_catalogue(path) for path in sorted(resource("models").glob("*/model.toml"))]


def find_model(id: str) -> ModelSpec:
    """The model called `id`; raises `MissingWeights` naming those there are."""
    known = models()
    for spec in known:
        if spec.id == id:
            return spec
    names = ", ".join(spec.id for spec in known) or "none"
    raise MissingWeights(f"There is no model called “{id}” here; installed: {names}.")


def verify(spec: ModelSpec) -> list[str]:
    """What is wrong with a model's files, one sentence each; empty if all is well."""
    wrong = []
    for file in spec.files:
        path = spec.folder / file.path
        if not path.exists():
            wrong.append(f"{file.path} is missing")
        elif path.stat().st_size != file.bytes:
            wrong.append(f"{file.path} has {path.stat().st_size} bytes instead of {file.bytes}")
        elif sha256(path) != file.sha256:
            wrong.append(f"{file.path} was altered: its checksum differs")
    return wrong


def sha256(path: Path) -> str:
    """Checksum of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_catalogue(spec: ModelSpec) -> None:
    """Write `model.toml` into the model's folder."""
    heads = ("id", "title", "licence", "may_sell")
    lines = [f"{key} = {json.dumps(getattr(spec, key))}" for key in heads]
    for file in spec.files:
        lines += ["", "[[files]]", f"path = {json.dumps(file.path)}", f"bytes = {file.bytes}"]
        lines.append(f'sha256 = "{file.sha256}"')
    (spec.folder / "model.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_catalogue(path: Path) -> ModelSpec:
    """The model whose `model.toml` this is; raises `WrongWeights` if it is damaged."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        files = tuple(WeightFile(**entry) for entry in table.pop("files"))
        return ModelSpec(**table, folder=path.parent, files=files)
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise WrongWeights(f"The catalogue {path.parent.name}/model.toml is damaged.") from error
