"""A loaded backbone brought to where a placement wants it: device, number format, off-load.

Off-loaded weights have their home in the system's memory, and a copy is brought to the device for
as long as it is needed there; on leaving the copy is dropped, nothing is carried back.

model: transformer and autoencoder take turns on the device. blocks: the transformer's blocks come
one after another, while its embedders, its last layer and the adapter's small layers stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from engine.diffusion.backbone import Conditioning, LatentSpec
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.prompts import Prompt
from engine.diffusion.flux.vae_tiles import TiledAutoencoder
from engine.diffusion.quantised.short_weights import ShortLinear
from engine.placement import Placement

HOME = torch.device("cpu")

Load = Callable[[Placement], FluxBackbone]
"""Reads a backbone from its files: where the placement's weights have their home, in its format."""


class Guest:
    """Weights that are on the device only while they are needed."""

    def __init__(self, tensors: Iterable[Tensor]) -> None:
        """All of them lie at their home."""
        self._homes = [(one, one.data) for one in tensors]
        self.stays = 0
        """How often they were brought."""
        self._is_here = False

    def bring(self, device: torch.device) -> None:
        """Copy them to the device, unless they are there: all of them, or none where it is full."""
        if self._is_here:
            return
        self._is_here = True
        self.stays += 1
        try:
            with torch.inference_mode(False):
                for tensor, home in self._homes:
                    tensor.data = home.to(device, non_blocking=True)
        except BaseException:
            self.leave()  # else a smaller tile would take a part of them for all
            raise

    def leave(self) -> None:
        """Drop the copies, if there are any."""
        if not self._is_here:
            return
        for tensor, home in self._homes:
            tensor.data = home
        self._is_here = False


class Turns:
    """A backbone whose autoencoder and transformer take turns on the device.

    `Backbone` says what the methods promise.
    """

    def __init__(self, backbone: FluxBackbone, device: torch.device, *, by_blocks: bool) -> None:
        """All of `backbone` lies at home. Call `end` before anything else is done with it."""
        self._backbone, self._device = backbone, device
        blocks = list(_blocks(backbone)) if by_blocks else []
        self.blocks = [Guest(tensors_of(block)) for block in blocks]
        apart = {id(one) for block in blocks for one in tensors_of(block)}
        self.transformer = Guest(one for one in _working(backbone) if id(one) not in apart)
        self.autoencoder = Guest(tensors_of(network_of(backbone)))
        self._hooks = [
            hook
            for block, guest in zip(blocks, self.blocks, strict=True)
            for hook in self._hooked(block, guest)
        ]

    @property
    def spec(self) -> LatentSpec:
        return self._backbone.spec

    def encode(self, image: Tensor) -> Tensor:
        self._have(self.autoencoder)
        return self._backbone.encode(image)

    def decode(self, latent: Tensor) -> Tensor:
        self._have(self.autoencoder)
        return self._backbone.decode(latent)

    def condition(self, degraded: Tensor, draft: Tensor | None = None) -> Conditioning:
        self._have(self.autoencoder)
        return self._backbone.condition(degraded, draft)

    def condition_on_prompt(self, noise: Tensor) -> Conditioning:
        """See `FluxBackbone`."""
        return self._backbone.condition_on_prompt(noise)

    def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        self._have(self.transformer)
        return self._backbone.velocity(x, sigma, given)

    def end(self) -> None:
        """Everything is at home again, and the backbone itself."""
        for hook in self._hooks:
            hook.remove()
        for guest in (self.transformer, self.autoencoder, *self.blocks):
            guest.leave()

    def _have(self, guest: Guest) -> None:
        """The other one leaves; this one stays on until it has to."""
        other = self.autoencoder if guest is self.transformer else self.transformer
        other.leave()
        guest.bring(self._device)

    def _hooked(self, block: nn.Module, guest: Guest) -> tuple[RemovableHandle, RemovableHandle]:
        def arrive(module: nn.Module, inputs: object) -> None:
            guest.bring(self._device)

        def go(module: nn.Module, inputs: object, outputs: object) -> None:
            guest.leave()

        return block.register_forward_pre_hook(arrive), block.register_forward_hook(go)


@dataclass(frozen=True, slots=True)
class _Place:
    """What of a placement matters to where a backbone is."""

    device: str
    dtype: str
    offload: str
    vae_side: int


class Stage:
    """Keeps one backbone, and has it where the last placement wanted it."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._backbone: FluxBackbone | None = None
        self._numbers: list[bool] = []
        """Which of the working tensors are stored in the format that the transformer computes in.
        Places in their order, for some devices make other tensors of them."""
        self._turns: Turns | None = None
        self._at: _Place | None = None
        self.prompt: Prompt | None = None
        """The prompt from now on; None is the one it is loaded with."""

    def __call__(self, placement: Placement) -> FluxBackbone | Turns:
        """The backbone, placed so; it is read from its files the first time.

        Raises what loading raises, and whatever the device says when memory runs out; a later
        call then starts from wherever that left it.
        """
        wanted = _Place(placement.device, placement.dtype, placement.offload, placement.vae_side)
        if wanted != self._at:
            self._at = None
            self._arrange(placement)
            self._at = wanted
        assert self._backbone is not None
        if self.prompt is not None:
            self._backbone.prompt = self.prompt
        return self._backbone if self._turns is None else self._turns

    def _arrange(self, placement: Placement) -> None:
        if self._turns is not None:
            self._turns.end()
            self._turns = None
        if self._backbone is None:
            self._backbone = self._load(placement)
            own = self._backbone.dtype
            self._numbers = [one.dtype == own for one in _working(self._backbone)]
        backbone, device = self._backbone, torch.device(placement.device)
        home = device if placement.offload == "none" else HOME
        for module in (backbone.transformer, *_adapter(backbone), network_of(backbone)):
            module.to(home)
        _set_format(backbone, self._numbers, getattr(torch, placement.dtype))
        _set_tiles(backbone, placement.vae_side)
        if placement.offload != "none":
            self._turns = Turns(backbone, device, by_blocks=placement.offload == "blocks")


def network_of(backbone: FluxBackbone) -> nn.Module:
    """The weights of a backbone's autoencoder, in tiles or not."""
    autoencoder = backbone.autoencoder
    if isinstance(autoencoder, TiledAutoencoder):
        autoencoder = autoencoder.whole
    network = getattr(autoencoder, "network", None)
    assert isinstance(network, nn.Module)
    return network


def tensors_of(module: nn.Module) -> Iterator[Tensor]:
    """Parameters and buffers."""
    yield from module.parameters()
    yield from module.buffers()


def _adapter(backbone: FluxBackbone) -> Iterator[nn.Module]:
    if backbone.adapter is not None:
        yield backbone.adapter


def _working(backbone: FluxBackbone) -> Iterator[Tensor]:
    """All that a velocity is computed with."""
    yield from tensors_of(backbone.transformer)
    for adapter in _adapter(backbone):
        yield from tensors_of(adapter)


def _blocks(backbone: FluxBackbone) -> Iterator[nn.Module]:
    """What is large and used one after another; an adapter's trunk is a block as well."""
    for name in ("transformer_blocks", "single_transformer_blocks"):
        yield from backbone.transformer.get_submodule(name).children()
    if backbone.adapter is not None:
        yield backbone.adapter.trunk


def _set_format(backbone: FluxBackbone, numbers: Iterable[bool], dtype: torch.dtype) -> None:
    """Let the transformer compute in `dtype`; what is stored in fewer bits stays as it is.

    Up to float32 and back again nothing is lost.
    """
    for tensor, is_number in zip(_working(backbone), numbers, strict=True):
        if is_number:
            tensor.data = tensor.data.to(dtype)
    for module in backbone.transformer.modules():
        if isinstance(module, ShortLinear):
            module.dtype = dtype
    backbone.dtype = dtype


def _set_tiles(backbone: FluxBackbone, side: int) -> None:
    """Let the autoencoder work in tiles of `side` pixels, or on everything at once for 0."""
    autoencoder = backbone.autoencoder
    whole = autoencoder.whole if isinstance(autoencoder, TiledAutoencoder) else autoencoder
    backbone.autoencoder = TiledAutoencoder(whole, side) if side else whole
