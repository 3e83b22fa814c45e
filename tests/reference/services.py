"""Plain twins of simulation/kernels/services.py, one organisation at a time."""

import numpy as np


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
