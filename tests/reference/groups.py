"""Plain twin of simulation/kernels/groups.py."""


def rows_by_group(group, counted, groups):
    of_group = [[row for row in range(len(group)) if counted[row] and group[row] == place] for place in range(groups)]
    offsets = [sum(map(len, of_group[:place])) for place in range(groups + 1)]
    return offsets, [row for rows in of_group for row in rows]
