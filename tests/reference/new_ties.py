"""Plain twin of simulation/kernels/new_ties.py."""

import numpy as np


def write_ties(
    pairs,
    start,
    month,
    used,
    source,
    credit,
    first,
    second,
    trust,
    born_month,
    used_month,
    origin,
    running_projects,
):
    end = start + len(pairs)
    ends = [divmod(pair, 2**32) for pair in pairs.tolist()]
    first[start:end], second[start:end] = [lower for lower, _ in ends], [higher for _, higher in ends]
    trust[start:end] = np.float32(credit)
    born_month[start:end], used_month[start:end] = month, used
    origin[start:end], running_projects[start:end] = source, 0
