"""Sample files: small pictures and papers, each different, kept like uploads."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from store.scope import Scope
from store.tables import EvidenceFile
from store.types import new_id
from workflows.people import Actor
from workflows.runtime import SHANGHAI, Runtime

PHOTO_SIZE, SIGNATURE_SIZE = (320, 240), (240, 96)
INK = "#17211F"
WALLS = ("#C9D3CF", "#B7C4CC", "#D8CFBE", "#BFC9B4", "#CCC3CE", "#AEBBB9")
FLOORS = ("#7C8682", "#8A7F70", "#6F7D86", "#939A8D")
MACHINES = ("#2F6F8F", "#3F7A57", "#A5642E", "#5B5F86", "#8C3F3A", "#56707A", "#B08A2E")
WARNING = ("#E3B31C", "#1E1E1E")
_PDF = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 298]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
)


class SampleFiles:
    """Makes sample files. Each photo differs, so that none looks used twice; a person's signature is the same."""

    def __init__(self, runtime: Runtime) -> None:
        """Keep files in this runtime's store."""
        self._runtime = runtime
        self._count = 0
        self._stored: dict[tuple[str, str], tuple[str, int]] = {}
        self._made: list[EvidenceFile] = []

    def make(self, kind: str, actor: Actor) -> str:
        """Make a file of this kind (photo, signature, pdf) for the person to upload; return its id."""
        now = self._runtime.now()
        draw, media_type, name = _KINDS[kind]
        sha256, size = self._store(kind, self._stamp(kind, actor, now), draw)
        row = EvidenceFile(
            id=new_id(now),
            sha256=sha256,
            size=size,
            media_type=media_type,
            name=name,
            uploaded_by=actor.person_id,
            uploaded_at=now,
            org_id=actor.org_id,
        )
        self._made.append(row)
        return str(row.id)

    def upload(self) -> None:
        """Keep the files that were made since the last time."""
        if self._made:
            now = self._runtime.now()
            with self._runtime.database.write(Scope.everything("sample files"), now=now) as session:
                session.add_all(self._made)
            self._made = []

    def _stamp(self, kind: str, actor: Actor, now: datetime) -> str:
        if kind == "signature":
            return actor.name
        self._count += kind == "photo"
        number = f" {self._count}" if kind == "photo" else ""
        return f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}{number}"

    def _store(self, kind: str, stamp: str, draw: Callable[[str], bytes]) -> tuple[str, int]:
        if (kind, stamp) not in self._stored:
            self._stored[kind, stamp] = self._runtime.files.put(BytesIO(draw(stamp)))
        return self._stored[kind, stamp]


def _photo(stamp: str) -> bytes:
    """Draw a workshop: a wall with windows, a floor with a yellow line, machines, sometimes a warning board."""
    dice = Random(stamp)  # noqa: S311 — sample data
    width, height = PHOTO_SIZE
    picture = Image.new("RGB", PHOTO_SIZE, dice.choice(WALLS))
    pen = ImageDraw.Draw(picture)
    floor = dice.randint(130, 175)
    pen.rectangle((0, floor, width, height), fill=dice.choice(FLOORS))
    for x in range(dice.randint(0, 40), width, dice.randint(60, 110)):
        pen.rectangle((x, 20, x + 38, dice.randint(60, 84)), fill="#E9F1F4", outline="#8A9692", width=2)
    pen.line((0, floor + 30, width, floor + dice.randint(12, 46)), fill=WARNING[0], width=5)
    for _ in range(dice.randint(2, 5)):
        x, top = dice.randint(-20, width - 40), dice.randint(70, floor - 10)
        right, foot = x + dice.randint(34, 110), floor + dice.randint(4, 40)
        pen.rectangle((x, top, right, foot), fill=dice.choice(MACHINES), outline=INK, width=2)
        pen.ellipse((x + 6, top + 8, x + 20, top + 22), fill=dice.choice(WALLS), outline=INK)
    if dice.random() < 1 / 3:
        x, y = dice.randint(20, width - 80), dice.randint(70, 120)
        pen.polygon(((x, y + 44), (x + 25, y), (x + 50, y + 44)), fill=WARNING[0], outline=WARNING[1])
    pen.text((8, height - 16), stamp, fill="#FFFFFF")
    return _saved(picture, "JPEG", quality=70)


def _signature(stamp: str) -> bytes:
    """Draw a few strokes of a pen."""
    dice = Random(stamp)  # noqa: S311 — sample data
    picture = Image.new("1", SIGNATURE_SIZE, 1)
    pen = ImageDraw.Draw(picture)
    for start in (24, 84, 144):
        points = [(start + 9 * step + dice.randint(-6, 6), dice.randint(18, 78)) for step in range(7)]
        pen.line(points, fill=0, width=3, joint="curve")
    return _saved(picture, "PNG")


def _pdf(stamp: str) -> bytes:
    """Return a page with its number."""
    content = f"BT /F 14 Tf 40 240 Td ({stamp}) Tj ET 40 220 340 1 re f".encode()
    return _PDF % (len(content), content)


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


_KINDS: Mapping[str, tuple[Callable[[str], bytes], str, str]] = {
    "photo": (_photo, "image/jpeg", "照片.jpg"),
    "signature": (_signature, "image/png", "签名.png"),
    "pdf": (_pdf, "application/pdf", "凭证.pdf"),
}
