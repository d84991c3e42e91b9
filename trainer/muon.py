"""The optimiser of the networks: Muon for convolutions, AdamW for all else.

Muon (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024) takes the
momentum of a weight matrix and replaces its singular values by ones, nearly: directions in which
the gradient is always weak are learned as fast as those in which it is strong. Scaled as by Liu et
al. ("Muon is Scalable for LLM Training", 2025), so that an update is as large as one of AdamW and
one learning rate serves both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from engine.diffusion.devices import compute_dtype

_MOMENTUM = 0.95
_BETAS = 0.9, 0.99
_EPSILON = 1e-8
_QUINTIC = 3.4445, -4.7750, 2.0315
"""Of the Newton-Schulz iteration (Jordan et al.): steepest at zero, 0.7 to 1.2 at the end."""
_ITERATIONS = 5
_LIKE_ADAMW = 0.2
"""Root mean square of an AdamW update, over the learning rate (Liu et al.)."""


class Muon(torch.optim.Optimizer):
    """Orthogonalised momentum for weights (out, in, h, w), AdamW for those of other ranks.

    A transposed convolution, (in, out, h, w), is taken as what maps each input channel to all
    places of all outputs. Decoupled weight decay for all.
    """

    def __init__(
        self, groups: Iterable[dict[str, Any]], learning_rate: float, weight_decay: float
    ) -> None:
        super().__init__(groups, {"lr": learning_rate, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Move every weight that has a gradient."""
        del closure
        for group in self.param_groups:
            alike: defaultdict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                if weight.ndim == 4:
                    alike[weight.shape].append(weight)
                else:
                    self._adam(weight, group["lr"])
            for same in alike.values():
                self._orthogonal(same, group["lr"])

    def _orthogonal(self, weights: list[nn.Parameter], rate: float) -> None:
        """One update of convolutions of the same size."""
        steps = []
        for weight in weights:
            assert weight.grad is not None
            state = self.state[weight]
            if not state:
                state["momentum"] = torch.zeros_like(weight)
            momentum = state["momentum"]
            momentum.lerp_(weight.grad, 1 - _MOMENTUM)
            steps.append(_flat(weight.grad.lerp(momentum, _MOMENTUM)))  # Nesterov
        updates = orthogonalised(torch.stack(steps))
        size = _LIKE_ADAMW * max(updates.shape[1:]) ** 0.5
        for weight, update in zip(weights, updates, strict=True):
            weight.add_(_as_weight(update, weight), alpha=-rate * size)

    def _adam(self, weight: nn.Parameter, rate: float) -> None:
        assert weight.grad is not None
        state = self.state[weight]
        if not state:
            state["step"] = torch.zeros(())
            state["mean"], state["square"] = torch.zeros_like(weight), torch.zeros_like(weight)
        state["step"] += 1
        count, (first, second) = float(state["step"]), _BETAS
        state["mean"].lerp_(weight.grad, 1 - first)
        state["square"].lerp_(weight.grad.square(), 1 - second)
        spread = (state["square"] / (1 - second**count)).sqrt_().add_(_EPSILON)
        weight.addcdiv_(state["mean"], spread, value=-rate / (1 - first**count))


def orthogonalised(matrices: Tensor) -> Tensor:
    """Matrices (b, m, n) with singular values of about 1, the smallest less; the vectors kept."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    fast = compute_dtype(matrices.device)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-12)
    x = x.to(fast if fast == torch.bfloat16 else torch.float32)  # float16 has too little range
    a, b, c = _QUINTIC
    for _ in range(_ITERATIONS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    x = x.to(matrices.dtype)
    return x.mT if tall else x


def _flat(weight: Tensor) -> Tensor:
    """(out, in, h, w) as (out, h w in), without a copy where it lies channels last."""
    return weight.permute(0, 2, 3, 1).flatten(1)


def _as_weight(flat: Tensor, like: Tensor) -> Tensor:
    """`_flat` undone."""
    out, channels, height, width = like.shape
    return flat.view(out, height, width, channels).permute(0, 3, 1, 2)
