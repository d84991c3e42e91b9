"""What is to be said of each model before somebody fetches or chooses it, as plain data.

Nothing here touches the network or torch: what a model needs is computed from the catalogue, what
the machine has comes from the engine process.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.placement import NoPlacement, choose, need

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.backbones import BackboneFile, BackboneSpec
    from engine.placement import Hardware
    from engine.weights import ModelSpec
    from restorer_app.model_phrases import PhraseWriter
    from restorer_app.model_store import Entry, ModelStore


class Fit(StrEnum):
    """How a precision of a model runs on this machine."""

    UNKNOWN = "unknown"
    """The engine has not said yet what the machine has."""
    WHOLE = "whole"
    """On the graphics card, with tiles of the model's own size."""
    SMALLER = "smaller"
    """On the graphics card, in smaller tiles."""
    SHARED = "shared"
    """On the graphics card, with weights that come from the memory by turns; slower."""
    PROCESSOR = "processor"
    TOO_LARGE = "too large"
    FOREIGN = "foreign"
    """This kind of device does not run that precision, however large it were."""

    @property
    def runs(self) -> bool:
        """Whether it does, as far as is known."""
        return self not in (Fit.TOO_LARGE, Fit.FOREIGN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """One of the precisions a model is there in."""

    name: str
    bytes: int
    """Of its files, as far as that is published."""
    exact: bool
    """Whether all of their sizes are."""
    need: int
    """Bytes of GPU memory with which it runs without off-load."""
    fit: Fit
    peak: int
    """Bytes that it takes on this machine, the way it fits; 0 where it does not."""
    gated: bool
    """Whether its owner gives it only to those who show a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One model: what it is, what it asks for, what of it is here."""

    id: str
    title: str
    summary: str = ""
    licence: str
    may_sell: str
    licence_url: str = ""
    opt_in: bool = False
    shipped: bool = False
    """Whether it comes with the program."""
    ready: bool = True
    """Whether this version can run it."""
    paints: bool = True
    """Whether it paints over the draft; the predictor makes it."""
    is_flux: bool = True
    """Whether it is a Flux model, which also paints out of noise alone."""
    precisions: tuple[Precision, ...] = ()
    usual: str = ""
    """The precision that the catalogue names."""
    preferred: str = ""
    """The precision to fetch: the catalogue's where it fits, else the best one that does."""
    begun: str = ""
    """The precision of which a part is here."""
    here: tuple[str, ...] = ()
    """The precisions that are here whole."""
    bytes: int = 0
    """Of its files that are here."""
    encoder: int = 0
    """Bytes of a text encoder that has to come along once, for a model that follows words."""
    wordless: bool = False
    """Whether it follows words, and some of the presets' are not encoded yet."""

    @property
    def fit(self) -> Fit:
        """How it runs on this machine, in the precision that is here and fits best."""
        fits = [one.fit for one in self.precisions if one.name in self.here]
        return min(fits, key=list(Fit).index, default=Fit.WHOLE)

    @property
    def usable(self) -> bool:
        """Whether a photo can be restored with it now."""
        return self.ready and (bool(self.here) or not self.paints)

    def precision(self, name: str) -> Precision | None:
        return next((one for one in self.precisions if one.name == name), None)


def model_cards(
    shipped: Sequence[ModelSpec], writer: PhraseWriter, machine: Hardware | None
) -> list[ModelCard]:
    """All models, those that come with the program first; `writer` is that of their store."""
    own = [_card_of_predictor(spec) for spec in shipped]
    fetched = [_card(entry, writer, machine) for entry in writer.store.entries()]
    return [*own, *sorted(fetched, key=lambda card: not card.shipped)]


def free_space(folder: Path) -> int | None:
    """Free bytes on the disk of a folder that may not be there yet; None if nobody knows."""
    for place in (folder, *folder.absolute().parents):
        try:
            if place.is_dir():
                return shutil.disk_usage(place).free
        except OSError:
            return None
    return None


def preferred_variant(spec: BackboneSpec, machine: Hardware | None) -> str:
    """The catalogue's precision where it fits as it is meant to, else the best one that does; on
    a processor, where any of them takes long, the catalogue's if it runs at all.

    What wants a token is never taken by itself while something else is there.
    """
    free = [name for name in spec.variants if not _is_gated(spec.files_of(name))] or spec.variants
    if machine is None or (spec.variant in free and _fits_well(spec, spec.variant, machine)):
        return spec.variant
    found = choose(spec, machine, free)
    return spec.variant if isinstance(found, NoPlacement) else found.variant


def _card_of_predictor(spec: ModelSpec) -> ModelCard:
    return ModelCard(
        id=spec.id,
        title=spec.title,
        licence=spec.licence,
        may_sell=spec.may_sell,
        shipped=True,
        paints=False,
        is_flux=False,
        bytes=spec.bytes,
    )


def _card(entry: Entry, writer: PhraseWriter, machine: Hardware | None) -> ModelCard:
    spec, store = entry.spec, writer.store
    wordless = spec.reference and bool(spec.encoder) and bool(writer.waiting(spec))
    return ModelCard(
        id=spec.id,
        title=spec.title,
        summary=spec.summary,
        licence=spec.licence,
        may_sell=spec.may_sell,
        licence_url=spec.licence_url,
        opt_in=spec.opt_in,
        shipped=spec.shipped,
        is_flux=spec.painting is not None,
        ready=spec.ready,
        precisions=tuple(_precision(spec, name, machine) for name in spec.variants),
        usual=spec.variant,
        preferred=preferred_variant(spec, machine),
        begun=_begun(entry, store),
        here=entry.variants,
        bytes=entry.bytes,
        encoder=store.to_fetch(spec, spec.encoder) if wordless else 0,
        wordless=wordless,
    )


def _precision(spec: BackboneSpec, name: str, machine: Hardware | None) -> Precision:
    files = spec.files_of(name)
    fit, peak = _fit(spec, name, machine)
    return Precision(
        name=name,
        bytes=sum(file.about or 0 for file in files),
        exact=all(file.about is not None for file in files),
        need=need(spec, name),
        fit=fit,
        peak=peak,
        gated=_is_gated(files),
    )


def _fit(spec: BackboneSpec, name: str, machine: Hardware | None) -> tuple[Fit, int]:
    if machine is None:
        return Fit.UNKNOWN, 0
    found = choose(spec, machine, [name])
    if isinstance(found, NoPlacement):
        endless = replace(machine, memory=10**15, ram=10**15)
        known = not isinstance(choose(spec, endless, [name]), NoPlacement)
        return (Fit.TOO_LARGE if known else Fit.FOREIGN), 0
    if found.device == "cpu":
        return Fit.PROCESSOR, found.peak
    if found.offload != "none":
        return Fit.SHARED, found.peak
    return (Fit.WHOLE if found.side >= spec.size.native else Fit.SMALLER), found.peak


def _fits_well(spec: BackboneSpec, name: str, machine: Hardware) -> bool:
    return _fit(spec, name, machine)[0] in (Fit.WHOLE, Fit.PROCESSOR)


def _is_gated(files: Sequence[BackboneFile]) -> bool:
    """Whether a file can be had nowhere without a token."""
    return any(file.mirrors and all(one.gated for one in file.mirrors) for file in files)


def _begun(entry: Entry, store: ModelStore) -> str:
    """The precision that a stopped download was for, judged from what it left."""
    spec, place = entry.spec, store.place(entry.spec)
    if not entry.begun and (entry.variants or not entry.bytes):
        return ""
    for name in spec.variants:
        own = [place / file.path for file in spec.files if file.variant == name]
        parts = [path.with_name(path.name + ".part") for path in own]
        if name not in entry.variants and any(path.is_file() for path in (*own, *parts)):
            return name
    return "" if entry.variants else spec.variant
