"""Plain twins of simulation/kernels/services.py, one organisation at a time."""

import numpy as np

from simulation.codes import Kind
from simulation.purposes import Purpose
from simulation.state import NOBODY
from tests.reference.randomness import uniform


def mean_levels(group, counted, knowledge, groups):
    domains = knowledge.shape[1]
    levels = np.zeros((groups, domains))
    for place in range(groups):
        inside = [row for row in range(len(group)) if counted[row] and group[row] == place]
        for domain in range(domains):
            total = 0.0
            for row in inside:
                total = total + float(knowledge[row, domain])
            levels[place, domain] = total / len(inside) if inside else 0.0
    return levels


def correct_needs(rows, group, levels, knowledge, needs):
    for row in rows.tolist():
        chosen = [int(needs[row, 0])]
        lag = [float(levels[group[row], d]) - float(knowledge[row, d]) for d in range(knowledge.shape[1])]
        for old in needs[row, 1:].tolist():
            left = [domain for domain in range(len(lag)) if domain not in chosen]
            chosen.append(max(left, key=lambda domain: (lag[domain], -domain)) if left else old)
        needs[row] = chosen


def copy_largest_lead(guests, hosts, knowledge, share):
    for guest, host in zip(guests.tolist(), hosts.tolist(), strict=True):
        lead = [float(theirs) - float(mine) for theirs, mine in zip(knowledge[host], knowledge[guest], strict=True)]
        domain = lead.index(max(lead))
        if lead[domain] > 0.0:
            knowledge[guest, domain] = float(knowledge[guest, domain]) + share * lead[domain]


def close_gaps(rows, region, quality, share, level):
    for row in rows.tolist():
        before = float(level[row])
        level[row] = np.float32(before + min(1.0, share * float(quality[region[row]])) * (1.0 - before))


def reach_firms(key, month, counter, reach, alive, kind, identity, region, where, rows, drawn):
    smes = np.flatnonzero(alive & (kind == Kind.SME) & where[region]).tolist()
    draws = {row: uniform(key, Purpose.AWARENESS, month, identity[row], counter) for row in smes}
    reached = [row for row in smes if draws[row] < reach]
    rows[: len(reached)], drawn[: len(reached)] = reached, [draws[row] for row in reached]
    return len(reached)


def draw_need_forms(
    key,
    month,
    rate,
    alive,
    kind,
    broker,
    sector,
    size,
    need_form,
    identity,
    sectors,
    least_size,
    most_size,
    broker_member,
    member_partnership,
    active,
    rows,
):
    found = []
    for row in np.flatnonzero(alive & (kind == Kind.SME) & (broker != NOBODY) & ~need_form).tolist():
        member = broker_member[broker[row]]
        at_work = member != NOBODY and active[member_partnership[member]]
        if at_work and sectors[sector[row]] and least_size <= size[row] <= most_size:
            found += [row] if uniform(key, Purpose.NEED_FORM, month, identity[row], 0) < rate else []
    rows[: len(found)] = found
    return len(found)
