"""Numbers of CSV files: each cell by its column's header, with its row's label."""

import csv
from collections.abc import Iterator

from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.numbers import NumberFact, normalize_name, read_number
from parityhub.audit.facts.rounding import printed_quantum
from parityhub.hub.records import Place

MOST_COLUMNS = 500
LONGEST_CELL = 400


def list_table_numbers(text: Text) -> list[NumberFact]:
    """List the numbers of a table whose first line names its columns; empty for any other text."""
    rows = _read_rows(text)
    first = next(rows, None)
    if first is None or len(first[1]) < 2 or any(read_number(c) is not None for c in first[1]):
        return []
    names = [normalize_name(cell) for cell in first[1]]
    found: list[NumberFact] = []
    for number, cells in rows:
        labels = tuple(
            normalize_name(cell) for cell in cells[:3] if cell and read_number(cell) is None
        )
        for name, cell in zip(names, cells, strict=False):
            value = read_number(cell)
            if value is not None and name:
                place = Place(file=text.file, line=number)
                found.append(NumberFact(name, value, place, labels, printed_quantum(cell)))
                found += [
                    NumberFact(f"{label}_{name}", value, place, labels, printed_quantum(cell))
                    for label in labels[:1]
                ]
    return found


def _read_rows(text: Text) -> Iterator[tuple[int, list[str]]]:
    for number, line in text.walk():
        if not line.strip() or line.startswith("#"):
            continue
        try:
            cells = next(csv.reader([line]), [])
        except csv.Error:
            continue
        yield number, [cell.strip()[:LONGEST_CELL] for cell in cells[:MOST_COLUMNS]]
