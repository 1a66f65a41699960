"""Files as people and attackers send them, built here."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image

Build = Callable[[pikepdf.Pdf], None]


def pdf(build: Build | None = None, *, pages: int = 1, **save: Any) -> bytes:
    """A PDF of blank pages, changed by `build` before it is written."""
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(200, 200))
        if build:
            build(made)
        out = io.BytesIO()
        made.save(out, **save)
        return out.getvalue()


def _action(kind: str, **more: Any) -> pikepdf.Dictionary:
    action = pikepdf.Dictionary(Type=pikepdf.Name("/Action"), S=pikepdf.Name(kind))
    for key, value in more.items():
        action[f"/{key}"] = value
    return action


def open_action(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = _action("/JavaScript", JS=pikepdf.String("app.alert(1)"))


def names_script(made: pikepdf.Pdf) -> None:
    script = made.make_indirect(_action("/JavaScript", JS=pikepdf.String("app.alert(1)")))
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script]))
    )


def page_action(made: pikepdf.Pdf) -> None:
    made.pages[0].obj["/AA"] = pikepdf.Dictionary(O=_action("/JavaScript", JS=pikepdf.String("app.alert(1)")))


def link(kind: str, **more: Any) -> Build:
    def build(made: pikepdf.Pdf) -> None:
        made.pages[0].obj["/Annots"] = pikepdf.Array(
            [
                made.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name("/Annot"),
                        Subtype=pikepdf.Name("/Link"),
                        Rect=pikepdf.Array([0, 0, 9, 9]),
                        A=_action(kind, **more),
                    )
                )
            ]
        )

    return build


def embedded(made: pikepdf.Pdf) -> None:
    made.attachments["evil.exe"] = pikepdf.AttachedFileSpec(made, b"MZ")


def xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([]), XFA=made.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    )


def deep_script(made: pikepdf.Pdf) -> None:
    """A script hidden as the next action of a harmless one, in an object nothing points to by an ordinary key."""
    made.Root.Extra = made.make_indirect(
        pikepdf.Dictionary(
            A=_action("/GoTo", Next=pikepdf.Array([_action("/JavaScript", JS=pikepdf.String("app.alert(1)"))]))
        )
    )


def signed(made: pikepdf.Pdf) -> None:
    value = pikepdf.Dictionary(Type=pikepdf.Name("/Sig"), Contents=pikepdf.String(b"x" * 16))
    field = made.make_indirect(
        pikepdf.Dictionary(FT=pikepdf.Name("/Sig"), T=pikepdf.String("s"), V=made.make_indirect(value))
    )
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)


def signed_active(made: pikepdf.Pdf) -> None:
    signed(made)
    open_action(made)


def image(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **save)
    return out.getvalue()


def photo_with_position() -> bytes:
    """A phone's picture: turned by EXIF, with its position and a name in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "SECRET-MAKER"
    exif.get_ifd(0x8825)[1] = "N"
    return image(exif=exif)


def flood() -> bytes:
    """A PNG of 30 000 × 30 000 pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = struct.pack("!IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 4000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML_PDF = b"<html><script>alert(1)</script>" + pdf()
GIF_JS = b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)"
EXE = b"MZ\x90\0" + b"\0" * 60
