"""Plain twins of simulation/kernels/orders.py: sorting by tuples."""


def rising_order(keys):
    keys = [int(key) for key in keys]
    return sorted(range(len(keys)), key=lambda position: (keys[position], position))


def decreasing_order(weights, addresses):
    return sorted(
        range(len(weights)),
        key=lambda position: (-float(weights[position]), int(addresses[position]), position),
    )
