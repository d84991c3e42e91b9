"""The optimiser: what it does to a matrix, and that it learns where plain steps do not."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from trainer.muon import Muon, orthogonalised


def _step(weight: nn.Parameter, gradient: torch.Tensor, rate: float = 0.1) -> torch.Tensor:
    """By how much one update moves `weight`."""
    before = weight.detach().clone()
    optimiser = Muon([{"params": [weight]}], rate, 0.0)
    weight.grad = gradient
    optimiser.step()
    return weight.detach() - before


def test_singular_values_become_alike_and_vectors_stay() -> None:
    generator = torch.Generator().manual_seed(0)
    for shape in ((12, 50), (50, 12), (20, 20)):
        u, _, v = torch.linalg.svd(torch.randn(shape, generator=generator), full_matrices=False)
        values = torch.linspace(0.05, 3, len(v))
        found = orthogonalised((u * values @ v)[None])[0]
        among = u.T @ found @ v.T
        assert float(among.diagonal().min()) > 0.5
        assert float(among.diagonal().max()) < 1.3
        assert float((among - among.diagonal().diag()).abs().max()) < 0.1


def test_a_convolution_is_moved_as_far_whatever_the_size_of_its_gradient() -> None:
    generator = torch.Generator().manual_seed(1)
    gradient = torch.randn(8, 4, 3, 3, generator=generator)
    small, large = (
        _step(nn.Parameter(torch.zeros(8, 4, 3, 3)), gradient * size) for size in (1e-3, 1e3)
    )
    assert torch.allclose(small, large, atol=1e-3)
    assert 0.01 < float(small.square().mean().sqrt()) < 0.03  # 0.2 of the rate, as of AdamW
    assert float((small * gradient).sum()) < 0


def test_the_layout_in_memory_does_not_matter() -> None:
    generator = torch.Generator().manual_seed(2)
    gradient = torch.randn(6, 5, 3, 3, generator=generator)
    last = torch.channels_last
    plain = _step(nn.Parameter(torch.zeros(6, 5, 3, 3)), gradient)
    turned = _step(
        nn.Parameter(torch.zeros(6, 5, 3, 3).contiguous(memory_format=last)),
        gradient.contiguous(memory_format=last),
    )
    assert torch.equal(plain, turned)


def test_other_weights_learn_by_adam() -> None:
    bias = nn.Parameter(torch.zeros(3))
    moved = _step(bias, torch.tensor([1e-4, -5.0, 0.0]))
    assert torch.allclose(moved, torch.tensor([-0.1, 0.1, 0.0]), atol=1e-4)


@pytest.mark.parametrize("shape", [(2,), (3, 2, 3, 3)])
def test_weights_decay(shape: tuple[int, ...]) -> None:
    weight = nn.Parameter(torch.ones(shape))
    optimiser = Muon([{"params": [weight]}], 0.1, 0.5)
    weight.grad = torch.zeros(shape)
    optimiser.step()
    assert torch.allclose(weight.detach(), torch.full(shape, 0.95))


def test_weak_directions_are_learned_beside_strong_ones() -> None:
    """One channel of the input is a hundred times as faint as the other, and counts as much."""
    generator = torch.Generator().manual_seed(3)
    scales = torch.tensor([1.0, 0.01])[:, None, None]
    layer = nn.Conv2d(2, 2, 1, bias=False)
    optimiser = Muon([{"params": list(layer.parameters())}], 0.3, 0.0)
    with torch.no_grad():
        layer.weight.zero_()
    truth = torch.tensor([[1.0, 10.0], [-1.0, 20.0]])[..., None, None]
    for _ in range(300):
        x = torch.randn(4, 2, 8, 8, generator=generator) * scales
        loss = (layer(x) - F.conv2d(x, truth)).square().mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(loss.detach()) < 0.01
