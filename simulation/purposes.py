"""What a random number is drawn for: one purpose for each draw that the model makes.

The purpose is part of the address of a random number (:mod:`simulation.randomness`). A number, once given,
keeps its meaning for ever: a new draw takes a new number, a draw that disappears leaves a gap. Each mechanism
has its own ten.
"""

from enum import IntEnum, unique

__all__ = ["Purpose"]


@unique
class Purpose(IntEnum):
    """The question that a random number answers, as the third part of its address.

    A purpose that draws gammas or Dirichlet shares draws nothing else, since each of them uses a block of
    64 counters. Numbers lie between 1 and 65,535.
    """

    # population: what an organisation is founded with
    REGISTRATION_AT_START = 1
    FOUNDING_AGE = 2
    FOUNDING_SIZE = 3
    FOUNDING_KNOWLEDGE = 4
    FOUNDING_DIGITAL_MATURITY = 5
    FOUNDING_ABSORPTIVE_CAPACITY = 6
    FOUNDING_NEED = 8

    # networks and ties
    CLUSTER_REWIRING = 10
    CLUSTER_REWIRED_PARTNER = 11
    GRAVITY_TIE = 12
    GRAVITY_PARTNER = 13
    FOUNDING_TRUST = 14
    CASUAL_TIE = 15
    CASUAL_PARTNER = 16
    ENTRANT_PARTNER = 17
    PATH_LENGTH_SAMPLE = 18
    NETWORK_SAMPLE = 19

    # enrolment
    ENROLMENT = 20

    # search
    SEEKING = 30
    CANDIDATE_SAMPLE = 31
    CANDIDATE_MISJUDGEMENT = 32
    VISIBLE_PARTNER = 35

    # matching
    MATCHING_RANDOM_ORDER = 40
    MATCHING_TIE_BREAK = 41
    BROKER_TURN = 42

    # collaboration: projects, calls and services
    COLLABORATION_START = 50
    STAGE_OUTCOME = 51
    PROJECT_LUCK = 52
    CALL_APPLICATION = 53
    CALL_RANKING_ERROR = 54
    START_WITHOUT_GRANT = 55
    SERVICE_UPTAKE = 56
    SERVICE_ORDER = 57
    INVESTOR_TICKET = 59

    # learning
    KNOWLEDGE_EXCHANGE_ORDER = 60
    OWN_RESEARCH = 61

    # peer learning and intermediaries
    FOUNDING_PRACTICE = 70
    LEARNING_FROM_CODE = 71
    CODE_LEARNING = 72
    STAFF_TURNOVER = 73
    PRACTICE_TURBULENCE = 74
    PEER_VISIT = 75
    VISIT_ADOPTION = 76
    REALITY = 78
    EMERGING_PRACTICE = 79

    # negotiation
    COUNTRY_OBJECTIVE = 81
    REGION_OBJECTIVE = 82
    TOLERANCE = 83

    # partnership
    ENFORCEMENT = 90
    LEAVING = 91
    JOINING = 92
    FOLLOW_ON_MEMBER = 93
    FOLLOW_ON_DECISION = 94

    # demography
    EXIT = 100
    ENTRY = 101

    # missions
    MISSION_LEAD = 140
    MISSION_PARTNER = 141

    # regions
    REGION_PRIORITIES = 150

    # agents of the researcher's own: subclasses draw under these
    OWN_AGENT = 110

    # parks
    PARK_ADMISSION = 130

    # training of brokers, and instruments
    BROKER_TRAINING = 230
    INSTRUMENT_ADOPTION = 231

    # brokerage, platforms and vouchers
    PLATFORM_SIGN_UP = 170
    PROFILE_VIEW = 171
    NEED_FORM = 172
    STRATEGY_ATTENTION = 173
    SUPPLIER_CHOICE = 174

    # the published models, where the draws above do not suffice
    PRACTICE_ACTION = 120
    BARTERED_DOMAIN = 121
    GRAVITY_REGION = 122
    GRAVITY_CLUSTER = 123
    PUBLISHED_START = 124
    PUBLISHED_EXPERTS = 125
    PUBLISHED_WORTH = 126

    # services and satisfaction
    AWARENESS = 160
    VISIT_HOST = 161
    LEAVING_BROKER = 162

    # firms: what their founding, their enrolment and their month draw besides
    FOUNDING_NEED_KIND = 200
    INNOVATION_ACTIVITY = 201
    BROKER_CHOICE = 202
    INCOME = 203
