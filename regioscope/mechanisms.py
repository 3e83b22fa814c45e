"""The mechanisms for anyone's own network or case: arrays in, arrays out, the code that the scenarios run."""

from __future__ import annotations

from simulation.mechanisms.knowledge_exchange import exchange
from simulation.mechanisms.matching import match
from simulation.mechanisms.negotiation import negotiate
from simulation.mechanisms.peer_learning import peer_learning

__all__ = ["exchange", "match", "negotiate", "peer_learning"]
