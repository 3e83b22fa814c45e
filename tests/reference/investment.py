"""Plain twin of simulation/kernels/investment.py, one project at a time."""


def hand_out_tickets(
    projects,
    members,
    member_count,
    presenting,
    region,
    tickets,
    ticket_cents,
    outside_cents,
    ticket_left_cents,
):
    waiting = {row for row in range(len(presenting)) if presenting[row]}
    given = 0
    for project in projects.tolist():
        team = members[project].tolist()[: int(member_count[project])]
        lucky = [member for member in team if member in waiting and tickets[region[member]] > 0][:1]
        for member in lucky:
            waiting.remove(member)
            tickets[region[member]] -= 1
            for account in (outside_cents, ticket_left_cents):
                account[project] += ticket_cents
            given += ticket_cents
    return given
