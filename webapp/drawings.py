"""The diagram of a release as people read it."""

from uuid import UUID

from lxml import etree
from sqlalchemy.orm import Session

from rules.roles import ROLES
from workflows.engine import parse_foreign_xml
from workflows.pinned import diagram_of

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def drawing_of(session: Session, release_id: UUID) -> bytes:
    """Return the BPMN file of a release for reading."""
    return as_people_read(diagram_of(session, release_id))


def as_people_read(diagram: bytes) -> bytes:
    """Return a BPMN file with its lanes named as people name the roles. Raises: DiagramError."""
    root = parse_foreign_xml(diagram)
    for lane in root.iter(f"{_BPMN}lane"):
        role = ROLES.get(lane.get("name") or "")
        if role is not None:
            lane.set("name", role.title)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
