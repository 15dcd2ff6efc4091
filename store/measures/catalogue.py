"""Every measure by its name."""

from collections.abc import Mapping
from types import MappingProxyType

from store.measures.hazards import HAZARDS
from store.measures.means import MEANS
from store.measures.model import Measure
from store.measures.pushes import PUSHES
from store.measures.services import SERVICES

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {measure.name: measure for measure in (*SERVICES, *HAZARDS, *MEANS, *PUSHES)}
)
