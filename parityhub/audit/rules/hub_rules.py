"""The files of a hub against its manifest, its sidecars and its reports."""

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from parityhub.audit.claims import Claim
from parityhub.audit.facts.digests import HEX
from parityhub.audit.facts.files import INTENT
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding, Standing
from parityhub.audit.rules.rule import ClaimRule, HubRule, Said, confirmed, spot_of, unverifiable
from parityhub.hub import layout
from parityhub.hub.records import Place

ALGORITHMS = {".sha1": "sha1", ".sha256": "sha256", ".md5": "md5"}
SAME_WORDS = re.compile(r"\b(identical|same|mirror(?:ed|s)?|copy|copied|byte)\b", re.IGNORECASE)
SHOWN = 20
"""files that one finding names"""


class ArtifactUnlisted(HubRule):
    """Each file of a hub is in its manifest, and nothing else lies there.

    A file that no run listed came from elsewhere, or was put there by hand.
    """

    code, slug, severity = "PH202", "artifact-unlisted", "error"
    requires = frozenset({"manifest"})
    example = "`analysis/stats_extra.json` lies in a hub whose manifest.json does not list it"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.manifest is not None
        listed = {item.path for item in facts.manifest.artifacts}
        for path in sorted(set(facts.table.files) - listed - {layout.MANIFEST}):
            yield self.find(
                spot_of(path),
                path,
                Said(
                    found="manifest.json does not list it",
                    hint="remove it, or let run-phase go on in the hub: it takes strays in",
                    evidence=Place(file=layout.MANIFEST),
                ),
            )
        for path in facts.table.links:
            yield self.find(
                spot_of(path),
                path,
                Said(found="it is a link", hint="put a copy of the file in its place"),
            )


class ArtifactChanged(HubRule):
    """Each file that the manifest lists is there, with the bytes that it lists.

    Evidence is written once. What was changed since is no longer what the run left.
    """

    code, slug, severity = "PH203", "artifact-changed", "error"
    requires = frozenset({"manifest"})
    example = "a digit changed in `cli/train.log` after the run: its sha256 is not the listed one"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.manifest is not None
        digests = facts.digests.all_files()
        for at, item in enumerate(facts.manifest.artifacts):
            place = Place(file=layout.MANIFEST, pointer=f"/artifacts/{at}")
            found = digests.get(item.path)
            if item.path not in facts.table.files:
                said = f"it is gone; {item.size} bytes, sha1 {item.sha1} are listed"
            elif found is None:
                said = "it cannot be read"
            elif (found.size, found.sha1, found.sha256) != (item.size, item.sha1, item.sha256):
                said = f"sha1 {item.sha1} is listed, it is {found.sha1} ({found.size} bytes) now"
            else:
                continue
            hint = "render it again with `parityhub report`" if item.role == "derived" else (
                "bring the file back from a copy; a rerun is a new attempt"
            )  # fmt: skip
            yield self.find(
                spot_of(item.path), item.path, Said(found=said, hint=hint, evidence=place)
            )


class SidecarMismatch(HubRule):
    """A `.sha1`, `.sha256` or `.md5` beside a file holds its digest.

    `sha1sum -c` is how a reader without parityhub checks a file.
    """

    code, slug, severity = "PH205", "sidecar-mismatch", "error"
    example = "`metrics.txt.sha1` holds the sha1 of an earlier metrics.txt"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for path in sorted(facts.table.files):
            ending = next((end for end in ALGORITHMS if path.endswith(end)), None)
            if ending is None or facts.table.files[path].size > 1 << 20:
                continue
            yield from self._check_sidecar(path, path.removesuffix(ending), ending, facts)

    def _check_sidecar(
        self, path: str, beside: str, ending: str, facts: Facts
    ) -> Iterator[Finding]:
        text = facts.texts.read(path)
        others = 0
        for number, line in text.walk() if text else ():
            held = HEX.search(line)
            if held is None:
                continue
            named = line[held.end() :].strip().lstrip("*")
            plain = named.removeprefix("./")
            places = (f"{dirname(path)}/{named}".lstrip("/"), plain, layout.imported_path(plain))
            target = next((p for p in places if named and p in facts.table.files), beside)
            others += target != beside
            real = facts.digests.of_file(target, ALGORITHMS[ending])
            if real is not None and real != held.group().lower():
                yield self.find(
                    spot_of(path, number),
                    line,
                    Said(
                        found=f"the {ALGORITHMS[ending]} of {target} is {real}",
                        hint="write the sidecar anew, or bring the file back",
                        evidence=Place(file=target),
                    ),
                )
        if beside not in facts.table.files and text is not None and not others:
            yield self.find(
                spot_of(path),
                path,
                Said(
                    found=f"{beside} is not there",
                    hint="a sidecar lies beside its file",
                    severity="warning",
                ),
            )


class ArtifactUnreported(HubRule):
    """Each piece of evidence is named by a report, and each phase by the hub's summary.

    A summary that stops one phase too early leaves out what went wrong last.
    """

    code, slug, severity = "PH207", "artifact-unreported", "warning"
    example = "`phase_c2/analysis/metrics.txt` in a hub whose summary.md ends with phase C1"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        if not facts.reports:
            return
        yield from self._check_phases(facts)
        named = self._list_named(facts)
        lost = [
            path
            for path in sorted(facts.table.files)
            if path not in named and self._counts(path, facts)
        ]
        groups: dict[str, list[str]] = {}
        for path in lost:
            groups.setdefault(dirname(path), []).append(path)
        for folder, paths in groups.items():
            several = f"{len(paths)} files of {folder or 'the hub'}"
            yield self.find(
                spot_of(paths[0]),
                ", ".join(map(basename, paths[:SHOWN])),
                Said(
                    found=f"no report names {paths[0] if len(paths) == 1 else several}",
                    hint="name it where the report says what it shows, or take it out",
                ),
            )

    def _check_phases(self, facts: Facts) -> Iterator[Finding]:
        for start in ("", f"{layout.IMPORTED}/"):
            names = (f"{start}summary.md", f"{start}README.md")
            summary = next((name for name in names if name in facts.reports), None)
            if summary is not None:
                yield from self._check_summary(summary, facts)

    def _check_summary(self, summary: str, facts: Facts) -> Iterator[Finding]:
        text = "\n".join(facts.reports[summary])
        for phase, folder in facts.phases.items():
            if layout.is_imported(folder) != layout.is_imported(summary):
                continue
            pattern = rf"\b{re.escape(phase)}\b|{re.escape(folder.rsplit('/', 1)[-1])}"
            spelled = rf"\b{re.escape(phase).replace('_', '[ _/-]')}\b"
            if not re.search(f"{pattern}|{spelled}", text, re.IGNORECASE):
                yield self.find(
                    spot_of(summary),
                    summary,
                    Said(
                        found=f"it says nothing of {folder}, which holds "
                        f"{len(facts.table.below(folder))} files",
                        hint=f"report phase {phase}",
                        evidence=Place(file=folder),
                    ),
                )

    def _list_named(self, facts: Facts) -> set[str]:
        named: set[str] = set()
        for claim in facts.claims:
            written = claim.target or claim.path
            if not written or claim.kind == "time":
                continue
            for file in facts.resolve(written, claim).files:
                named.add(file)
                if file in facts.table.folders:
                    named.update(facts.table.below(file))
        return named

    def _counts(self, path: str, facts: Facts) -> bool:
        """Tell whether a file is evidence that somebody should have named."""
        if facts.table.is_report(path) or INTENT.search(path) or path == layout.MANIFEST:
            return False
        if path.endswith(tuple(ALGORITHMS)):
            return False
        # What parityhub keeps its own inventory names.
        return facts.manifest is None or layout.is_imported(path)


RESULTS = frozenset({"numbers", "results", "values", "metrics", "scores", "outputs", "to", "in"})
"""words behind `identical` that are not files"""


class MirrorMismatch(ClaimRule):
    """Files that a report calls copies of each other have the same bytes.

    A copy that was taken before the last run is another file.
    """

    code, slug, severity = "PH204", "mirror-mismatch", "error"
    kinds = frozenset({"status"})
    example = "`torch_stats.json (identical copy of stats.json)` where the two differ"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if not re.search(r"identical|copy|mirror", claim.value, re.IGNORECASE):
            return
        if facts.is_rendered(claim) or claim.name.lower() in RESULTS:
            return
        written = [path for path in (claim.path, *claim.subject.artifacts) if path]
        files = list(
            dict.fromkeys(file for path in written[:2] if (file := facts.resolve(path, claim).file))
        )
        if len(files) < 2:
            same = self._find_namesakes(files, facts)
            files = same if len(same) > 1 else files
        if len(files) < 2:
            yield unverifiable("which files are said to be the same is not to be seen")
            return
        digests = [facts.digests.of_file(file, "sha256") for file in files[:2]]
        if digests[0] == digests[1]:
            yield confirmed(f"{files[0]} and {files[1]} have the same sha256", Place(file=files[1]))
        else:
            yield Said(
                found=f"{files[0]} and {files[1]} differ",
                hint="copy it again, or say of which run it is",
                evidence=Place(file=files[1]),
                severity=None if claim.mood == "said" and claim.path else "warning",
            )

    def _find_namesakes(self, files: list[str], facts: Facts) -> list[str]:
        if len(files) != 1:
            return []
        same = facts.table.named(basename(files[0]))
        return same if len(same) == 2 else []
