"""Blocks of a transformer compiled into kernels of their own: much faster on a GPU, once warm.

Only the blocks are compiled, not the walk over them: all blocks of a kind share one kernel, and an
adapter steers between them as before. The first run takes a minute or more, and tiles of another
size compile anew, so it pays for many tiles of one size. Needs a C compiler, and Triton on a GPU.
"""

from __future__ import annotations

import torch
from torch import nn

_LISTS = ("transformer_blocks", "single_transformer_blocks")


def compile_blocks(network: nn.Module) -> None:
    """Have every block of a transformer compiled at its first run."""
    # Else the row of a modulation table, a number, would make a kernel for each step.
    torch._dynamo.config.allow_unspec_int_on_nn_module = True
    for block in blocks_of(network):
        block.compile(fullgraph=True, dynamic=False)


def compile_trunk(trunk: nn.Module) -> None:
    """Have an adapter's own block compiled at its first run."""
    trunk.get_submodule("block").compile(fullgraph=True, dynamic=False)


def uncompile(network: nn.Module) -> None:
    """Run everything as it is written again, and forget the kernels."""
    for module in network.modules():
        module._compiled_call_impl = None
    torch._dynamo.reset()


def blocks_of(network: nn.Module) -> list[nn.Module]:
    """The blocks of a transformer of either family, in their order."""
    return [block for name in _LISTS for block in network.get_submodule(name).children()]
