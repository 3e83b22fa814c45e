"""Plain twin of simulation/kernels/profiles.py, one column at a time."""


def write_profiles(
    rows, identity, absorptive_capacity, broker, region, needs, open_to_projects, partner_client, profiles
):
    profiles["identity"][rows] = identity[rows]
    profiles["absorptive_capacity"][rows] = absorptive_capacity[rows]
    profiles["broker"][rows] = broker[rows]
    profiles["region"][rows] = region[rows]
    profiles["needs"][rows] = needs[rows]
    profiles["open_to_projects"][rows] = open_to_projects[rows]
    profiles["partner_client"][rows] = partner_client[rows]
