import pytest

from regioscope.partnership_history import calendar_month, events, statuses


def series(members, active, signed=None, **others):
    months = len(members)
    return {
        "partnership_members": members,
        "partnership_active": active,
        "partnership_signed_month": signed or [None] * months,
        "engagement_mean": [0.5 if each else None for each in members],
        "collaborations_cross_border": others.get("collaborations", [0] * months),
        "innovations_programme": others.get("innovations", [0] * months),
    }


@pytest.mark.parametrize(("month", "date"), [(1, "2019-01"), (12, "2019-12"), (13, "2020-01"), (60, "2023-12")])
def test_month_1_is_the_start(month, date):
    assert calendar_month("2019-01", month) == date


def test_years_turn_after_december_wherever_the_run_starts():
    assert [calendar_month("2019-11", month) for month in (1, 2, 3)] == ["2019-11", "2019-12", "2020-01"]


def test_a_partnership_that_must_agree_negotiates_until_it_signs():
    told = statuses(series([4, 4, 4], [0, 0, 1], [None, None, 3]), needs_agreement=True)
    assert told == ["negotiating", "negotiating", "agreed"]


def test_a_partnership_that_is_active_without_the_signature_it_needs_has_a_letter_of_intent():
    told = statuses(series([4, 4, 4], [0, 1, 1], [None, None, 3]), needs_agreement=True)
    assert told == ["negotiating", "letter of intent", "agreed"]


def test_a_partnership_that_needs_no_agreement_is_open():
    assert statuses(series([4, 5], [1, 1]), needs_agreement=False) == ["open", "open"]


def test_a_partnership_that_dissolves_has_ended_and_none_is_none():
    assert statuses(series([4, 0], [0, 0]), needs_agreement=True) == ["negotiating", "ended"]
    assert statuses(series([4, 4], [1, 0]), needs_agreement=False) == ["open", "ended"]
    assert statuses(series([0, 0], [0, 0]), needs_agreement=True) == ["none", "none"]


def test_events_tell_the_letter_the_first_successes_and_the_end_of_the_programme_in_order():
    told = series([12] * 14, [0] * 11 + [1] * 3, collaborations=[0] * 12 + [1, 1], innovations=[0] * 13 + [1])
    assert events(told, "2019-01", needs_agreement=True, programme_end_month=13) == [
        ("2019-01", "negotiation of a common objective begins, 12 members, engagement 50%"),
        ("2019-12", "deadline passed without a common objective: letter of intent, 12 members, engagement 50%"),
        ("2020-01", "first collaboration across a border"),
        ("2020-01", "programme ends, the partnership goes on, 12 members, engagement 50%"),
        ("2020-02", "first innovation made by the programme"),
    ]


def test_a_run_without_partnership_has_no_event_but_the_end_of_the_programme():
    assert events(series([0, 0], [0, 0]), "2019-01", False, 2) == [("2019-02", "programme ends")]
