"""The catalogue of large models that can be fetched: `resources/backbones.toml` as records.

Reading it touches no network and no torch. What is exact (bytes, sha256) is None where nobody has
published it: then the hub's word at the first download is kept beside the weights.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar, get_args

from engine.errors import MissingWeights, WrongWeights
from engine.resources import resource

Role = Literal["transformer", "autoencoder", "adapter", "prompt", "text-encoder", "tokenizer"]
Format = Literal["safetensors", "gguf", "bnb-nf4", "fp8", "int8", "diffusers"]
Guided = Literal["none", "distilled", "classifier-free"]

ENCODER = "encoder"
"""The folder, in that of a model, in which its text encoder lies while it is needed."""
BITS: Mapping[str, float] = {
    "q2": 2.6, "q4": 4.5, "nf4": 4.5, "q6": 6.6, "q8": 8.5, "fp8": 8.0, "int8": 8.0,
    "f16": 16.0, "bf16": 16.0,
}  # fmt: skip
"""Bits a weight takes, scales included: block sizes of the GGUF types, NF4 with 64 a block."""

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """One place of the hub where a file can be fetched."""

    repo: str
    """Owner and name."""
    file: str
    revision: str = "main"
    gated: bool = False
    """Whether the owner gives it only to those who accepted its licence and show a token."""

    def url(self, hub: str) -> str:
        """Address below `hub`, which has no slash at its end."""
        return f"{hub}/{self.repo}/resolve/{self.revision}/{self.file}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneFile:
    """One file of a backbone, as the catalogue knows it."""

    path: str
    """Below the model's folder, with “/”."""
    role: Role
    format: Format
    mirrors: tuple[Mirror, ...] = ()
    """In the order in which they are asked; none for a file that ships."""
    variant: str = ""
    """Which of several precisions it is; empty for a file that all of them share."""
    gigabytes: float | None = None
    """Size as published, rounded, in 10^9 bytes: for room and time left, never for checking."""
    bytes: int | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        pure = PurePosixPath(self.path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in self.path or not pure.parts:
            raise ValueError(f"“{self.path}” does not stay in the model's folder")
        if self.role not in get_args(Role) or self.format not in get_args(Format):
            raise ValueError(f"{self.path} has an unknown role or format")
        if self.sha256 is not None and not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueError(f"{self.path} has a checksum that is none")
        if self.variant and self.variant not in BITS:
            raise ValueError(f"{self.path} has an unknown variant")

    @property
    def about(self) -> int | None:
        """Bytes, exact or rounded; None where nothing is known."""
        if self.bytes is not None:
            return self.bytes
        return None if self.gigabytes is None else round(self.gigabytes * 1e9)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRules:
    """Sides of pictures, in pixels, that a backbone takes."""

    multiple_of: int
    minimum: int
    native: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """How a backbone paints pictures out of noise, unless something else is asked for."""

    width: int
    """In pixels."""
    height: int
    steps: int
    guidance: float | None = None
    """None for a backbone that takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneSpec:
    """One model of the catalogue: all that differs between models of a family is a field."""

    id: str
    title: str
    summary: str
    family: str
    licence: str
    may_sell: str
    """Plain answer to “may I sell the picture?”."""
    licence_url: str
    steps: int
    guided: Guided
    parameters: float
    """Of the transformer."""
    variant: str
    """The precision that is fetched unless another is asked for."""
    latent_channels: int
    latent_scale: int
    """Pixels a side that one latent pixel stands for."""
    patch: int
    """Latent pixels a side that make one token."""
    width: int
    """Numbers a token is made of inside the transformer."""
    text_tokens: int
    """Tokens of its longest stored prompt."""
    size: SizeRules
    files: tuple[BackboneFile, ...]
    painting: Painting | None = None
    """None for one that only builds on a draft."""
    modulation: float = 0.0
    """Of the parameters, those that a table of the schedule replaces (`modulation.py`)."""
    reference: bool = False
    """Whether it takes the degraded photo as tokens beside those it paints."""
    ready: bool = True
    """Whether this version can run it; others are listed and not fetched."""
    opt_in: bool = False
    """Whether its licence has to be accepted first, because it is not a free one."""
    shipped: bool = False
    """Whether its files come with the program, in `resources/models`; then nothing is fetched."""
    encoder: tuple[BackboneFile, ...] = ()
    """The text encoder that it was trained with: fetched to encode phrases, removed afterwards."""

    def __post_init__(self) -> None:
        if self.variant not in self.variants:
            raise ValueError(f"{self.id} has no files of its own variant “{self.variant}”")
        if self.guided not in get_args(Guided):
            raise ValueError(f"{self.id} is guided in an unknown way")
        painting = self.painting
        if painting is not None and (painting.guidance is None) != (self.guided == "none"):
            raise ValueError(f"{self.id} paints with a guidance that it does not take, or without")
        if not self.shipped and not all(file.mirrors for file in self.files):
            raise ValueError(f"{self.id} has a file that can be fetched nowhere")

    @property
    def variants(self) -> tuple[str, ...]:
        """The precisions there are files for, in the catalogue's order."""
        return tuple(dict.fromkeys(file.variant for file in self.files if file.variant))

    def files_of(self, variant: str) -> tuple[BackboneFile, ...]:
        """The files that `variant` needs; raises `MissingWeights` if there is no such variant."""
        if variant not in self.variants:
            known = ", ".join(self.variants)
            raise MissingWeights(
                f"{self.title} is not there as “{variant}”", f"Choose one of: {known}."
            )
        return tuple(file for file in self.files if file.variant in ("", variant))

    def weight_bytes(self, variant: str, *, with_modulation: bool = True) -> int:
        """Bytes that the transformer's weights take in memory: parameters times bits."""
        count = self.parameters - (0.0 if with_modulation else self.modulation)
        return round(count * BITS[variant] / 8)

    def token_bytes(self, side: int, number: int) -> int:
        """Bytes that the largest block works in on a tile of `side` pixels, `number` bytes each.

        A single-stream block holds its input, normed input, query, key, value, attention, their
        sum and gate (8 times `width` a token), the hidden layer before and after its activation
        (8 times) and both joined for the last product (5 times): read in the code of diffusers.
        """
        image = (side // (self.latent_scale * self.patch)) ** 2
        tokens = self.text_tokens + image * (2 if self.reference else 1)
        return tokens * self.width * 21 * number

    def config(self, role: Role) -> Path:
        """The shipped file with the network's sizes, so that no repository is asked for it."""
        return resource("backbones", self.id, f"{role}.json")


def backbones(path: Path | None = None) -> tuple[BackboneSpec, ...]:
    """All models of the catalogue; raises `WrongWeights` naming what is wrong with it."""
    place = resource("backbones.toml") if path is None else path
    try:
        table = tomllib.loads(place.read_text(encoding="utf-8"))
        specs = tuple(_spec(entry) for entry in table["backbones"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise WrongWeights(f"The catalogue {place.name} is damaged: {error}.") from error
    if len({spec.id for spec in specs}) != len(specs):
        raise WrongWeights(f"The catalogue {place.name} is damaged: an id occurs twice.")
    return specs


def find_backbone(id: str, path: Path | None = None) -> BackboneSpec:
    """The model called `id`; raises `MissingWeights` naming those there are."""
    known = backbones(path)
    for spec in known:
        if spec.id == id:
            return spec
    names = ", ".join(spec.id for spec in known)
    raise MissingWeights(f"No model called “{id}” can be fetched", f"There are: {names}.")


def _spec(entry: dict[str, object]) -> BackboneSpec:
    """A record from its table; raises `KeyError`, `TypeError` or `ValueError`."""
    files = tuple(_file(file) for file in _tables(entry["files"]))
    (size,) = _tables([entry["size"]])
    painting = _tables([entry["painting"]])[0] if "painting" in entry else None
    encoder = _encoder(entry["encoder"]) if "encoder" in entry else ()
    parts = {
        "files": files,
        "size": _record(SizeRules, size),
        "painting": None if painting is None else _record(Painting, painting),
        "encoder": encoder,
    }
    return _record(BackboneSpec, {**entry, **parts})


def _encoder(value: object) -> tuple[BackboneFile, ...]:
    """The files of a text encoder: they come from one repository, laid out as diffusers does."""
    (table,) = _tables([value])
    origin = {key: entry for key, entry in table.items() if key != "files"}
    files = []
    for entry in _tables(table["files"]):
        rest = {key: value for key, value in entry.items() if key != "file"}
        place = {"path": f"{ENCODER}/{entry['file']}", "format": "diffusers"}
        role = "tokenizer" if str(entry["file"]).startswith("tokenizer") else "text-encoder"
        mirror = _record(Mirror, {**origin, "file": entry["file"]})
        files.append(_record(BackboneFile, {**rest, **place, "role": role, "mirrors": (mirror,)}))
    return tuple(files)


def _file(entry: dict[str, object]) -> BackboneFile:
    mirrors = tuple(_record(Mirror, mirror) for mirror in _tables(entry.get("mirrors", [])))
    return _record(BackboneFile, {**entry, "mirrors": mirrors})


def _tables(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise TypeError("a table is missing")
    return value


def _record(kind: type[_Record], values: Mapping[str, object]) -> _Record:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # always a dataclass
    unknown = set(values) - known
    if unknown:
        raise ValueError(f"unknown fields {', '.join(sorted(unknown))}")
    return kind(**values)
