"""Plain twins of simulation/kernels/satisfaction.py, one firm at a time."""

import numpy as np


def move_satisfaction(rows, surprise, memory, satisfaction):
    for row, surprised in zip(rows.tolist(), surprise.tolist(), strict=True):
        before = float(satisfaction[row])
        satisfaction[row] = before + memory * (surprised - before)


def surprise_of_introductions(weight, surplus):
    pairs = zip(surplus.astype(np.float64).tolist(), weight.tolist(), strict=True)
    return np.array([(s - w) / (s + w) if s + w > 0.0 else 0.0 for s, w in pairs], dtype=np.float64)


def compare_places(asking, taken, region, quality, memory, satisfaction):
    seats = [sum(region[row] == place for row in taken) for place in range(len(quality))]
    asked = [sum(region[row] == place for row in asking) for place in range(len(quality))]
    for row in asking.tolist():
        here = region[row]
        got = min(1.0, float(quality[here])) if row in taken.tolist() else 0.0
        before = float(satisfaction[row])
        satisfaction[row] = np.float32(before + memory * (got - seats[here] / asked[here] - before))
