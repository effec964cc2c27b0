"""The same report in another layout: blanks, order, tables as lists, lists as tables."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

Block = tuple[int, int]
ITEM = re.compile(r"^- `[^`]+`: \S")
ROW = re.compile(r"^\|(?! ---)")
PLAIN = re.compile(r"^[A-Z][a-z]+ .*[a-z] [a-z]+ .*$")


def find_blocks(lines: list[str], pattern: re.Pattern[str], least: int) -> list[Block]:
    """Return where runs of lines that match begin and end."""
    blocks, start = [], None
    for at, line in enumerate([*lines, ""]):
        if pattern.match(line):
            start = at if start is None else start
        elif start is not None:
            if at - start >= least:
                blocks.append((start, at))
            start = None
    return blocks


def add_blank_line(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Put a blank line more where one stands."""
    spots = [found.start() for found in re.finditer(r"\n\n", text)]
    at = rng.choice(spots) if spots else None
    return None if at is None else text[:at] + "\n" + text[at:]


def pad_lines(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Put a blank behind some lines."""
    return "\n".join(
        line + " " if line and rng.random() < 0.1 else line for line in text.split("\n")
    )


def write_crlf(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """End each line as Windows does."""
    return text.replace("\n", "\r\n")


def double_blank(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Put two blanks between words of a sentence."""
    lines = text.split("\n")
    spots = [at for at, line in enumerate(lines) if PLAIN.match(line)]
    if not spots:
        return None
    at = rng.choice(spots)
    words = lines[at].split(" ")
    cut = rng.randrange(1, len(words))
    lines[at] = " ".join(words[:cut]) + "  " + " ".join(words[cut:])
    return "\n".join(lines)


def wrap_sentence(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Break the line of a sentence between two words outside of links and code."""
    if not file.endswith(".md"):
        return None
    lines = text.split("\n")
    spots = [at for at, line in enumerate(lines) if PLAIN.match(line)]
    if not spots:
        return None
    at = rng.choice(spots)
    free = re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`", lambda m: "x" * len(m.group()), lines[at])
    blanks = [found.start() for found in re.finditer(r"(?<=[a-z,;]) (?=[a-z])", free)]
    if not blanks:
        return None
    cut = rng.choice(blanks)
    lines[at] = lines[at][:cut] + "\n" + lines[at][cut + 1 :]
    return "\n".join(lines)


def swap_within(pattern: re.Pattern[str], skip: int) -> Callable[..., str | None]:
    """Return the way that exchanges two lines of a run, past its first ones."""

    def change(text: str, rng: Random, hub: Path, file: str) -> str | None:
        lines = text.split("\n")
        blocks = find_blocks(lines, pattern, skip + 2)
        if not blocks:
            return None
        start, end = rng.choice(blocks)
        one, other = rng.sample(range(start + skip, end), 2)
        lines[one], lines[other] = lines[other], lines[one]
        return "\n".join(lines)

    return change


def swap_sections(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Exchange two phases of a summary, whole."""
    parts = re.split(r'(?m)^(?=<a id="phase-)', text)
    last = re.split(r"(?m)^(?=## (?:Exit|How))", parts[-1], maxsplit=1)
    phases = [*parts[1:-1], last[0]]
    if len(phases) < 2:
        return None
    one, other = rng.sample(range(len(phases)), 2)
    phases[one], phases[other] = phases[other], phases[one]
    return parts[0] + "".join(phases) + "".join(last[1:])


def swap_entries(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Exchange two entries of an inventory within a section."""
    entries = list(re.finditer(r"(?m)^\S+\n  \d+ bytes.*\n  .*\n", text))
    pairs = [(a, b) for a, b in pairwise(entries) if a.end() == b.start()]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    return text[: first.start()] + second.group() + first.group() + text[second.end() :]


def swap_columns(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Exchange the two sides of a table of numbers."""
    lines = text.split("\n")
    tables = [b for b in find_tables(lines) if len(split_row(lines[b[0]])) == 3]
    if not tables:
        return None
    for at in range(*rng.choice(tables)):
        first, second, third = split_row(lines[at])
        lines[at] = f"| {first} | {third} | {second} |"
    return "\n".join(lines)


def table_to_list(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Write a table of numbers as a list: quantity and side before each number."""
    lines = text.split("\n")
    tables = [b for b in find_tables(lines) if lines[b[0]].startswith("| `")]
    if not tables:
        return None
    start, end = rng.choice(tables)
    head = split_row(lines[start])
    items = []
    for row in lines[start + 2 : end]:
        cells = split_row(row)
        for side, cell in zip(head[1:], cells[1:], strict=True):
            if cell != "none":
                items.append(f"  - {cells[0]}, {side}: {cell}")
    return "\n".join([*lines[:start], f"- {head[0]}", *items, *lines[end:]])


def list_to_table(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Write a list of numbers as a table."""
    lines = text.split("\n")
    blocks = find_blocks(lines, ITEM, 1)
    if not blocks:
        return None
    start, end = rng.choice(blocks)
    rows = []
    for line in lines[start:end]:
        name, _, value = line.removeprefix("- ").partition("`: ")
        rows.append(f"| {name}` | {value} |")
    return "\n".join([*lines[:start], "| quantity | value |", "| --- | --- |", *rows, *lines[end:]])


def open_details(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Show what is folded away under its heading."""
    found = list(re.finditer(r"(?s)<details><summary>([^<]*)</summary>\n(.*?)</details>\n", text))
    if not found:
        return None
    one = rng.choice(found)
    return f"{text[: one.start()]}**{one[1]}**\n{one[2]}{text[one.end() :]}"


def quote_paragraph(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Set a sentence apart as a quotation."""
    found = list(re.finditer(r"(?<=\n\n)[A-Z][a-z]+ [^|\n]+(?=\n\n)", text))
    if not found or not file.endswith(".md"):
        return None
    one = rng.choice(found)
    return f"{text[: one.start()]}> {one.group()}{text[one.end() :]}"


def find_tables(lines: list[str]) -> list[Block]:
    """Return where tables of a Markdown text begin and end."""
    blocks = find_blocks(lines, re.compile(r"^\|"), 3)
    return [block for block in blocks if lines[block[0] + 1].startswith("| ---")]


def split_row(line: str) -> list[str]:
    """Return the cells of a row."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


LAYOUTS: dict[str, Callable[[str, Random, Path, str], str | None]] = {
    "a blank line more": add_blank_line,
    "blanks at line ends": pad_lines,
    "CRLF": write_crlf,
    "two blanks": double_blank,
    "a line broken": wrap_sentence,
    "list items in another order": swap_within(re.compile(r"^- "), 0),
    "table rows in another order": swap_within(re.compile(r"^\|"), 2),
    "phases in another order": swap_sections,
    "entries in another order": swap_entries,
    "columns in another order": swap_columns,
    "table to list": table_to_list,
    "list to table": list_to_table,
    "details opened": open_details,
    "a quotation": quote_paragraph,
}
