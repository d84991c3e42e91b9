"""FluxIR's adapter: reads the degraded latent, steers every block of a frozen FLUX.

"Acquire and then Adapt" (Deng et al., CVPR 2025, arXiv 2504.15159). The degraded latent y is added
to the noisy one through a linear map that starts at zero, z_c = z_t + M(y); prompt and pooled
prompt get learnable offsets; one trainable double-stream block D, started from the backbone's
first, turns them into two features,

    (f_z, f_p) = D(z_c, p + theta_p, y + theta_y, t),

and behind block i the image stream gets SE_z^i(f_z), the text stream SE_p^i(f_p). With W_e and B_e
zero at the start, a fresh adapter changes nothing at all. That the features are added behind the
block, and not before it, is our reading, as in ControlNets for FLUX; the paper does not say. It
means that the text layer of the very last block has no influence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn

from engine.diffusion.evaluation import Evaluation
from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes
from engine.diffusion.quantised.short_weights import ShortLinear

TEXT_TOKENS = 512
"""Length of the published learnable prompt offset."""
RANK = 32

Sizes = TypeVar("Sizes", Flux1Sizes, Flux2Sizes)


class SeLayer(nn.Module):
    """SE(x) = W_e (W_s x + B_s) + B_e for every token, with W_e = B_e = 0 at the start."""

    def __init__(self, width: int, rank: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(width, rank)
        self.expand = nn.Linear(rank, width)
        nn.init.zeros_(self.expand.weight)
        nn.init.zeros_(self.expand.bias)

    def forward(self, feature: Tensor) -> Tensor:
        """(b, n, width) to the same shape."""
        steering: Tensor = self.expand(self.squeeze(feature))
        return steering


class Trunk(Protocol):
    """The trainable copy of a backbone's embedders and first block."""

    def __call__(self, given: Evaluation, degraded: Tensor) -> tuple[Tensor, Tensor]:
        """Image feature (b, n, width) and text feature (b, m, width).

        `degraded` (b, n, width) is added to the embedded image tokens.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSizes:
    """What an adapter's shapes follow from, beside its trunk."""

    width: int
    """Of the backbone's streams."""
    channels: int
    """Of a token."""
    text_width: int
    blocks: int
    """Double and single blocks of the backbone together."""
    rank: int = RANK
    text_tokens: int = TEXT_TOKENS
    """The longest prompt that has learnable offsets."""

    def __post_init__(self) -> None:
        if min(self.width, self.channels, self.blocks, self.rank, self.text_tokens) < 1:
            raise ValueError(f"an adapter needs layers, not {self}")


class FluxAdapter(nn.Module):
    """The weights of an adapter; evaluated once a step, for it sees the noisy latent too."""

    def __init__(self, sizes: AdapterSizes, trunk: nn.Module) -> None:
        """`trunk` is a module in the form of `Trunk`."""
        super().__init__()
        self.sizes = sizes
        self.degraded_embedder = nn.Linear(sizes.channels, sizes.width)
        nn.init.zeros_(self.degraded_embedder.weight)
        nn.init.zeros_(self.degraded_embedder.bias)
        self.text_offset = nn.Parameter(torch.zeros(sizes.text_tokens, sizes.text_width))
        self.trunk = trunk
        self.image_layers = _layers(sizes)
        self.text_layers = _layers(sizes)

    @property
    def se_parameters(self) -> int:
        """How many of the parameters are in SE layers."""
        layers = (*self.image_layers.parameters(), *self.text_layers.parameters())
        return sum(weight.numel() for weight in layers)

    def start_from(self, transformer: nn.Module) -> None:
        """Take the trunk's embedders and block from a backbone; weights of few bits are unpacked.

        Raises `RuntimeError` if one does not fit, or is not there because a modulation table
        stands in its place; the offsets stay as they are.
        """
        own = self.trunk.state_dict()
        start = {
            name: kept if name.endswith("_offset") else _numbers_of(transformer, name)
            for name, kept in own.items()
        }
        self.trunk.load_state_dict({name: value.detach() for name, value in start.items()})

    def forward(self, given: Evaluation, degraded: Tensor, scale: float = 1.0) -> Steering:
        """Read the degraded tokens (b, n, channels) in the light of this evaluation's inputs.

        It computes in the format of its own weights, whatever the backbone's, so that a float32
        adapter can be trained on a backbone of fewer bits. `scale` multiplies all that is added
        to the backbone. Raises `ValueError` if the prompt is longer than the offsets.
        """
        length, own = given.text.shape[1], self.text_offset.dtype
        if length > self.sizes.text_tokens:
            raise ValueError(f"a prompt of {length} tokens, offsets for {self.sizes.text_tokens}")
        shifted = replace(
            given,
            image=given.image.to(own),
            text=given.text.to(own) + self.text_offset[:length],
            pooled=None if given.pooled is None else given.pooled.to(own),
        )
        image, text = self.trunk(shifted, self.degraded_embedder(degraded.to(own)))
        return Steering(adapter=self, image=image, text=text, scale=scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """An adapter's two features, and the layers that bring them to each block."""

    adapter: FluxAdapter
    image: Tensor
    text: Tensor
    scale: float

    def add(self, block: int, image: Tensor, text: Tensor) -> tuple[Tensor, Tensor]:
        """Both streams behind block number `block`, steered; the shapes stay."""
        to_image = self.adapter.image_layers[block](self.image)
        to_text = self.adapter.text_layers[block](self.text)
        if self.scale != 1.0:
            to_image, to_text = to_image * self.scale, to_text * self.scale
        return image + to_image.to(image.dtype), text + to_text.to(text.dtype)


def adapter_around(
    trunk: Callable[[Sizes], nn.Module],
    sizes: Sizes,
    rank: int,
    text_tokens: int,
    device: str = "cpu",
) -> FluxAdapter:
    """An adapter for a backbone of these sizes; `FluxAdapter.start_from` gives it its start.

    On device "meta" it has shapes and no weights.
    """
    shape = AdapterSizes(
        width=sizes.width,
        channels=sizes.channels,
        text_width=sizes.text_width,
        blocks=sizes.blocks,
        rank=rank,
        text_tokens=text_tokens,
    )
    with torch.device(device):
        return FluxAdapter(shape, trunk(sizes))


def _numbers_of(transformer: nn.Module, name: str) -> Tensor:
    """What a parameter of a trunk is a copy of, in plain numbers; raises `RuntimeError`."""
    place, _, kind = name.replace("block.", "transformer_blocks.0.", 1).rpartition(".")
    try:
        layer = transformer.get_submodule(place)
        if kind == "weight" and isinstance(layer, ShortLinear):
            return layer.weight()
        return layer.get_parameter(kind)
    except AttributeError as error:
        raise RuntimeError(f"the backbone has no numbers for {place}.{kind}") from error


def _layers(sizes: AdapterSizes) -> nn.ModuleList:
    return nn.ModuleList(SeLayer(sizes.width, sizes.rank) for _ in range(sizes.blocks))
