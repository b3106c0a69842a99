"""Files that several tests of the library build."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.library.keeping import coach, home, reopen  # noqa: F401  fixtures


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """Build a PDF from pages of (size, text) lines."""
    return minimal_pdf


def minimal_pdf(pages: list[list[tuple[int, str]]], *, chinese: bool = False, trailer: str = "") -> bytes:
    """A minimal PDF: lines of (size, text) from the top of each page."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    if chinese:
        details = "/Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
        descendant = (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
            f"/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light {details} >> >>"
        )
        encoding = "/Encoding /UniGB-UCS2-H"
        font = f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light {encoding} /DescendantFonts [{descendant}] >>"
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", "", font]
    for page in pages:
        content, y = "BT\n", 780
        for size, text in page:
            shown = f"<{text.encode('utf-16-be').hex()}>" if chinese else f"({text})"
            content += f"/F1 {size} Tf 1 0 0 1 50 {y} Tm {shown} Tj\n"
            y -= size + 6
        content += "ET"
        number = len(bodies) + 1
        box = "/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
        bodies.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {number + 1} 0 R >>")
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    kids = " ".join(f"{n} 0 R" for n in range(4, 4 + 2 * len(pages), 2))
    bodies[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    xref = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in offsets)
    return (out + f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{xref}\n%%EOF\n").encode("latin-1")
