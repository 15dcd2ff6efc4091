"""Sample files: small pictures and papers, each different, kept like uploads."""

from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from store.scope import Scope
from store.tables import EvidenceFile
from workflows.people import Actor
from workflows.runtime import Runtime

_SIZE = (320, 240)
_GROUND = {"photo": "#8FA09B", "photo2": "#A9BDB9", "signature": "#FFFFFF"}
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"


class SampleFiles:
    """Makes sample files; each one differs, so that no photo looks used twice."""

    def __init__(self, runtime: Runtime) -> None:
        """Keep files in this runtime's store."""
        self._runtime = runtime
        self._count = 0

    def make(self, kind: str, actor: Actor) -> str:
        """Keep a file of this kind as the person's upload; return its id."""
        self._count += 1
        stamp = f"{actor.name} {self._runtime.now():%Y-%m-%d %H:%M} {self._count}"
        content, media_type, name = _content(kind, stamp)
        sha256, size = self._runtime.files.put(BytesIO(content))
        now = self._runtime.now()
        with self._runtime.database.write(Scope.everything("a sample file"), now=now) as session:
            row = EvidenceFile(
                sha256=sha256,
                size=size,
                media_type=media_type,
                name=name,
                uploaded_by=actor.person_id,
                uploaded_at=now,
                org_id=actor.org_id,
            )
            session.add(row)
            session.flush()
            row_id: UUID = row.id
        return str(row_id)


def _content(kind: str, stamp: str) -> tuple[bytes, str, str]:
    if kind == "pdf":
        return _PDF + f"% {stamp}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode(), "application/pdf", "凭证.pdf"
    picture = Image.new("RGB", _SIZE, _GROUND.get(kind, "#8FA09B"))
    pen = ImageDraw.Draw(picture)
    if kind == "signature":
        pen.line([(40, 150), (90, 90), (130, 160), (180, 100), (240, 150)], fill="#17211F", width=4)
    text = PngInfo()
    text.add_text("Comment", stamp)
    out = BytesIO()
    picture.save(out, "PNG", pnginfo=text)
    return out.getvalue(), "image/png", "签名.png" if kind == "signature" else "照片.png"
