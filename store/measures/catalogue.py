"""Every measure by its name, and in the groups in which people look for it."""

from collections.abc import Mapping
from types import MappingProxyType

from store.measures.hazards import HAZARDS
from store.measures.insured import INSURED
from store.measures.means import CLAIMS, MEANS
from store.measures.model import Measure
from store.measures.pushes import PUSHES
from store.measures.services import SERVICES

GROUPS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("投保", INSURED),
    ("理赔", CLAIMS),
    ("服务", (*SERVICES, *PUSHES)),
    ("风险", HAZARDS),
    ("投诉、费用、人员", MEANS),
)
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {measure.name: measure for _, measures in GROUPS for measure in measures}
)
