"""Facts that the samples share. Names are invented and hold rare characters on purpose."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

from msgspec.structs import replace
from PIL import Image, ImageDraw

from documents.filling import BEIJING
from documents.papers.common import Head, Member, Picture, PolicyFacts, Signature, Span, Unit

PROVIDER = "温州未然安全技术服务有限公司"
INSURER = "某某财产保险股份有限公司温州中心支公司"


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of 2026 in Beijing."""
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


HEAD = Head(
    number="WR01-GZ-2026-000412",
    issuer=PROVIDER,
    generated_at=at(11, 23, 17, 5),
    check_url="https://example.org/check/WR01-GZ-2026-000412",
    paper_number="温安服告〔2026〕0412 号",
    demo=True,
)

UNIT = Unit(
    name="温州龑堃化工有限公司",
    uscc="91330300DEM0004123",
    address="浙江省温州市龙湾区滨海园区堃泰路 88 号（㛃园内）",
    contact="章喆",
    mobile="19900001234",
    industry="危险化学品",
)

POLICY = PolicyFacts(
    number="PZFC202633030000001234",
    insurer=INSURER,
    term_start=date(2026, 3, 1),
    term_end=date(2027, 2, 28),
    premium=Decimal("68000.00"),
)

TEAM = (
    Member("林龑", PROVIDER, "注册安全工程师（化工安全）3305 0018 2291", "组长"),
    Member("周晓堃", PROVIDER, "安全评价师二级 1633 0000 0020 0456", "成员"),
)

ON_SITE = (Span(at(11, 20, 9, 5), at(11, 20, 15, 40)),)


def head(code: str, title_number: str = "") -> Head:
    """Return the head with the number of another class."""
    return replace(HEAD, number=f"WR01-{code}-2026-000412", paper_number=title_number)


def drawn_photo(hue: int, caption: str) -> Picture:
    """Return a drawn placeholder in the shape of a photo."""
    image = Image.new("HSV", (640, 480), (hue, 40, 220)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 200, 300, 440), fill=(120, 130, 128), outline=(40, 50, 48), width=6)
    draw.ellipse((340, 120, 580, 360), fill=(190, 140, 60), outline=(90, 60, 20), width=6)
    draw.line((0, 440, 640, 440), fill=(60, 60, 60), width=8)
    return Picture(_saved(image, "JPEG"), caption)


def drawn_signature() -> bytes:
    """Return a scribble on a transparent ground."""
    image = Image.new("RGBA", (420, 160), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    points = [
        (20, 90),
        (70, 30),
        (90, 120),
        (150, 50),
        (170, 110),
        (240, 40),
        (250, 120),
        (330, 70),
        (400, 60),
    ]
    draw.line(points, fill=(20, 30, 90, 255), width=7, joint="curve")
    return _saved(image, "PNG")


def both_signed() -> tuple[Signature, ...]:
    """Return the two boxes of a paper that both sides have signed."""
    return (
        Signature("投保单位", "章喆", "安全负责人", at(11, 20, 15, 50), drawn_signature(), seal=True),
        Signature("第三方服务机构", "林龑", "组长", at(11, 20, 15, 45), drawn_signature(), seal=True),
    )


def to_sign() -> tuple[Signature, ...]:
    """Return two empty boxes, for a pen."""
    return (Signature("投保单位", seal=True), Signature("第三方服务机构", seal=True))


def _saved(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()
