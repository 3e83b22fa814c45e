"""Plain twins of simulation/kernels/groups.py."""

from itertools import pairwise


def rows_by_group(group, counted, groups):
    of_group = [[row for row in range(len(group)) if counted[row] and group[row] == place] for place in range(groups)]
    offsets = [sum(map(len, of_group[:place])) for place in range(groups + 1)]
    return offsets, [row for rows in of_group for row in rows]


def learn_in_groups(offsets, rows, absorptive_capacity, knowledge, rate):
    before = knowledge.astype(float).tolist()
    for start, end in pairwise(offsets.tolist()):
        members = rows[start:end].tolist()
        if len(members) < 2:
            continue
        for domain in range(knowledge.shape[1]):
            total = 0.0
            for row in members:
                total = total + before[row][domain]
            for row in members:
                level = before[row][domain]
                gap = (total - level) / float(len(members) - 1) - level
                if gap > 0.0:
                    knowledge[row, domain] = level + rate * float(absorptive_capacity[row]) * gap
