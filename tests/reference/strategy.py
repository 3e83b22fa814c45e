"""Plain twins of simulation/kernels/strategy.py."""

from simulation.state import NOBODY


def fit_to_objective(levels, objective):
    total = 0.0
    for weight, level in zip(objective, levels, strict=True):
        total += float(weight) * float(level)
    return total


def fit_of_applications(first, second, knowledge, objective):
    fits = []
    for pair in zip(first.tolist(), second.tolist(), strict=True):
        known = [knowledge[row] for row in pair if row != NOBODY]
        fits.append(fit_to_objective([max(levels) for levels in zip(*known, strict=True)], objective))
    return fits
