"""Which published models can be validated, by name, with their papers: what a list needs before anything is run."""

from __future__ import annotations

__all__ = ["PAPERS"]

PAPERS: dict[str, str] = {
    "march-1991": "March 1991, exploration and exploitation in organizational learning",
    "cowan-jonard-2004": "Cowan & Jonard 2004, network structure and the diffusion of knowledge",
    "hegselmann-krause-2002": "Hegselmann & Krause 2002, opinion dynamics and bounded confidence",
    "watts-strogatz-1998": "Watts & Strogatz 1998, small-world networks",
    "matching": "Preis 1999, greedy matching: no blocking pair, half of the optimum",
}
"""Papers by the name of the case."""
