"""The code of a ticket as a QR code."""

import segno


def modules(code: str) -> list[bytearray]:
    """The QR code, row by row, without the margin that it needs: a module is 1 where it is dark."""
    return [bytearray(row) for row in segno.make_qr(code, error="m").matrix]


def svg(code: str) -> str:
    """The QR code as an element of a page, with its margin."""
    return segno.make_qr(code, error="m").svg_inline(omitsize=True, svgclass="qr")
