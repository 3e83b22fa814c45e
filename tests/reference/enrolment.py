"""Plain twins of simulation/kernels/enrolment.py, one organisation at a time."""

import numpy as np

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import uniform


def brokers_by_region(broker_region, broker_identity, regions):
    offsets, rows = [0], []
    for region in range(regions):
        here = [row for row in range(len(broker_region)) if broker_region[row] == region]
        rows += sorted(here, key=lambda row: (int(broker_identity[row]), row))
        offsets.append(len(rows))
    return np.array(offsets, dtype=np.int64), np.array(rows, dtype=np.int32)


def broker_of_region_choice(key, identity, region, offsets, rows):
    chosen = []
    for address, place in zip(identity, region, strict=True):
        brokers = rows[offsets[place] : offsets[place + 1]]
        u = uniform(key, Purpose.BROKER_CHOICE, 0, address, 0)
        chosen.append(brokers[int(len(brokers) * u)] if len(brokers) else NOBODY)
    return np.array(chosen, dtype=np.int32)


def enrolments(
    key,
    waiting,
    draw,
    identity,
    region,
    broker,
    digital_maturity,
    satisfaction,
    adjacency_offsets,
    neighbours,
    offsets,
    rows,
    promotion,
    event,
    rate,
):
    choices = broker_of_region_choice(key, identity, region, offsets, rows)
    enrolled, joined = [], []
    for row, u in zip(waiting.tolist(), draw, strict=True):
        choice = choices[row]
        if choice == NOBODY:
            continue
        registered = _word_of_mouth(row, broker, satisfaction, rate[4], adjacency_offsets, neighbours)
        held = 1.0 if len(event) and event[region[row]] else 0.0
        chance = rate[0] * (rate[1] + float(digital_maturity[row]))
        chance *= 1.0 + float(promotion[choice])
        chance *= 1.0 + rate[2] * registered
        chance *= 1.0 + rate[3] * held
        if u < chance:
            enrolled.append(row)
            joined.append(choice)
    return np.array(enrolled, dtype=np.int32), np.array(joined, dtype=np.int32)


def _word_of_mouth(row, broker, satisfaction, weight, offsets, neighbours):
    known = neighbours[offsets[row] : offsets[row + 1]].tolist()
    told = 0.0
    for other in (each for each in known if broker[each] != NOBODY):
        told = told + (1.0 + weight * float(satisfaction[other]))
    return told / len(known) if known else 0.0


def enrol_firms(
    key,
    month,
    identity,
    region,
    kind,
    alive,
    broker,
    registered_month,
    digital_maturity,
    satisfaction,
    reached,
    adjacency_offsets,
    neighbours,
    regions,
    broker_region,
    broker_identity,
    promotion,
    event,
    awareness_effect,
    rate,
):
    waiting = np.flatnonzero(alive & (kind == Kind.SME) & (broker == NOBODY))
    draw = [uniform(key, Purpose.ENROLMENT, month, identity[row], 0) for row in waiting]
    draw = [
        u / (1.0 + awareness_effect) if len(reached) and reached[row] else u
        for row, u in zip(waiting, draw, strict=True)
    ]
    firms = (identity, region, broker, digital_maturity, satisfaction, adjacency_offsets, neighbours)
    listed = brokers_by_region(broker_region, broker_identity, regions)
    enrolled, joined = enrolments(key, waiting, draw, *firms, *listed, promotion, event, rate)
    broker[enrolled], registered_month[enrolled] = joined, month
