import re
from pathlib import Path

from parityhub.audit.claims import Claim
from parityhub.audit.extract.context import ReportContext
from parityhub.audit.extract.extract import extract_claims

SEED_HUB = Path(__file__).resolve().parents[4] / "shared/seed_hub"


def find_claims(text, kind="", file="report.md", **context) -> list[Claim]:
    claims = extract_claims(text, file, ReportContext(**context))
    return [claim for claim in claims if not kind or claim.kind == kind]


def read_at(text, claim) -> str:
    """The characters that a claim's place points at."""
    line = re.split(r"\r\n?|\n", text)[claim.spot.line - 1]
    return line[claim.spot.column - 1 : claim.spot.end_column - 1]


def pairs(claims) -> list[tuple[str, str]]:
    return [(claim.name, claim.value) for claim in claims]


def read_seed(path) -> str:
    return (SEED_HUB / path).read_text()


def seed_claims(path, line, kind="") -> list[Claim]:
    """Claims of one line of a file of the seed hub."""
    claims = find_claims(read_seed(path), kind, file=path)
    return [claim for claim in claims if claim.spot.line == line]
