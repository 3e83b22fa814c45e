import numpy as np
import pytest

from simulation.codes import Account, Channel, Kind, Source, Stage
from simulation.kernels.consortia import form_consortium
from simulation.mechanisms.collaboration import collaborate
from simulation.mechanisms.finance import settle
from simulation.mechanisms.missions import coverage, run_challenges, weights_of
from simulation.mechanisms.ties import form_ties
from simulation.money import cents
from simulation.projects import first_challenge, mission_members
from simulation.purposes import Purpose
from simulation.randomness import combined, stream_key, uniforms
from simulation.scenario import load_scenario
from simulation.schemas import MOST_MEMBERS
from simulation.state import NOBODY
from tests.scenario_example import assert_line, mistakes_of, root_file
from tests.verification_runs import ecosystem, founded

DOMAINS = ("medical-technology", "renewable-energy", "robotics-automation", "water-environment")
UNKNOWN, EXPERT = 0.0, 0.9


def a_challenge(**changes):
    return {
        "name": "A mission",
        "opens_month": 1,
        "closes_month": 6,
        "budget_keur": 100.0,
        "grant_share": 0.5,
        "threshold": 0.85,
        "source_of_money": "regional",
        "weights": dict.fromkeys(DOMAINS, 1.0),
        **changes,
    }


def posed(*challenges, smes=6, across=True, missions=None, **sections):
    """Everybody is registered with the broker of its region, and each knows much in one domain of the challenge."""
    values = ecosystem(members=0, smes=smes)
    values["challenges"] = {f"m{place}": challenge for place, challenge in enumerate(challenges)}
    values["missions"] |= {"lead_error": 0.0, **(missions or {})}
    values["enrolment"]["registered_at_start"] = 1.0
    values["population"]["innovator_share"] = 1.0
    values["programme"]["across"] = across
    for region in values["regions"].values():
        region.pop("innovator_share", None)
    for section, changes in sections.items():
        values[section] |= changes
    world = founded(values).world
    organisations = world.state.organisations
    knowledge = organisations.knowledge
    knowledge[:] = UNKNOWN
    at = [world.geography.domains.index(domain) for domain in DOMAINS]
    knowledge[np.arange(len(knowledge)), np.array(at)[np.arange(len(knowledge)) % len(at)]] = EXPERT
    world.state.brokers.case_capacity[:] = 12
    world.month = 1
    return world


def consortia(world):
    projects = world.state.projects
    return [row[row != NOBODY].tolist() for row in projects.members[projects.member_count >= 2]]


def counted(world, name):
    return int(world.state.counters.storage[name][0])


def form(knowledge, threshold=0.85, reservation=0.01, least=3, most=8):
    levels = np.array(knowledge, dtype=np.float32)
    weights = np.full(levels.shape[1], 1.0 / levels.shape[1])
    candidates = np.arange(1, len(levels))
    key, challenge, members = stream_key(1, 0), np.uint64(7), np.empty(MOST_MEMBERS, dtype=np.int32)
    numbers = np.arange(len(levels), dtype=np.uint64)
    lot = uniforms(key, Purpose.MISSION_PARTNER, 0, combined(numbers, np.full(len(levels), challenge)))
    who = (key, challenge, 0, candidates, numbers[np.argsort(lot)])
    count, covered = form_consortium(*who, levels, weights, threshold, reservation, least, most, members)
    assert covered == pytest.approx(coverage(levels[members[:count]], weights))
    return members[:count].tolist(), covered


def test_the_partner_that_adds_most_is_asked_first():
    members, covered = form([[0.9, 0, 0], [0, 0.5, 0], [0.9, 0, 0.9], [0, 0.9, 0]])
    assert members == [0, 2, 3]
    assert covered == pytest.approx(0.9)


def test_a_challenge_that_is_met_takes_nobody_more_than_it_must():
    everything = [[0.9, 0.9], [0.9, 0.9], [0.9, 0.9], [0.9, 0.9]]
    assert form(everything)[0] == [0, 1, 2]
    assert form(everything, least=2)[0] == [0, 1]


def test_nobody_joins_who_adds_less_than_the_reservation_value():
    members, covered = form([[0.9, 0, 0], [0, 0.9, 0], [0, 0, 0.02]], reservation=0.01)
    assert members == [0, 1]
    assert covered < 0.85


def test_a_consortium_never_has_more_than_its_largest_number_of_members():
    specialists = np.eye(12) * 0.9
    assert len(form(specialists, threshold=1.0)[0]) == 8
    assert len(form(specialists, threshold=1.0, most=4)[0]) == 4


def test_a_consortium_that_covers_the_challenge_begins_a_project_with_all_its_members():
    world = posed(a_challenge())
    run_challenges(world)
    (members,) = consortia(world)
    state, weights = world.state, weights_of(world, world.scenario.challenges["m0"])
    assert 3 <= len(members) == len(set(members)) <= 8
    assert coverage(state.organisations.knowledge[members], weights) >= 0.85
    assert (state.organisations.running_projects[members] == 1).all()
    assert (state.organisations.cooperated_month[members] == 1).all()
    assert state.projects.channel[0] == Channel.CALL
    assert (counted(world, "challenges_opened"), counted(world, "challenges_covered")) == (1, 1)
    assert (counted(world, "consortia"), counted(world, "projects_funded")) == (1, 1)


def test_who_knows_too_little_together_begins_nothing():
    world = posed(a_challenge(threshold=0.95))
    run_challenges(world)
    assert consortia(world) == []
    assert counted(world, "challenges_opened") == 1
    assert counted(world, "challenges_covered") == counted(world, "consortia") == 0
    assert world.state.purses.committed_cents.sum() == 0


def test_a_grant_takes_what_the_purse_has_left_and_no_more():
    world = posed(a_challenge(budget_keur=100.0, grant_keur=60.0))
    for world.month in range(1, 5):
        run_challenges(world)
    assert world.state.projects.grant_cents.tolist() == [cents(60.0), cents(40.0)]
    purse = world.state.calls.first_purse[0]
    assert world.state.purses.committed_cents[purse] == cents(100.0)
    assert world.state.purses.source[purse] == Source.REGIONAL
    assert world.state.purses.account[purse] == Account.GRANTS
    assert (counted(world, "consortia"), counted(world, "challenges_covered")) == (2, 1)


def test_without_a_largest_grant_the_first_consortium_has_the_whole_budget():
    world = posed(a_challenge())
    for world.month in range(1, 4):
        run_challenges(world)
    assert world.state.projects.grant_cents.tolist() == [cents(100.0)]


def test_the_grant_is_paid_and_co_funded_by_all_members_to_the_cent():
    world = posed(a_challenge(grant_share=0.4), finance={"monthly_income_keur": 0.0, "income_spread": 0.0})
    run_challenges(world)
    (members,) = consortia(world)
    before = world.state.organisations.capital_cents.copy()
    months = world.scenario.applications.grant_months
    for world.month in range(1, months + 1):
        settle(world)
    projects, purse = world.state.projects, world.state.calls.first_purse[0]
    assert projects.grant_paid_cents[0] == cents(100.0) == world.state.purses.spent_cents[purse]
    assert projects.own_cents[0] == pytest.approx(cents(150.0), abs=12)
    paid = (before - world.state.organisations.capital_cents)[members]
    assert paid.sum() == projects.own_cents[0]
    assert paid.max() - paid.min() < 12 * len(members)
    assert world.own_per_grant.tolist() == pytest.approx([1.5])


def test_every_two_members_of_a_consortium_have_a_tie_afterwards():
    world = posed(a_challenge())
    run_challenges(world)
    (members,) = consortia(world)
    form_ties(world)
    ties = world.state.ties
    known = {tuple(pair) for pair in np.stack([ties.first, ties.second], axis=1)[ties.running_projects > 0].tolist()}
    assert known == {(min(i, j), max(i, j)) for i in members for j in members if i != j}


def test_a_challenge_is_posed_between_its_months_only():
    world = posed(a_challenge(opens_month=3, closes_month=4, budget_keur=1000.0, grant_keur=10.0))
    begun = []
    for world.month in range(1, 6):
        run_challenges(world)
        begun.append(len(world.state.projects))
    assert begun == [0, 0, 1, 2, 2]


@pytest.mark.parametrize("section", ["programme", "missions"])
def test_without_programme_or_missions_nothing_is_posed(section):
    world = posed(a_challenge(), **({section: {"active": False}} if section == "programme" else {}))
    if section == "missions":
        world = posed(a_challenge(), missions={"active": False})
    run_challenges(world)
    assert consortia(world) == []
    assert counted(world, "challenges_opened") == 0


def test_a_consortium_takes_cases_of_the_leads_broker():
    world = posed(a_challenge(), missions={"cases": 5})
    run_challenges(world)
    lead = consortia(world)[0][0]
    broker = world.state.organisations.broker[lead]
    used = [0, 0]
    used[broker if broker != NOBODY else int(world.state.organisations.region[lead])] = 5
    assert world.state.brokers.cases.tolist() == used


def test_without_cases_left_no_consortium_forms():
    world = posed(a_challenge(), missions={"cases": 5})
    world.state.brokers.cases[:] = 8
    run_challenges(world)
    assert consortia(world) == []
    assert world.state.brokers.cases.tolist() == [8, 8]


def test_a_park_facilitates_its_tenant_once_a_month_without_cases():
    world = posed(a_challenge(grant_keur=10.0), a_challenge(grant_keur=10.0), missions={"cases": 5})
    world.state.parks.append(1, places=40)
    world.state.organisations.park[:] = 0
    world.state.brokers.cases[:] = 12
    run_challenges(world)
    assert len(consortia(world)) == 1
    assert world.state.brokers.cases.tolist() == [12, 12]
    world.month = 2
    run_challenges(world)
    assert len(consortia(world)) == 2


def test_only_registered_innovators_of_the_eligible_regions_lead():
    world = posed(a_challenge(regions=["DE21"], grant_keur=1.0))
    organisations = world.state.organisations
    organisations.innovator[::2] = False
    organisations.broker[1] = NOBODY
    for world.month in range(1, 7):
        run_challenges(world)
    leads = [members[0] for members in consortia(world)]
    assert leads
    for lead in leads:
        assert world.geography.regions[organisations.region[lead]] == "DE21"
        assert organisations.innovator[lead]
        assert organisations.kind[lead] != Kind.SME or organisations.broker[lead] != NOBODY


def test_nobody_takes_part_in_more_projects_than_it_can_carry():
    world = posed(a_challenge(grant_keur=1.0, closes_month=8))
    world.state.organisations.size[:] = 1.0
    for world.month in range(1, 7):
        run_challenges(world)
    taken = [member for members in consortia(world) for member in members]
    assert len(taken) > 4
    assert len(taken) == len(set(taken))


def test_who_has_no_capital_takes_no_part():
    world = posed(a_challenge())
    world.state.organisations.capital_cents[:] = -1
    run_challenges(world)
    assert consortia(world) == []


def test_without_acting_across_regions_consortia_and_money_stay_in_their_region():
    world = posed(a_challenge(budget_keur=100.0), across=False, platform={"staffed": True, "starts_month": 1})
    run_challenges(world)
    region = world.state.organisations.region
    assert len(consortia(world)) == 2
    assert [len({int(region[member]) for member in members}) for members in consortia(world)] == [1, 1]
    assert world.state.projects.grant_cents.tolist() == [cents(50.0)] * 2
    first = world.state.calls.first_purse[0]
    assert world.state.purses.committed_cents[first : first + 2].tolist() == [cents(50.0)] * 2


def test_a_staffed_platform_shows_the_lead_who_is_not_its_brokers_client():
    def met(staffed):
        world = posed(a_challenge(regions=["AT32"]), platform={"staffed": staffed, "starts_month": 1})
        organisations, adjacency = world.state.organisations, world.adjacency
        adjacency.offsets[:] = 0
        organisations.platform_month[:] = 1
        organisations.broker[:] = np.where(np.arange(len(organisations)) % 4 == 0, 0, 1)
        run_challenges(world)
        return len(consortia(world))

    assert (met(False), met(True)) == (0, 1)


def advanced(adopter, stage):
    world = posed(
        a_challenge(**({"adopter": "a"} if adopter else {})),
        missions={"procurement": 4.0},
        collaboration={"advance_hazard": 0.1, "failure_hazard": 0.0, "expiry_hazard": 0.0, "grant_multiplier": 1.0},
        authorities={"a": {"name": "A", "region": "DE21", "kind": "region"}},
    )
    run_challenges(world)
    target = world.geography.regions[world.state.projects.target_region[0]]
    count = 2000
    world.state.projects.append(
        count,
        identity=np.arange(count, dtype=np.uint64),
        surplus=0.08,
        luck=1.0,
        started_month=0,
        stage=int(stage),
        call=first_challenge(world),
        member_count=1,
        members=np.array([0] + [NOBODY] * 7),
    )
    collaborate(world)
    return np.mean(world.state.projects.stage[1:] > stage), target


def test_an_adopter_shortens_the_way_from_the_pilot_to_the_market_and_no_other():
    error = 3 * (0.4 * 0.6 / 2000) ** 0.5
    assert advanced(True, Stage.PILOT)[0] == pytest.approx(0.4, abs=error)
    assert advanced(False, Stage.PILOT)[0] == pytest.approx(0.1, abs=error)
    assert advanced(True, Stage.DEVELOPMENT)[0] == pytest.approx(0.1, abs=error)


def test_the_market_aimed_at_is_the_adopters_region():
    assert advanced(True, Stage.PILOT)[1] == "DE21"


def test_leads_are_found_worse_where_facilitators_lack_skill():
    def knowledge_of_leads(skill):
        leads = []
        for identity in range(40):
            world = posed(a_challenge(threshold=0.01), missions={"lead_error": 0.5}, smes=12)
            world.state.calls.identity[0] = identity
            world.state.brokers.skill[:] = skill
            organisations = world.state.organisations
            organisations.knowledge[:] *= np.linspace(0.0, 1.0, len(organisations), dtype=np.float32)[:, None]
            run_challenges(world)
            leads.append(float(organisations.knowledge[consortia(world)[0][0]].max()))
        return np.mean(leads)

    assert knowledge_of_leads(1.0) > knowledge_of_leads(0.0) + 0.1


def test_a_challenge_without_weights_asks_for_what_its_regions_give_priority_to():
    world = posed(a_challenge(weights={}, regions=["DE21"]))
    row = world.geography.regions.index("DE21")
    assert (
        weights_of(world, world.scenario.challenges["m0"]).tolist() == world.state.strategies.priorities[row].tolist()
    )
    world.state.strategies.priorities[row] = 0.0
    world.state.strategies.priorities[row, 3] = 1.0
    assert weights_of(world, world.scenario.challenges["m0"]).tolist() == [0.0] * 3 + [1.0] + [0.0] * 12


def test_members_of_a_running_consortium_are_users_of_the_innovation_platform():
    world = posed(a_challenge())
    assert not mission_members(world).any()
    run_challenges(world)
    assert np.flatnonzero(mission_members(world)).tolist() == sorted(consortia(world)[0])
    world.state.projects.status[0] = 2
    assert not mission_members(world).any()


CHALLENGE = """
[challenges.mission]
name = "A mission"
opens_month = 3
closes_month = 5
budget_keur = 100.0
grant_share = 0.5
threshold = 0.6
source_of_money = "regional"
"""


@pytest.mark.parametrize(
    ("line", "key", "rule"),
    [
        ("weights = { sensor = 1.0 }", "challenges.mission.weights", "Did you mean sensors?"),
        ("weights = { sensors = -1.0 }", "challenges.mission.weights", "must hold no weight below 0"),
        ("weights = { sensors = 0.0 }", "challenges.mission.weights", "must hold a weight above 0"),
        ('adopter = "bolzan"', "challenges.mission.adopter", "bolzano"),
        ('adopter = "noi"', "challenges.mission.adopter", "is not in authorities"),
        ('regions = ["ITH2"]', "challenges.mission.regions", "is not in regions"),
    ],
)
def test_a_wrong_challenge_is_named_with_line_rule_and_remedy(tmp_path, line, key, rule):
    root_file(tmp_path)
    path = tmp_path / "child.toml"
    path.write_text(f'extends = "root.toml"\n{CHALLENGE}{line}\n')
    assert_line(mistakes_of(path), path, 11, key, rule)


@pytest.mark.parametrize(
    ("was", "now", "line", "rule"),
    [
        ("opens_month = 3", "opens_month = 6", 5, "must be at most closes_month, which is 5"),
        ("threshold = 0.6", "threshold = 0.0", 9, "above 0"),
        ("budget_keur = 100.0", "budget_keur = 0.0", 7, "above 0"),
    ],
)
def test_impossible_figures_of_a_challenge_are_named(tmp_path, was, now, line, rule):
    root_file(tmp_path)
    path = tmp_path / "child.toml"
    path.write_text('extends = "root.toml"\n' + CHALLENGE.replace(was, now))
    assert_line(mistakes_of(path), path, line, rule)


@pytest.mark.parametrize(
    ("change", "line", "key", "rule"),
    [
        ("closes_month = 13", 6, "challenges.mission.closes_month", "must be at most programme_end_month, which is 12"),
        ("opens_month = 2", 5, "challenges.mission.opens_month", "must be at least programme.starts_month, which is 3"),
    ],
)
def test_a_challenge_outside_the_programme_is_named(tmp_path, change, line, key, rule):
    root_file(tmp_path)
    text = CHALLENGE.replace(f"{change.split(' ')[0]} = {3 if line == 5 else 5}", change)
    path = tmp_path / "child.toml"
    path.write_text(f'extends = "root.toml"\n{text}[programme]\nstarts_month = 3\n')
    assert_line(mistakes_of(path), path, line, key, rule)


def test_an_adopter_or_region_that_takes_no_part_leaves_the_challenge_or_takes_it_along(tmp_path):
    root_file(tmp_path)
    path = tmp_path / "child.toml"
    path.write_text(f'extends = "root.toml"\n{CHALLENGE}adopter = "tirol"\nregions = ["AT33", "ITH1"]\n')
    whole = load_scenario(path)
    assert (whole.challenges["mission"].adopter, whole.challenges["mission"].regions) == ("tirol", ("AT33", "ITH1"))
    smaller = load_scenario(path, {"population.regions": ["ITH1"]})
    assert (smaller.challenges["mission"].adopter, smaller.challenges["mission"].regions) == (None, ("ITH1",))
    path.write_text(f'extends = "root.toml"\n{CHALLENGE}regions = ["AT33"]\n')
    assert load_scenario(path, {"population.regions": ["ITH1"]}).challenges == {}


def test_a_consortium_cannot_need_more_members_than_it_may_have(tmp_path):
    root_file(tmp_path)
    path = tmp_path / "child.toml"
    path.write_text('extends = "root.toml"\n[missions]\nleast_members = 5\nmost_members = 4\n')
    assert_line(mistakes_of(path), path, 3, "missions.least_members", "must be at most most_members, which is 4")


def test_the_programmes_budget_bounds_what_consortia_are_granted():
    world = posed(a_challenge(budget_keur=100.0), programme={"budget_keur": 30.0})
    run_challenges(world)
    assert world.state.projects.grant_cents.tolist() == [cents(30.0)]
    assert world.state.projects.granted_share[0] == pytest.approx(0.3)
