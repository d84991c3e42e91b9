"""The yardstick: diffusers' own forward pass in a bare loop, with the usual library's layers.

The weights are the same bytes where a library takes them as they are, and otherwise rounded anew
by the library, matrix by matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise

import torch
from torch import Tensor, nn

from engine.diffusion.backbone import Conditioning
from engine.diffusion.evaluation import PATCH, grid, pack, unpack
from engine.diffusion.flux.flux2 import REFERENCE_MOMENT
from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes
from engine.diffusion.quantised.eight_bit_layers import EightBitLinear
from engine.diffusion.quantised.gguf_layers import GgufLinear
from engine.diffusion.quantised.nf4_layers import Nf4Linear
from engine.diffusion.quantised.short_weights import ShortLinear
from trainer.bench.gpu_networks import Format


class NotHere(Exception):
    """A library that the yardstick needs is not installed."""


def plain_loop(
    network: nn.Module,
    sizes: Flux1Sizes | Flux2Sizes,
    x: Tensor,
    given: Conditioning,
    sigmas: tuple[float, ...],
    dtype: torch.dtype,
) -> Tensor:
    """The latent (1, c, h, w) at the last sigma, by Euler steps in the network's own format.

    As diffusers' pipelines have it: no checks, no float32, no adapter. FLUX.2 is shown the degraded
    latent as further tokens.
    """
    height, width = x.shape[-2:]
    tokens, device = pack(x.to(dtype)), x.device
    words = given.prompt.shape[1]
    fixed: dict[str, Tensor] = {"encoder_hidden_states": given.prompt.to(dtype)}
    if isinstance(sizes, Flux1Sizes):
        assert given.pooled is not None
        fixed["pooled_projections"] = given.pooled.to(dtype)
        fixed["img_ids"] = grid(height // PATCH, width // PATCH, 3, device)
        fixed["txt_ids"] = torch.zeros(words, 3, device=device)
        shown = tokens[:, :0]
    else:
        own = grid(height // PATCH, width // PATCH, 4, device)
        reference = grid(height // PATCH, width // PATCH, 4, device, REFERENCE_MOMENT)
        fixed["img_ids"] = torch.cat((own, reference))
        fixed["txt_ids"] = torch.zeros(words, 4, device=device)
        fixed["txt_ids"][:, -1] = torch.arange(words, device=device)
        shown = pack(given.degraded.to(dtype))
    for here, there in pairwise(sigmas):
        time = torch.full((1,), here, device=device, dtype=dtype)
        inputs = torch.cat((tokens, shown), 1)
        out = network(hidden_states=inputs, timestep=time, return_dict=False, **fixed)[0]
        tokens = tokens + (there - here) * out[:, : tokens.shape[1]]
    return unpack(tokens, height, width).float()


def use_usual_layers(network: nn.Module, form: Format, dtype: torch.dtype) -> str:
    """Put the usual library's layers where ours are, one at a time; returns the library's name.

    Raises `NotHere` where it is not installed.
    """
    names = [name for name, layer in network.named_modules() if isinstance(layer, ShortLinear)]
    if not names:
        return "diffusers"
    library, change = _usual(network.get_submodule(names[0]), form, dtype)
    for name in names:
        layer = network.get_submodule(name)
        assert isinstance(layer, ShortLinear)
        network.set_submodule(name, change(layer))
    return library


def _usual(
    first: nn.Module, form: Format, dtype: torch.dtype
) -> tuple[str, Callable[[ShortLinear], nn.Module]]:
    """The library for layers such as `first`, and what makes its layer of one of ours."""
    if isinstance(first, GgufLinear):
        return "diffusers", lambda layer: _diffusers(layer, dtype)
    library = "bitsandbytes" if isinstance(first, Nf4Linear) else "torchao"
    if find_spec(library) is None:
        raise NotHere(f"needs the package {library}")
    if isinstance(first, Nf4Linear):
        return library, lambda layer: _bitsandbytes(layer, dtype)
    return library, lambda layer: _torchao(layer, form, dtype)


def _diffusers(layer: ShortLinear, dtype: torch.dtype) -> nn.Module:
    from diffusers.quantizers.gguf.utils import GGUFLinear, GGUFParameter
    from gguf import GGMLQuantizationType

    assert isinstance(layer, GgufLinear)
    with torch.device("meta"):
        usual: nn.Linear = GGUFLinear(
            layer.in_features, layer.out_features, layer.bias is not None, compute_dtype=dtype
        )
    weight: nn.Parameter = GGUFParameter(layer.packed, quant_type=GGMLQuantizationType[layer.kind])
    usual.weight = weight
    usual.register_parameter("bias", layer.bias)
    return usual


def _bitsandbytes(layer: ShortLinear, dtype: torch.dtype) -> nn.Module:
    from bitsandbytes.functional import QuantState
    from bitsandbytes.nn import Linear4bit, Params4bit

    assert isinstance(layer, Nf4Linear)
    state = QuantState(
        absmax=layer.largest.flatten(),
        shape=torch.Size((layer.out_features, layer.in_features)),
        code=layer.pairs[:16, 1].contiguous(),
        blocksize=layer.in_features // layer.largest.shape[1],
        quant_type="nf4",
        dtype=dtype,
    )
    with torch.device("meta"):
        usual: nn.Linear = Linear4bit(
            layer.in_features,
            layer.out_features,
            layer.bias is not None,
            compute_dtype=dtype,
            quant_type="nf4",
        )
    usual.weight = Params4bit(
        layer.packed.reshape(-1, 1),
        quant_state=state,
        quant_type="nf4",
        bnb_quantized=True,
        module=usual,
    )
    setattr(usual, "quant_state", state)  # noqa: B010  # nn.Linear has none
    usual.register_parameter("bias", layer.bias)
    return usual


def _torchao(layer: ShortLinear, form: Format, dtype: torch.dtype) -> nn.Module:
    from torchao import quantization as ao

    assert isinstance(layer, EightBitLinear)
    whole = layer.values.dtype == torch.int8
    if form.multiplied:
        config = (
            ao.Int8DynamicActivationInt8WeightConfig()
            if whole
            else ao.Float8DynamicActivationFloat8WeightConfig(granularity=ao.PerRow())
        )
    else:
        config = ao.Int8WeightOnlyConfig() if whole else ao.Float8WeightOnlyConfig()
    with torch.device("meta"):
        usual = nn.Linear(layer.in_features, layer.out_features, layer.bias is not None)
    usual.weight = nn.Parameter(layer.weight().to(dtype), requires_grad=False)
    usual.register_parameter("bias", layer.bias)
    ao.quantize_(usual, config)
    return usual
