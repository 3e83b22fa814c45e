import numpy as np
import pytest

from simulation.geography import great_circle_km, map_of
from simulation.scenario import scenario_from_values
from tests.verification_runs import ecosystem

OUTSIDE = {"name": "Elsewhere", "country": "CN", "latitude": 35.0, "longitude": 103.0, "external": True}


def geography(**options):
    values = ecosystem(**options)
    values["regions"]["AA"] = OUTSIDE
    return map_of(scenario_from_values(values, "a map"))


def test_a_degree_on_the_equator_is_111_km_and_antipodes_are_half_the_circumference():
    distance = great_circle_km(np.array([0.0, 0.0, 0.0]), np.array([0.0, 1.0, 180.0]))
    assert distance[0].tolist() == [0.0, 111.2, 20015.1]
    assert (distance == distance.T).all()


def test_regions_stand_in_the_order_of_their_codes_and_external_places_after_them():
    places = geography(regions=("SI04", "AT32", "DE21"))
    assert places.regions == ("AT32", "DE21", "SI04", "AA")
    assert places.has_firms.tolist() == [True, True, True, False]
    assert places.countries == ("AT", "CN", "DE", "SI")


def test_an_external_place_has_no_clusters():
    places = geography(sectors=("health", "digital"))
    assert places.sectors == ("digital", "health")
    assert places.cluster_region.tolist() == [0, 0, 1, 1]
    assert places.cluster_sector.tolist() == [0, 1, 0, 1]


def test_neighbours_are_mutual_even_if_one_of_them_is_silent():
    values = ecosystem()
    values["regions"]["AT32"]["neighbours"] = []
    neighbour = map_of(scenario_from_values(values, "a map")).neighbour
    assert neighbour.tolist() == [[False, True], [True, False]]


def test_a_border_lies_between_countries_not_between_regions():
    places = geography(regions=("AT13", "AT32", "DE21"))
    assert places.across_border[:3, :3].tolist() == [
        [False, False, True],
        [False, False, True],
        [True, True, False],
    ]


@pytest.mark.parametrize("column", ["region_identity", "cluster_identity"])
def test_addresses_do_not_depend_on_what_else_there_is(column):
    few, more = geography(), geography(regions=("AT13", "AT32", "DE21"))
    known = set(getattr(few, column).tolist())
    assert known < set(getattr(more, column).tolist())
