import numpy as np
import pytest
from mesa import DataCollector

from simulation.agents import SME, Agent, Authority, Broker, Large, Park, Partnership, Provider, University
from simulation.errors import UsageError
from simulation.state import NOBODY
from tests.tiny_ecosystem import MONTH, SMES, model


class Generous(Broker):
    def decide_case_capacity(self, proposal):
        return proposal + 1 if self.row == 0 else proposal


class Loyal(University):
    def decide_engagement(self, proposal):
        return 1.0


@pytest.fixture(name="tiny")
def tiny_model():
    return model()


def test_attributes_of_a_broker_are_its_row_of_the_columns(tiny):
    broker = tiny.agents_by_type[Broker][1]
    broker.case_capacity = 7
    assert tiny.state.brokers.case_capacity.tolist() == [12, 7]
    tiny.state.brokers.promotion[1] = 0.25
    assert broker.promotion == 0.25
    assert type(broker.case_capacity) is int


def test_a_cell_of_several_values_writes_through(tiny):
    firm = tiny.agents_by_type[SME][2]
    firm.knowledge[3] = 0.75
    assert tiny.state.organisations.knowledge[firm.row, 3] == np.float32(0.75)


def test_an_attribute_that_is_no_column_belongs_to_the_object(tiny):
    firm = tiny.agents_by_type[SME][0]
    firm.mood = "bright"
    assert firm.mood == "bright"
    assert tiny.organisation(firm.row).mood == "bright"


@pytest.mark.parametrize(("name", "value"), [("cases", 2.5), ("cases", 2**40), ("days", "many")])
def test_a_value_of_another_type_is_refused_by_name(tiny, name, value):
    broker = tiny.agents_by_type[Broker][0]
    with pytest.raises(UsageError, match=rf"Broker\.{name}"):
        setattr(broker, name, value)


def test_bodies_are_named_by_their_keys_in_the_scenario(tiny):
    brokers = tiny.agents_by_type[Broker]
    assert brokers.get("name") == sorted(tiny.scenario.brokers)[:2]
    assert tiny.agents_by_type[Partnership][0].name == "smart-space"


def test_a_body_without_membership_has_none(tiny):
    with_membership, without = tiny.agents_by_type[Broker]
    assert with_membership.membership.engagement == 0.8
    assert without.member == NOBODY
    assert without.membership is None
    assert tiny.agents_by_type[University][0].membership.engagement == 0.8


def test_unique_ids_do_not_depend_on_when_somebody_looks():
    early, late = model(), model()
    for looked_at in (early, late):
        if looked_at is early:
            assert len(looked_at.agents) > 0
        looked_at.run(3)
    assert [(type(each), each.unique_id, each.row) for each in early.agents] == [
        (type(each), each.unique_id, each.row) for each in late.agents
    ]


def test_nobody_makes_agents_of_organisations_until_somebody_looks():
    run = model()
    run.run(5)
    assert run._views is None
    assert SME in run.agent_types
    assert run._views is not None


def test_births_and_deaths_are_mirrored_after_the_first_look(tiny):
    first = tiny.agents_by_type[SME][0]
    tiny.step()
    firms = tiny.agents_by_type[SME]
    assert first not in firms
    assert len(firms) == SMES
    assert (
        sorted(firms.get("row"))
        == np.flatnonzero(tiny.state.organisations.alive & (tiny.state.organisations.kind == 0)).tolist()
    )


def test_a_removed_organisation_is_dead_in_the_state_too(tiny):
    firm = tiny.agents_by_type[SME][3]
    tiny.step()
    firm.remove()
    assert not tiny.state.organisations.alive[firm.row]
    assert tiny.state.organisations.died_month[firm.row] == 1
    assert tiny.state.counters.exits[0] == 1
    assert firm not in tiny.agents
    tiny.step()
    with pytest.raises(UsageError, match="none lives"):
        tiny.organisation(firm.row)


def test_the_agent_sets_of_mesa_work_as_documented(tiny):
    firms = tiny.agents_by_type[SME]
    assert firms.agg("size", sum) == sum(range(1, SMES + 1))
    firms.set("size", 2.0)
    assert tiny.state.organisations.size[:SMES].tolist() == [2.0] * SMES
    big = tiny.agents.select(lambda each: isinstance(each, Large | Provider | University) and each.size > 7)
    assert {type(each) for each in big} == {Provider, Large}
    assert tiny.agents.groupby(type).count()[SME] == SMES
    visited = []
    tiny.agents.do(lambda each: visited.append(each.unique_id))
    assert visited == list(range(1, 6 + SMES + 3))
    assert tiny.agents.select(agent_type=Park).get("places") == [40]


def test_the_data_collector_of_mesa_reads_columns(tiny):
    collector = DataCollector(model_reporters={"month": "month"}, agenttype_reporters={SME: {"size": "size"}})
    for _ in range(2):
        tiny.step()
        collector.collect(tiny)
    frame = collector.get_agenttype_vars_dataframe(SME)
    assert len(frame) == 2 * SMES
    assert collector.get_model_vars_dataframe()["month"].tolist() == [1, 2]


def test_a_subclass_decides_otherwise_for_its_own_row_alone():
    run = model(classes={Broker: Generous})
    run.step()
    assert run.state.brokers.case_capacity.tolist() == [13, 12]
    assert [type(each) for each in run.agents_by_type[Generous]] == [Generous, Generous]


def test_a_removed_body_is_asked_no_more():
    run = model(classes={Broker: Generous})
    run.agents_by_type[Generous][0].remove()
    run.step()
    assert run.state.brokers.case_capacity.tolist() == [12, 12]


def test_a_member_is_asked_through_its_body_also_where_it_is_a_university():
    run = model(classes={University: Loyal})
    run.step()
    assert run.state.members.engagement.tolist() == [0.4, 0.4, 0.4, 1.0]


def test_members_that_join_later_are_asked_too():
    run = model(classes={University: Loyal})
    run.step()
    run.state.members.append(1, kind=3, row=SMES, present=True, engagement=0.2)
    run.step()
    assert run.state.members.engagement.tolist() == [0.2, 0.2, 0.2, 1.0, 1.0]


def test_who_is_no_member_is_asked_about_joining_and_nothing_else():
    class Shy(Authority):
        def decide_joining(self, proposal):
            return 0.0

        def decide_leaving(self, proposal):
            return 1.0

    run = model(classes={Authority: Shy})
    run.state.members.present[2] = False
    half = np.full(4, 0.5)
    assert run.decisions("members", "joining", half).tolist() == [0.5, 0.5, 0.0, 0.5]
    assert run.decisions("members", "leaving", half).tolist() == [0.5, 0.5, 0.5, 0.5]
    assert half.tolist() == [0.5] * 4


def test_a_run_without_own_decisions_gets_its_proposals_back_untouched(tiny):
    proposal = np.ones(2)
    assert tiny.decisions("brokers", "promotion", proposal) is proposal


@pytest.mark.parametrize("decided", [-1, 2.5, True, "12", None, 2**40])
def test_a_decision_of_another_type_names_class_and_method(decided):
    class Wrong(Broker):
        def decide_case_capacity(self, proposal):
            return decided

    run = model(classes={Broker: Wrong})
    with pytest.raises(UsageError, match=r"Wrong\.decide_case_capacity decided .* whole number from 0"):
        run.step()


@pytest.mark.parametrize("decided", [-0.1, 1.1, float("nan"), float("inf"), True, "1"])
def test_an_engagement_beyond_its_bounds_is_refused(decided):
    class Wrong(Park):
        def decide_engagement(self, proposal):
            return decided

    run = model(classes={Park: Wrong})
    with pytest.raises(UsageError, match=r"Wrong\.decide_engagement decided .* number from 0 to 1"):
        run.step()


def test_a_mistyped_decision_gets_the_right_name():
    class Mistyped(Broker):
        def decide_case_capacty(self, proposal):
            return 0

    with pytest.raises(UsageError, match="Did you mean decide_case_capacity"):
        model(classes={Broker: Mistyped})


@pytest.mark.parametrize("classes", [{SME: Broker}, {int: int}, {Broker: 3}, {Agent: Generous}])
def test_a_class_that_is_no_subclass_is_refused(classes):
    with pytest.raises(UsageError, match="classes"):
        model(classes=classes)


def test_an_organisation_with_a_constructor_of_its_own_is_constructed_once():
    class Moody(SME):
        def __init__(self, model, row):
            super().__init__(model, row)
            self.mood = row / 2

    run = model(classes={SME: Moody})
    assert [each.mood for each in run.agents_by_type[Moody]] == [row / 2 for row in range(SMES)]
    run.step()
    assert run.agents_by_type[Moody][-1].mood == (SMES + 3) / 2
    assert len(set(run.agents.get("unique_id"))) == len(run.agents)


def test_draws_belong_to_the_agent_and_the_month():
    one, other = model(), model()
    first, second = one.agents_by_type[Broker]
    draws = [first.draw(), first.draw(k=1), second.draw()]
    one.step()
    draws.append(first.draw())
    assert len(set(draws)) == 4
    assert all(0.0 <= draw < 1.0 for draw in draws)
    assert other.agents_by_type[Broker][0].draw() == draws[0]
    assert model(seed=2).agents_by_type[Broker][0].draw() != draws[0]


def test_the_month_of_a_draw_is_the_one_being_simulated():
    drawn = []

    class Drawing(Broker):
        def decide_case_capacity(self, proposal):
            drawn.append(self.draw())
            return proposal

    run = model(classes={Broker: Drawing}, schedule=MONTH[1:2])
    run.step()
    assert drawn == [each.draw() for each in run.agents_by_type[Drawing]]
