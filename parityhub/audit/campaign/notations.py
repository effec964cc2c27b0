"""The same numbers, digests and citations in another notation."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

from parityhub.audit.campaign.sources import CITATION, SOURCED, list_sources, read_values

HEX = re.compile(r"(?<![\w./-])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![\w/-])")


def pick(found: list[re.Match[str]], rng: Random) -> re.Match[str] | None:
    """Return one of the matches, or None of none."""
    return rng.choice(found) if found else None


def put(text: str, found: re.Match[str], instead: str, group: str | int = 0) -> str:
    """Return a text with what a group matched replaced."""
    start, end = found.span(group)
    return text[:start] + instead + text[end:]


def round_number(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Show a number with a source with fewer digits, rounded from what the source holds."""
    found = pick([m for m in SOURCED.finditer(text) if count_digits(m["number"]) > 4], rng)
    if found is None or found["unit"]:
        return None
    shown = Decimal(found["number"])
    values = [v for s in list_sources(hub, file, found) for v in read_values(hub, s)]
    true = min(values, key=lambda value: abs(value - shown), default=None)
    if true is None or abs(true - shown) > abs(shown) / 1000:
        return None
    digits = rng.randrange(3, count_digits(found["number"]))
    return put(text, found, f"{true:.{digits}g}", "number")


def round_in_sentence(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Show a number of a sentence, given with all its digits, with fewer."""
    whole = re.compile(r"(?<![\w.#/:@-])0\.\d{12,18}(?![\w.]*\w)")
    found = pick(list(whole.finditer(text)), rng)
    return None if found is None else put(text, found, f"{Decimal(found.group()):.6g}")


def write_exponent(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Write a number with a power of ten."""
    numbers = [m for m in SOURCED.finditer(text) if "." in m["number"] and "e" not in m["number"]]
    found = pick([m for m in numbers if Decimal(m["number"]) != 0], rng)
    return None if found is None else put(text, found, f"{Decimal(found['number']):e}", "number")


def write_milliseconds(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Give a time in milliseconds."""
    found = pick([m for m in SOURCED.finditer(text) if m["unit"] == " s"], rng)
    if found is None:
        return None
    seconds = [v for s in list_sources(hub, file, found) for v in read_values(hub, s)]
    if len(seconds) != 1:
        return None
    return put(text, found, f"{round(seconds[0] * 1000)} ms {found['citation']}")


def write_gigabytes(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Give a size in gigabytes, with as many digits."""
    found = pick([m for m in SOURCED.finditer(text) if m["unit"] == " MB"], rng)
    if found is None:
        return None
    value = Decimal(found["number"]).scaleb(-3)
    return put(text, found, f"{value:f} GB {found['citation']}")


def shorten_digest(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Abbreviate a digest."""
    found = pick(list(HEX.finditer(text)), rng)
    return None if found is None else put(text, found, found.group()[: rng.randrange(10, 24)])


def write_upper_digest(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Write a digest in capitals."""
    found = pick(list(HEX.finditer(text)), rng)
    return None if found is None else put(text, found, found.group().upper())


def write_plain_citation(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Write a link to a line or a value as `file:line` or `file#pointer`."""
    cited = [m for m in CITATION.finditer(text) if m["line"] or m["pointer"]]
    found = pick([m for m in cited if " " not in m.group()], rng)
    if found is None:
        return None
    where = f":{found['line']}" if found["line"] else f"#{found['pointer']}"
    return put(text, found, f"(`{found['target']}{where}`)")


def write_reference_link(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Give the target of a link at the end of the report."""
    found = pick([m for m in CITATION.finditer(text) if "|" not in m.group()], rng)
    if found is None or not file.endswith(".md"):
        return None
    label, _, target = found.group().rpartition("](")
    changed = put(text, found, f"{label}][source-1]")
    return f"{changed.rstrip()}\n\n[source-1]: {target.removesuffix(')')}\n"


def name_link_by_path(text: str, rng: Random, hub: Path, file: str) -> str | None:
    """Give a link its path as text."""
    plain = [m for m in CITATION.finditer(text) if not m["line"] and not m["pointer"]]
    found = pick([m for m in plain if m["name"] != m["target"] and not m["target_line"]], rng)
    if found is None or text[found.start() - 1] == "!":
        return None
    return put(text, found, f"[{found['target']}]({found['target']})")


def count_digits(number: str) -> int:
    """Return how many significant digits a number shows."""
    return len(Decimal(number).as_tuple().digits)


NOTATIONS: dict[str, Callable[[str, Random, Path, str], str | None]] = {
    "fewer digits": round_number,
    "fewer digits in a sentence": round_in_sentence,
    "a power of ten": write_exponent,
    "milliseconds": write_milliseconds,
    "gigabytes": write_gigabytes,
    "a digest abbreviated": shorten_digest,
    "a digest in capitals": write_upper_digest,
    "a citation in plain text": write_plain_citation,
    "a reference link": write_reference_link,
    "a link named by its path": name_link_by_path,
}
