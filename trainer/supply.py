"""Batches made ahead by other processes, while the network computes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar, cast

import cv2
import torch
from torch.utils.data import DataLoader, Dataset

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Supply(Protocol[T_co]):
    """Batches by number, the same whenever it is asked for."""

    def batch(self, index: int, /) -> T_co: ...


class _Stream(Dataset[T], Generic[T]):
    """Batches from `start` on, as torch's loader wants them."""

    def __init__(self, supply: Supply[T], start: int, count: int) -> None:
        self.supply, self.start, self.count = supply, start, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> T:
        return self.supply.batch(self.start + index)


def batches(supply: Supply[T], start: int, workers: int, count: int | None = None) -> Iterator[T]:
    """Batches from number `start` on, `count` of them or without end, made ahead by processes."""
    stream = _Stream(supply, start, 10**9 if count is None else max(count, 1))
    ahead = {"prefetch_factor": 6, "multiprocessing_context": "fork"} if workers else {}
    loader = DataLoader(
        stream,
        batch_size=None,
        collate_fn=_same,  # without batches of batches, one item
        num_workers=workers,
        worker_init_fn=_calm_worker,
        **ahead,  # type: ignore[arg-type]  # two options of different types
    )
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # ends its threads, which do not survive a fork and are waited for there
    made = cast("Iterator[T]", iter(loader))
    cv2.setNumThreads(threads)
    return made


def _same(batch: T) -> T:
    return batch


def _calm_worker(number: int) -> None:
    """Pairs are made on one thread a worker, so that they do not fight the network for cores."""
    del number
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
