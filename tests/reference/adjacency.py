"""Plain twins of simulation/kernels/adjacency.py: lists of ties, one node at a time."""

import numpy as np


def adjacency(first, second, n):
    ends = list(zip(first.tolist(), second.tolist(), strict=True))
    known = [[(sum(pair) - i, tie) for tie, pair in enumerate(ends) if i in pair] for i in range(n)]
    offsets = [sum(map(len, known[:i])) for i in range(n + 1)]
    return offsets, [j for row in known for j, _ in row], [tie for row in known for _, tie in row]


def neighbours_by_offsets(first, second, offsets):
    _, neighbours, ties = adjacency(first, second, len(offsets) - 1)
    return np.array(neighbours, np.int32), np.array(ties, np.int32)


def offsets_after(offsets, known, gone, first, second, n):
    left = np.delete(np.arange(len(first)), gone)
    return np.array(adjacency(first[left], second[left], n)[0], np.int64)


def neighbours_from_before(gone, offsets, neighbours, ties, first, second, after):
    left = np.delete(np.arange(len(first)), gone)
    return neighbours_by_offsets(first[left], second[left], after)


def _renumbering(gone, count):
    blocks = -(-count // 128)
    gone_before = [sum(tie < 128 * block for tie in gone.tolist()) for block in range(blocks + 1)]
    mark = [
        sum(tie - tie % 128 <= other < tie for other in gone.tolist()) + 128 * (tie in gone) for tie in range(count)
    ]
    return np.array(gone_before, np.int32), np.array(mark, np.uint8)
