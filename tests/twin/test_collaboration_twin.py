import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.codes import Stage, Status
from simulation.kernels import collaboration
from simulation.schemas import MOST_MEMBERS
from simulation.state import NEVER, NOBODY
from tests.reference import collaboration as plain
from tests.twin.cases import Case, assert_equals_its_twin

KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
SHARES = st.floats(0.0, 1.0)
MONTH = 12


@given(data=st.data(), key=KEYS, count=st.integers(0, 15), probability=SHARES, scale=st.floats(0.01, 1.0))
def test_introductions_come_to_what_the_twin_says(data, key, count, probability, scale):
    rows = arrays(np.int32, count, elements=st.integers(0, 4))
    worths = st.sampled_from([0.0, 0.05, 0.08]) | st.floats(0.0, 2.0, width=32)
    question = (
        key,
        MONTH,
        data.draw(rows),
        data.draw(rows),
        data.draw(arrays(np.uint64, count)),
        data.draw(arrays(np.float32, count, elements=worths)),
        data.draw(arrays(np.int64, 5, elements=st.sampled_from([-1, 0, 1, 10**9]))),
        data.draw(st.sampled_from([0.0, 0.05, float(np.float32(0.05)), 0.5])),
        probability,
        scale,
    )
    assert_equals_its_twin(collaboration.draw_starts, plain.draw_starts, *question)


@st.composite
def projects(draw):
    count, firms = draw(st.integers(0, 12)), 10

    def column(dtype, values):
        return draw(arrays(dtype, count, elements=st.sampled_from(values)))

    teams = [
        draw(st.lists(st.integers(0, firms - 1), min_size=1, max_size=MOST_MEMBERS, unique=True)) for _ in range(count)
    ]
    members = np.full((count, MOST_MEMBERS), NOBODY, np.int32)
    for row, team in zip(members, teams, strict=True):
        row[: len(team)] = team
    return (
        np.array([row for row in range(count) if draw(st.booleans())], np.int64),
        draw(arrays(np.uint64, count)),
        draw(arrays(np.float32, count, elements=st.floats(0.0, 2.0, width=32))),
        draw(arrays(np.float32, count, elements=st.floats(0.0, 4.0, width=32))),
        column(np.int16, [MONTH, MONTH - 1, -30]),
        column(np.int16, [NEVER, 3]),
        np.full(count, NEVER, np.int16),
        column(np.int8, [0, 1, 2]),
        np.zeros(count, np.int8),
        members,
        np.array([len(team) for team in teams], np.int8),
        column(np.float32, [0.0, 0.25, 1.0]),
        column(np.int64, [0, 100, 5000]),
        column(np.int64, [0, 100]),
        *(
            draw(arrays(np.int16, firms, elements=st.sampled_from([NEVER, MONTH - 1, MONTH, MONTH + 1])))
            for _ in range(3)
        ),
        draw(arrays(np.int8, firms, elements=st.integers(1, 5))),
    )


@given(
    key=KEYS,
    rows=projects(),
    hazards=st.tuples(SHARES, SHARES, SHARES) | st.just((0.0401, 0.0142, 0.0213)) | st.just((0.3, 0.3, 0.3)),
    exponent=st.sampled_from([0.0, 0.5, 1.0]),
    pace=arrays(np.float64, 12, elements=st.sampled_from([1.0, 1.5, 0.0])),
)
def test_a_month_of_hazards_changes_every_column_as_the_twin_does(key, rows, hazards, exponent, pace):
    rules = (*hazards, 0.08, exponent, 1.6, 1.7, 1.3, 0.4, 0.3, pace)
    mine, theirs = ([column.copy() for column in rows] for _ in range(2))
    collaboration.run_hazards(key, MONTH, *mine, *rules)
    plain.run_hazards(key, MONTH, *theirs, *rules)
    for here, there in zip(mine, theirs, strict=True):
        assert here.tobytes() == there.tobytes()


def test_of_eighty_projects_some_meet_every_end_and_all_the_end_of_the_twin():
    case, count, firms = Case(5), 80, 30
    members, member_count = case.teams(count, firms)
    stage = case.whole(np.int8, Stage.SCOPING, Stage.PILOT, count)
    rows = (
        *(np.arange(count), case.identities(count), case.floats(np.float32, 0.0, 0.4, count)),
        *(case.floats(np.float32, 0.1, 3.0, count), np.zeros(count, np.int16)),
        *(np.full(count, NEVER, np.int16), np.full(count, NEVER, np.int16), stage, np.zeros(count, np.int8)),
        *(members, member_count, case.one_of(np.float32, [0.25, 1.0], count)),
        *(case.one_of(np.int64, [0, 900], count), case.one_of(np.int64, [0, 900], count)),
        *(*(case.months(firms, MONTH) for _ in range(3)), np.full(firms, count, np.int8)),
    )
    rules = (0.1, 0.15, 0.3, 0.08, 0.5, 1.6, 1.7, 1.3, 0.4, 0.3, case.one_of(np.float64, [1.0, 1.5], count))
    question = (case.key, MONTH, *rows, *rules)
    _, after = assert_equals_its_twin(collaboration.run_hazards, plain.run_hazards, *question)
    assert set(after[10].tolist()) == set(Status)
    assert (after[9] > stage).any()
