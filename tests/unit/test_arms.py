import pytest

from experiments.arms import REFERENCE_ARMS, arms_of, settings_of
from experiments.specification import replications
from simulation.errors import ScenarioError
from simulation.scenario import load_scenario

FORMAL, FLEXIBLE = "smart-space-formal", "smart-space-flexible"
SMALL = {"population.smes_per_cluster": 5}


def by_name(*given, reference=True, overrides=SMALL, months=3):
    return {arm.name: arm for arm in arms_of(given, overrides, months, reference)}


def written(folder, name, text, base=FLEXIBLE):
    path = folder / f"{name}.toml"
    path.write_text(f'extends = "{base}"\n{text}')
    return path


def test_the_scenarios_come_in_the_order_given_under_their_own_names():
    arms = arms_of([FORMAL, FLEXIBLE], SMALL, 3)
    assert [(arm.name, arm.kind, arm.of) for arm in arms] == [(FORMAL, "scenario", ()), (FLEXIBLE, "scenario", ())]


def test_overrides_and_months_hold_in_every_arm():
    for arm in by_name(FORMAL, FLEXIBLE).values():
        assert arm.scenario.population.smes_per_cluster == 5
        assert arm.scenario.months == 3


def test_a_scenario_compared_with_itself_is_two_arms_of_the_same_runs():
    first, second = arms_of([FLEXIBLE, FLEXIBLE], {})
    assert (first.name, second.name) == (FLEXIBLE, f"{FLEXIBLE}-2")
    assert second.scenario.name == second.name
    one, two = replications([first, second], 1, [0], {})
    assert one.run_id == two.run_id
    assert one.key != two.key


def test_formal_and_flexible_share_the_arms_without_a_partnership_and_not_random_matching():
    arms = by_name(FORMAL, FLEXIBLE)
    assert list(arms) == [FORMAL, FLEXIBLE, "none", "separate", "random", f"random-of-{FLEXIBLE}"]
    assert arms["none"].of == arms["separate"].of == (FORMAL, FLEXIBLE)
    assert arms["random"].of == (FORMAL,)
    assert arms[f"random-of-{FLEXIBLE}"].of == (FLEXIBLE,)


def test_reference_arms_are_the_scenario_with_these_overrides_and_nothing_else():
    arms = by_name(FLEXIBLE)
    for kind, settings in REFERENCE_ARMS.items():
        same = load_scenario(FLEXIBLE, {**SMALL, "months": 3, **settings})
        assert arms[kind].scenario.digest() == same.digest()
        assert arms[kind].settings == settings
    assert not arms["none"].scenario.programme.active
    assert not arms["separate"].scenario.programme.across
    assert arms["separate"].scenario.programme.active
    assert arms["random"].scenario.matching.rule == "random"


def test_every_reference_arm_without_a_partnership_founds_none(tmp_path):
    founds = written(tmp_path, "founds", "[partnership]\nfounded = true\n")
    arms = by_name(founds)
    assert arms["founds"].scenario.partnership.founded
    assert not arms["none"].scenario.partnership.founded
    assert not arms["separate"].scenario.partnership.founded
    assert arms["random"].scenario.partnership.founded


def test_governance_that_nobody_has_does_not_make_another_reference_arm(tmp_path):
    stricter = written(tmp_path, "stricter", "[partnership]\nquorum = 0.9\nfee_keur = 3.0\n")
    arms = by_name(FLEXIBLE, stricter)
    assert arms["none"].of == arms["separate"].of == (FLEXIBLE, "stricter")


def test_another_market_makes_another_reference_arm_named_after_its_scenario(tmp_path):
    slower = written(tmp_path, "slower", "[search]\nseeking_rate = 0.01\n")
    arms = by_name(FLEXIBLE, slower)
    assert arms["none"].of == (FLEXIBLE,)
    assert arms["none-of-slower"].of == ("slower",)
    assert arms["none-of-slower"].scenario.digest() != arms["none"].scenario.digest()


def test_a_users_scenario_called_none_keeps_its_name(tmp_path):
    arms = by_name(written(tmp_path, "none", "months = 3\n"))
    assert arms["none"].kind == "scenario"
    assert arms["none-2"].kind == "none"
    assert arms["none-2"].of == ("none",)


def test_a_path_is_kept_as_it_was_typed(tmp_path):
    path = written(tmp_path, "mine", "")
    assert by_name(path)["none"].given == str(path)


def test_a_scenario_object_keeps_its_overrides_and_what_finds_it_again(tmp_path):
    mine = load_scenario(written(tmp_path, "mine", ""), {"negotiation.speed": 0.2, "months": 9})
    shipped = load_scenario(FLEXIBLE, {"negotiation.speed": 0.2})
    for given, found_by in ((mine, str(tmp_path / "mine.toml")), (shipped, FLEXIBLE)):
        for arm in arms_of([given], SMALL, 3, reference=True):
            assert arm.given == found_by
            again = load_scenario(arm.given, {**settings_of(arm, SMALL), "months": 3})
            assert again.digest() == arm.scenario.digest()


def test_settings_come_as_plain_values_whatever_python_they_were():
    import numpy as np

    factors = {"population.smes_per_cluster": np.int64(5), "domains": ("a", "b")}
    arm = arms_of([FLEXIBLE], SMALL)[0]
    settings = settings_of(arm, factors)
    assert settings == {"population.smes_per_cluster": 5, "domains": ["a", "b"]}
    assert type(settings["population.smes_per_cluster"]) is int


def test_a_factor_that_an_arm_sets_otherwise_has_the_arms_value():
    factors = {"matching.rule": "stable"}
    arms = arms_of([FLEXIBLE], factors, 3, reference=True)
    rows = {each.scenario.name: each.factors["matching.rule"] for each in replications(arms, 1, [0], factors)}
    assert rows == {FLEXIBLE: "stable", "none": "stable", "separate": "stable", "random": "random"}


def test_runs_come_replicate_by_replicate_so_that_an_interrupted_study_is_balanced():
    arms = arms_of([FORMAL, FLEXIBLE], SMALL, 3)
    order = [(each.replicate, each.scenario.name) for each in replications(arms, 1, range(2), SMALL)]
    assert order == [(0, FORMAL), (0, FLEXIBLE), (1, FORMAL), (1, FLEXIBLE)]


def test_an_override_that_no_scenario_knows_is_refused():
    with pytest.raises(ScenarioError, match=r"negotiation\.spead"):
        arms_of([FORMAL], {"negotiation.spead": 1})
