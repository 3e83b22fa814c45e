"""Plain twin of simulation/kernels/profiles.py, one column at a time."""


def write_profiles(rows, identity, absorptive_capacity, broker, region, needs, profiles):
    profiles["identity"][rows] = identity[rows]
    profiles["absorptive_capacity"][rows] = absorptive_capacity[rows]
    profiles["broker"][rows] = broker[rows]
    profiles["region"][rows] = region[rows]
    profiles["needs"][rows] = needs[rows]
