"""Codes: what the small numbers in the columns of the state mean."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Kind(IntEnum):
    """Kinds of organisation in the market."""

    SME = 0
    UNIVERSITY = 1
    PROVIDER = 2
    LARGE = 3


class NeedKind(IntEnum):
    """What an organisation lacks besides knowledge in its needed domains."""

    TECHNOLOGY = 0
    SUPPLY = 1
    PRODUCTION = 2
    CUSTOMER = 3
    RESEARCH = 4
    FINANCE = 5


class Route(IntEnum):
    """What a diagnosis refers a firm to."""

    PARTNER = 0
    SKILLS = 1
    TRIAL = 2
    FINANCE = 3


ROUTE_OF_NEED = np.array(
    [Route.TRIAL, Route.PARTNER, Route.SKILLS, Route.PARTNER, Route.TRIAL, Route.FINANCE], dtype=np.int8
)
"""Route of each kind of need: technology and research to a trial, supply and customer to a partner, and so on."""


class Channel(IntEnum):
    """Where a pair was seen."""

    FRIENDS = 0
    BROKER = 1
    PARTNER = 2
    PLATFORM = 3
    PARK = 4
    GROUP = 5
    EVENT = 6
    CALL = 7


class PartnersFrom(IntEnum):
    """Where the two organisations of a pair must sit that applies to a call."""

    ANYWHERE = 0
    ONE_REGION = 1
    ONE_COUNTRY = 2
    TWO_COUNTRIES = 3


class Stage(IntEnum):
    """Stages of a project."""

    SCOPING = 0
    DEVELOPMENT = 1
    PILOT = 2
    MARKET = 3


class Status(IntEnum):
    """What became of a project."""

    RUNNING = 0
    COMMERCIALISED = 1
    FAILED = 2
    EXPIRED = 3


class Origin(IntEnum):
    """How a tie came to be."""

    FOUNDING = 0
    ENTRANT = 1
    CASUAL = 2
    PROJECT = 3
    PROGRAMME = 4
    PLATFORM = 5
    MOBILITY = 6


class MemberKind(IntEnum):
    """Kinds of bodies that can be members of a partnership."""

    BROKER = 0
    PARK = 1
    AUTHORITY = 2
    UNIVERSITY = 3


BODY_CATALOGUES = {
    MemberKind.BROKER: ("brokers", "broker"),
    MemberKind.PARK: ("parks", "park"),
    MemberKind.AUTHORITY: ("authorities", "authority"),
    MemberKind.UNIVERSITY: ("universities", "university"),
}
"""Catalogue of each kind of body in a scenario, and the first part of its entries' identities."""


class Tier(IntEnum):
    """Tiers of membership; only signatories negotiate."""

    SIGNATORY = 0
    STAKEHOLDER = 1
    ASSOCIATE = 2


class PartnershipStatus(IntEnum):
    """The life of a partnership."""

    NOT_FOUNDED = 0
    NEGOTIATING = 1
    AGREED = 2
    LETTER_OF_INTENT = 3
    OPEN = 4
    DISSOLVED = 5


class Source(IntEnum):
    """Where a euro comes from."""

    EU = 0
    NATIONAL = 1
    REGIONAL = 2
    OWN = 3
    OUTSIDE = 4


SOURCES = {"eu": Source.EU, "national": Source.NATIONAL, "regional": Source.REGIONAL}
"""Sources of public money as a scenario names them."""


class Account(IntEnum):
    """What a euro is for."""

    GRANTS = 0
    SERVICES = 1
    COORDINATION = 2
    INVESTMENT = 3
