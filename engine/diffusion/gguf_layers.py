"""Layers that keep GGUF's short formats and unpack them each time they run (diffusers' classes)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.errors import WrongWeights


def is_packed(value: Tensor) -> bool:
    """Whether a tensor holds blocks of GGUF's and not numbers."""
    return hasattr(value, "quant_type")


def unpacked(value: Tensor, dtype: torch.dtype) -> Tensor:
    """The numbers of a packed tensor."""
    from diffusers.quantizers.gguf.utils import dequantize_gguf_tensor

    numbers: Tensor = dequantize_gguf_tensor(value)
    return numbers.to(dtype)


def put_packed(network: nn.Module, name: str, value: Tensor, dtype: torch.dtype) -> None:
    """Give a network the packed parameter `name`; its layer computes in `dtype` from now on.

    What is not the weight of a linear layer is unpacked for good. Raises `WrongWeights` where
    there is no such parameter.
    """
    from diffusers.quantizers.gguf.utils import GGUFLinear

    place, _, kind = name.rpartition(".")
    layer = network.get_submodule(place)
    if not isinstance(layer, nn.Linear) or kind != "weight":
        setattr(layer, kind, nn.Parameter(unpacked(value, dtype), requires_grad=False))
        return
    if not isinstance(layer, GGUFLinear):
        with torch.device("meta"):
            packed: nn.Linear = GGUFLinear(
                layer.in_features,
                layer.out_features,
                bias=layer.bias is not None,
                compute_dtype=dtype,
            )
        packed.bias = layer.bias
        network.set_submodule(place, packed)
        layer = packed
    if not isinstance(value, nn.Parameter):
        raise WrongWeights(f"{name} is packed in an unknown way.")
    layer.weight = value
