"""Prose that a person adds to a hub: harmless to show, and held against the evidence first."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown_it import MarkdownIt

from parityhub.audit.engine import audit_hub
from parityhub.audit.extract.ignores import find_ignores
from parityhub.audit.findings import AuditResult, Finding, JudgedClaim
from parityhub.audit.roots import Roots
from parityhub.errors import UsageError
from parityhub.plan.model import Plan
from parityhub.workflow.audit import list_data_folders, make_context

LONGEST = 64 << 10
"""characters of prose that are taken"""


@dataclass(frozen=True)
class Judged:
    """Prose after its audit."""

    text: str
    objections: tuple[Finding, ...]
    """what the evidence does not bear out; with one, the prose is refused"""
    result: AuditResult

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against it."""
        return not self.objections


def compose_prose(body: str, title: str, phase: str | None) -> str:
    """Return prose as it is kept: a heading that says what it is about, and the text.

    Raises:
        UsageError: there is no text, or it holds what a page must not take over as it is.
    """
    lines = [line.rstrip() for line in body.replace("\r\n", "\n").split("\n")]
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise UsageError("no text", hint="say it: as an argument, with --file, or on stdin with -")
    about = " ".join(f"{f'Phase {phase}' if phase else 'Turn'}: {title}".split())
    whole = f"### {about}\n\n{text}\n" if title else f"### {about.rstrip(':')}\n\n{text}\n"
    refuse_active(whole)
    return whole


def refuse_active(text: str) -> None:
    """Refuse what would be active or invisible where the prose is shown.

    Raises:
        UsageError: it is too long, or a line holds HTML, a control character, an image from
            elsewhere, or asks to ignore findings.
    """
    if len(text) > LONGEST:
        raise UsageError(
            f"{len(text)} characters; a turn takes {LONGEST}",
            hint="keep logs in the hub, cite them",
        )
    for number, what in list_active(text):
        # The heading and the blank line behind it are not the user's.
        raise UsageError(
            f"line {max(number - 2, 1)}: {what}", hint="write plain Markdown; code in `backticks`"
        )


def list_active(text: str) -> Iterator[tuple[int, str]]:
    """Yield what a page must not take over, each with its line."""
    lines = text.split("\n")
    for ignore in find_ignores(lines):
        yield ignore.line, "findings cannot be ignored in prose that is added to a hub"
    for number, line in enumerate(lines, 1):
        odd = next((char for char in line if not char.isprintable() and char != "\t"), None)
        if odd is not None:
            yield number, f"holds the character {ascii(odd)[1:-1]}"
    for token in MarkdownIt("commonmark").parse(text):
        number = token.map[0] + 1 if token.map else 1
        if token.type == "html_block":
            yield number, "holds HTML"
        for child in token.children or ():
            if child.type == "html_inline":
                yield number, f"holds HTML: {child.content}"
            if child.type == "image" and ":" in str(child.attrs.get("src", "")):
                yield number, "holds an image that lies elsewhere"


def judge_prose(text: str, name: str, hub: Path, plan: Plan, repository: Path) -> Judged:
    """Hold prose against the evidence of a hub, as `parityhub audit` will, and with the repository.

    Warnings count as well: prose is written once, and would leave the hub with them for good. So
    does a number for which the evidence has another under its name.

    Args:
        text: as composed.
        name: of the file that it would be kept in.
        hub: the hub's folder.
        plan: the plan.
        repository: whose files and commits it may name.
    """
    with TemporaryDirectory(prefix="parityhub-prose-") as folder:
        file = Path(folder) / Path(name).name
        file.write_text(text, encoding="utf-8")
        results = [
            audit_hub(
                file,
                Roots(
                    hub=hub,
                    repository=root,
                    datasets=list_data_folders(plan, root),
                    reports=(file,),
                ),
                context=make_context(plan, hub),
            )
            for root in (None, repository)
        ]
    found: dict[tuple[str, int, str], Finding] = {}
    for result in results:
        for finding in (*result.findings, *list_doubts(result)):
            if finding.severity != "note":
                found.setdefault((finding.code, finding.spot.line, finding.found), finding)
    return Judged(text, tuple(found.values()), results[0])


def list_doubts(result: AuditResult) -> Iterator[Finding]:
    """Yield the numbers whose name the evidence knows with another value."""
    for judged in result.claims:
        if doubtful(judged):
            yield Finding(
                code="PH401",
                slug="number-mismatch",
                severity="warning",
                spot=judged.claim.spot,
                claim=judged.claim.text,
                found=judged.reason,
                evidence=judged.evidence,
                hint="write what the evidence holds, or cite where this number stands",
            )


def doubtful(judged: JudgedClaim) -> bool:
    """Tell whether the evidence has another value under the name of a number."""
    claim = judged.claim
    told = judged.reason.startswith("the evidence has ") and judged.evidence is not None
    return (
        judged.state == "unverifiable" and claim.kind == "number" and claim.mood == "said" and told
    ) and not judged.codes
