"""What the model relies on in Mesa beyond its documentation."""

import ast

import mesa
import pytest

from simulation.agents import SME
from tests.architecture.source_files import PROJECT, syntax
from tests.tiny_ecosystem import model

RELIED_ON = {"_all_agents", "_agents_by_type"}


@pytest.fixture(name="plain")
def plain_model():
    made = mesa.Model(rng=1)
    mesa.Agent(made)
    return made


def test_mesa_keeps_its_agents_in_two_sets_that_can_be_made_at_once(plain):
    everybody, own = plain._all_agents, plain._agents_by_type[mesa.Agent]
    assert plain.agents is everybody
    assert plain.agents_by_type is plain._agents_by_type
    assert type(own) is type(everybody)
    made = type(everybody)(list(everybody), random=everybody.random)
    assert list(made) == list(everybody)
    assert made.random is everybody.random


def test_mesa_numbers_agents_by_a_counter_that_can_be_set(plain):
    plain.agent_id_counter = 77
    assert mesa.Agent(plain).unique_id == 77
    assert plain.agent_id_counter == 78


def test_an_organisation_made_without_the_constructor_of_mesa_has_all_that_it_sets(plain):
    run = model()
    organisation = run.agents_by_type[SME][0]
    for name, value in vars(next(iter(plain.agents))).items():
        assert hasattr(organisation, name)
        if value is None:
            assert getattr(organisation, name) is None
    assert organisation.model is run


def test_organisations_made_at_once_leave_mesa_as_registering_each_would():
    at_once, one_by_one = model(), model()
    for row in range(len(one_by_one.state.organisations)):
        kind = one_by_one.state.organisations.kind[row]
        one_by_one._kinds[kind](one_by_one, row)
    assert [(type(each), each.unique_id) for each in at_once.agents] == [
        (type(each), each.unique_id) for each in one_by_one._all_agents
    ]
    assert {each: agents.get("unique_id") for each, agents in at_once.agents_by_type.items()} == {
        each: agents.get("unique_id") for each, agents in one_by_one._agents_by_type.items()
    }


def test_no_other_private_name_of_mesa_is_relied_on():
    private = {name for cls in (mesa.Model(rng=1), mesa.Agent(mesa.Model(rng=1))) for name in dir(cls)}
    private = {name for name in private if name.startswith("_") and not name.startswith("__")}
    for file in ("simulation/model.py", "simulation/agents.py"):
        named = {node.attr for node in ast.walk(syntax(PROJECT / file)) if isinstance(node, ast.Attribute)}
        assert named & private <= RELIED_ON, file
