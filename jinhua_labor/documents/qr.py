"""QR codes as one path, to be drawn in the print itself: nothing is fetched, no picture is embedded."""

from __future__ import annotations

import itertools

import segno


def code(text: str) -> dict[str, object]:
    """A QR code of `text` as horizontal runs (`path`), and how many modules it is wide (`size`)."""
    matrix = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        for dark, group in itertools.groupby(row):
            width = len(list(group))
            if dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return {"path": "".join(runs), "size": len(matrix)}
