"""After every month of generated small scenarios, whatever their policy, the state is sound."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.model import EcosystemModel
from simulation.scenario import scenario_from_values
from tests.invariants import run_checked
from tests.verification_runs import broker, values_of, without_bodies

REGIONS = ("AT32", "DE21", "FRL0", "ITC1")
OUTSIDE = {"name": "Elsewhere", "country": "CN", "latitude": 35.0, "longitude": 103.0, "external": True}
SECTORS = ("advanced-manufacturing", "digital", "health")

ATTRIBUTES = st.fixed_dictionaries(
    {
        "eligible": st.sampled_from(["named", "neighbourhood"]),
        "decision": st.sampled_from(["unanimity", "majority", "none"]),
        "quorum": st.sampled_from([0.5, 2 / 3, 1.0]),
        "joining_cost_keur": st.sampled_from([0.0, 1.37]),
        "fee_keur": st.sampled_from([0.0, 10.0]),
        "deadline_months": st.integers(0, 4),
        "floor": st.sampled_from([0.0, 0.8]),
        "enforcement": st.sampled_from([0.0, 0.5, 1.0]),
        "binding": st.sampled_from([0.0, 0.9, 1.0]),
        "term_months": st.integers(0, 4),
        "sharing": st.sampled_from([0.0, 0.5, 1.0]),
        "pot": st.sampled_from(["virtual", "real"]),
        "coordination": st.sampled_from(["shared", "lead", "nao"]),
        "fallback": st.sampled_from(["letter_of_intent", "none"]),
        "founded": st.sampled_from([True, True, True, False]),
        "renewal_months": st.integers(0, 3),
    }
)

CALL = st.fixed_dictionaries(
    {
        "name": st.just("A call"),
        "opens_month": st.integers(1, 4),
        "closes_month": st.integers(4, 8),
        "budget_keur": st.sampled_from([0.0, 0.01, 7.77777, 60.0]),
        "grant_keur": st.sampled_from([0.00001, 3.33333, 20.0]),
        "grant_share": st.just(0.5),
        "beneficiaries": st.sampled_from(["single", "pair"]),
        "partners_from": st.sampled_from(["anywhere", "one_region", "one_country", "two_countries"]),
        "partners_sectors": st.sampled_from(["any", "any", "two_sectors"]),
        "least_grant_keur": st.sampled_from([0.0, 0.00001]),
        "source_of_money": st.sampled_from(["eu", "national", "regional"]),
    }
)

CHALLENGE = st.fixed_dictionaries(
    {
        "name": st.just("A challenge"),
        "opens_month": st.integers(1, 3),
        "closes_month": st.integers(3, 9),
        "budget_keur": st.sampled_from([0.01, 7.77777, 60.0]),
        "grant_keur": st.sampled_from([0.0, 3.33333]),
        "grant_share": st.sampled_from([0.5, 1.0]),
        "threshold": st.sampled_from([0.1, 0.3, 0.5]),
        "source_of_money": st.sampled_from(["eu", "national", "regional"]),
        "weights": st.sampled_from([{}, {"biotechnology": 1.0, "data-platforms": 2.0, "robotics-automation": 1.0}]),
    }
)

REPEATED = st.sampled_from(
    [{}, {}, {"runs": 2, "every_months": 8}, {"runs": 3, "every_months": 8, "resubmission": True}]
)

NETWORKING = st.fixed_dictionaries(
    {
        "staffed": st.booleans(),
        "starts_month": st.just(2),
        "ends_month": st.sampled_from([5, 9]),
        "sign_up_rate": st.sampled_from([1.0, 0.3]),
        "connections": st.booleans(),
        "profile_rate": st.sampled_from([0.0, 0.5]),
        "lives_on_months": st.sampled_from([0, 3]),
    }
)

BROKERAGE = st.fixed_dictionaries(
    {
        "two_countries": st.booleans(),
        "client_sectors": st.sampled_from([[], ["digital"]]),
        "need_form_rate": st.sampled_from([0.0, 0.5]),
        "s3_attention": st.sampled_from([0.0, 0.7]),
    }
)

SERVICE = st.fixed_dictionaries(
    {
        "name": st.just("A service"),
        "kind": st.sampled_from(["diagnosis", "training", "event"]),
        "starts_month": st.integers(1, 3),
        "ends_month": st.integers(3, 10),
        "places_per_month": st.integers(0, 3),
        "cost_keur": st.sampled_from([0.0, 0.123]),
        "source_of_money": st.sampled_from(["eu", "national", "regional"]),
    }
)


@st.composite
def tiny_scenarios(draw):
    """One to four regions, one or two sectors, up to a dozen SMEs a cluster, and any policy."""
    values = without_bodies(values_of(**draw(ATTRIBUTES)))
    regions = draw(st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4, unique=True))
    sectors = draw(st.lists(st.sampled_from(SECTORS), min_size=1, max_size=2, unique=True))
    values["population"] |= {
        "regions": regions,
        "sectors": sectors,
        "smes_per_cluster": draw(st.integers(1, 12)),
        "universities_per_region": draw(st.integers(0, 2)),
        "innovator_share": draw(st.sampled_from([0.5, 1.0])),
    }
    values["regions"][regions[0]]["smes_weight"] = draw(st.sampled_from([0.0, 1.0, 2.0]))
    values["regions"]["ZZ"] = OUTSIDE
    values["months"] = draw(st.integers(2, 14))
    values["programme_end_month"] = draw(st.integers(1, 14))
    values["warm_up_months"] = draw(st.sampled_from([0, 0, 3]))
    values["programme"] |= {
        "active": draw(st.sampled_from([True, True, True, False])),
        "across": draw(st.sampled_from([True, True, False])),
        "starts_month": draw(st.integers(1, min(4, values["programme_end_month"]))),
    }
    values["platform"] |= draw(NETWORKING)
    values["brokerage"] |= draw(BROKERAGE)
    values["matching"]["rule"] = draw(st.sampled_from(["stable", "stable", "optimal", "random"]))
    values["learning"]["rule"] = draw(st.sampled_from(["transfer", "barter"]))
    _quicken(draw, values)
    _add_bodies(draw, values, regions)
    return scenario_from_values(values, "generated")


def _quicken(draw, values):
    """Let in a few months happen what otherwise takes years."""
    values["search"]["seeking_rate"] = draw(st.sampled_from([0.1, 0.6]))
    values["collaboration"] |= {"start_probability": draw(st.sampled_from([0.05, 0.5])), "advance_hazard": 0.3}
    values["demography"]["exit_later"] = draw(st.sampled_from([0.055, 0.6]))
    values["engagement"] |= {"drift": draw(st.sampled_from([0.0167, 0.2])), "joining_rate": 0.3}
    values["enrolment"]["registered_at_start"] = draw(st.sampled_from([0.3, 1.0]))
    values["applications"]["grant_months"] = draw(st.integers(1, 5))
    values["peer_learning"] |= {
        "regional_actors": draw(st.booleans()),
        "visit_cost_keur": draw(st.sampled_from([0.0, 0.123])),
        "emerging_month": draw(st.sampled_from([0, 3])),
        "training_months": [values["programme"]["starts_month"]] if draw(st.booleans()) and _lasts(values) else [],
        "source_of_money": draw(st.sampled_from(["eu", "national", "regional"])),
    }
    owners = draw(st.sampled_from(["nobody", "authorities", "agencies"]))
    values["instruments"] |= {"owners": owners, "adoption_hazard": 0.5, "adoption_cost_keur": 0.77777}


def _lasts(values):
    return values["programme"]["starts_month"] <= values["programme_end_month"]


def _add_bodies(draw, values, regions):
    seats = [*regions, "ZZ"]
    posts = st.sampled_from([0.1, 1.0, 2.5])
    values["brokers"] = {
        f"b{k}": broker(draw(st.sampled_from(regions)), posts=draw(posts)) for k in range(draw(st.integers(0, 5)))
    }
    for k in range(draw(st.integers(0, 2))):
        region, kind = draw(st.sampled_from(seats)), draw(st.sampled_from(["region", "funding_agency"]))
        values["authorities"][f"a{k}"] = {"name": "An authority", "region": region, "kind": kind}
    if draw(st.booleans()):
        places = draw(st.integers(0, 5))
        values["parks"]["p"] = {"name": "A park", "region": regions[-1], "kind": "science_park", "places": places}
    if draw(st.booleans()):
        seat = draw(st.sampled_from(seats))
        values["universities"]["u"] = {"name": "A university", "region": seat, "kind": "university"}
    bodies = [key for catalogue in ("brokers", "authorities", "parks", "universities") for key in values[catalogue]]
    if values["brokers"] and draw(st.booleans()):
        values["brokers"]["b0"]["parent"] = draw(st.sampled_from(bodies))
    for k in range(draw(st.integers(0, 2)) if bodies else 0):
        chosen = st.lists(st.sampled_from(bodies), max_size=3, unique=True)
        founders = draw(st.lists(st.sampled_from(bodies), min_size=1, unique=True))
        values["partnerships"][f"alliance{k}"] = {
            "name": "An alliance",
            "founders": founders,
            "lead": founders[0],
            "named": draw(chosen),
            "associates": draw(chosen),
        }
    values["missions"]["cases"] = draw(st.integers(0, 3))
    values["s3"] = {"process": draw(st.sampled_from(["fixed", "discovery"])), "rate": 0.5}
    if draw(st.booleans()):
        values["challenges"]["challenge"] = draw(CHALLENGE)
        if values["authorities"] and draw(st.booleans()):
            values["challenges"]["challenge"]["adopter"] = "a0"
    for catalogue, offer in (("calls", CALL), ("services", SERVICE)):
        for k in range(draw(st.integers(0, 2))):
            values[catalogue][f"{catalogue}{k}"] = draw(offer)
            if catalogue == "calls":
                _enrich(draw, values["calls"][f"calls{k}"])
            if values["partnerships"] and draw(st.booleans()):
                values[catalogue][f"{catalogue}{k}"]["partnership"] = "alliance0"


def _enrich(draw, call):
    """Several runs, vouchers."""
    call |= draw(REPEATED)
    call["voucher"] = call["beneficiaries"] == "single" and draw(st.booleans())


@given(tiny_scenarios(), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_the_state_is_sound_after_every_month(scenario, seed):
    run_checked(EcosystemModel(scenario, seed=seed))


@st.composite
def busy_scenarios(draw):
    """Where much happens at once: every firm looks, brokers are partners, calls pay pairs across borders."""
    attributes = draw(ATTRIBUTES) | {"founded": True, "deadline_months": draw(st.integers(0, 2))}
    values = without_bodies(values_of(**attributes))
    values["population"] |= {
        "regions": list(REGIONS[: draw(st.integers(2, 4))]),
        "sectors": list(SECTORS[:2]),
        "smes_per_cluster": draw(st.integers(6, 12)),
        "innovator_share": 1.0,
    }
    values["months"], values["programme_end_month"] = 14, draw(st.sampled_from([6, 14]))
    values["matching"]["rule"] = draw(st.sampled_from(["stable", "optimal", "random"]))
    values["learning"]["rule"] = draw(st.sampled_from(["transfer", "barter"]))
    values["negotiation"]["heterogeneity"] = draw(st.sampled_from([0.1, 0.45]))
    values["platform"] |= draw(NETWORKING)
    values["brokerage"] |= draw(BROKERAGE)
    _quicken(draw, values)
    values["search"]["seeking_rate"] = 0.6
    values["enrolment"]["registered_at_start"] = 1.0
    values["collaboration"] |= {"start_probability": 0.5, "failure_hazard": 0.1, "expiry_hazard": 0.1}
    values["networks"]["gravity_border"] = 1.0
    values["ties"]["casual_rate"] = 0.5
    posts = draw(st.sampled_from([0.5, 1.0, 2.0]))
    values["brokers"] = {
        f"{region}-{k}": broker(region, posts=posts) for region in values["population"]["regions"] for k in range(2)
    }
    brokers = sorted(values["brokers"])
    founders = brokers[: draw(st.integers(2, len(brokers)))]
    values["partnerships"]["alliance0"] = {
        "name": "An alliance",
        "founders": founders,
        "lead": founders[-1],
        "named": brokers[-2:],
    }
    for k in range(2):
        values["calls"][f"calls{k}"] = draw(CALL) | {"beneficiaries": draw(st.sampled_from(["pair", "pair", "single"]))}
        _enrich(draw, values["calls"][f"calls{k}"])
    values["calls"]["calls0"]["partnership"] = "alliance0"
    values["services"]["service"] = draw(SERVICE)
    values["challenges"]["challenge"] = draw(CHALLENGE)
    return scenario_from_values(values, "busy")


@given(busy_scenarios(), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_the_state_is_sound_after_every_month_in_which_much_happens(scenario, seed):
    run_checked(EcosystemModel(scenario, seed=seed))
