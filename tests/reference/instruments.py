"""Plain twin of simulation/kernels/instruments.py: one practice of one owner at a time."""

from simulation.purposes import Purpose
from tests.reference.randomness import uniform


def take_into_instruments(key, month, identities, instruments, beliefs, learned, probability):
    renewed = [[int(practice) for practice in row] for row in instruments]
    for owner, identity in enumerate(identities):
        for dimension, belief in enumerate(int(each) for each in beliefs[owner]):
            from_others = learned[owner][dimension] and belief in (-1, 1)
            if not from_others or renewed[owner][dimension] == belief:
                continue
            if uniform(key, Purpose.INSTRUMENT_ADOPTION, month, identity, dimension) < probability:
                renewed[owner][dimension] = belief
    return renewed
