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


def see_surplus_by_domain(seeker, other, surplus, least, region, knowledge, seen):
    for learners, teachers in ((seeker, other), (other, seeker)):
        for learner, teacher, worth in zip(learners, teachers, surplus, strict=True):
            for domain in range(knowledge.shape[1]) if worth >= least else ():
                lead = float(knowledge[teacher, domain]) - float(knowledge[learner, domain])
                seen[region[learner], domain] += float(worth) * max(0.0, lead)
