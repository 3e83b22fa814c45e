"""Plain twins of simulation/kernels/first_sight.py: tables by hash as lists, and who is new by sets."""

from simulation.state import NOBODY

SEEN = -2


def cells_for(most):
    return max(16, 1 << (4 * most - 1).bit_length())


def cell_of(row, met):
    cell = (int(row) * 0x9E3779B97F4A7C15 % 2**64 >> 40) % len(met)
    while met[cell] not in (NOBODY, row):
        cell = (cell + 1) % len(met)
    return cell


def meet(i, friends, ties, met, met_tie):
    met[:] = NOBODY
    for row, tie in [(i, SEEN), *zip(friends.tolist(), ties.tolist(), strict=True)]:
        if row not in met.tolist():
            cell = cell_of(row, met)
            met[cell], met_tie[cell] = row, tie


def keep_unmet(start, end, met, met_tie, other, channel, tie):
    known = {row: met_tie[cell] for cell, row in enumerate(met.tolist()) if row != NOBODY}
    place = start
    for row, through in zip(other[start:end].tolist(), channel[start:end].tolist(), strict=True):
        cell = cell_of(row, met)
        met[cell], met_tie[cell] = row, SEEN
        if known.get(row) != SEEN:
            other[place], channel[place], tie[place] = row, through, known.get(row, NOBODY)
            place += 1
        known[row] = SEEN
    return place


def keep_first_sights(
    looking, found, through, offsets, neighbours, ties, tie_running, met, met_tie, friends, friends_tie, count, *written
):
    for s, i in enumerate(looking.tolist()):
        mine = slice(offsets[i], offsets[i + 1])
        tie_to = dict(reversed(list(zip(neighbours[mine].tolist(), ties[mine].tolist(), strict=True))))
        passed_over = {i, NOBODY} | {j for j, tie in tie_to.items() if tie_running[tie] > 0}
        for j, channel in zip(found[:, s].tolist(), through.tolist(), strict=False):
            if j not in passed_over:
                for column, value in zip(written, (i, j, channel, tie_to.get(j, NOBODY)), strict=True):
                    column[count] = value
                passed_over.add(j)
                count += 1
    return count
