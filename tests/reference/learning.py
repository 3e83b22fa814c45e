"""Plain twin of simulation/kernels/learning.py."""

from simulation.purposes import Purpose
from tests.reference.randomness import uniform


def research_and_fade(key, month, identity, alive, sector, core_domains, knowledge, own_research, fading):
    for row in (row for row in range(len(alive)) if alive[row]):
        for domain in range(knowledge.shape[1]):
            knowledge[row, domain] = float(knowledge[row, domain]) * (1.0 - fading)
        core = [domain for domain, is_core in enumerate(core_domains[sector[row]]) if is_core]
        if core:
            drawn = core[int(uniform(key, Purpose.OWN_RESEARCH, month, identity[row], 0) * len(core))]
            level = float(knowledge[row, drawn])
            knowledge[row, drawn] = level + own_research * (1.0 - level)
