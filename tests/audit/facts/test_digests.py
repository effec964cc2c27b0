import hashlib

import pytest

from parityhub.audit.digest_cache import DigestCache
from parityhub.audit.facts.digests import (
    DigestFacts,
    holds_digests,
    list_json_digests,
    list_text_digests,
)
from parityhub.audit.facts.files import list_files
from parityhub.audit.facts.logs import Texts, index_text
from parityhub.audit.roots import Roots
from tests.audit.make_hub import BUNDLE, DIGEST, FILES, write_hub

ZIP = "side/phase_b3/analysis/model.zip"


@pytest.fixture
def facts(tmp_path):
    hub = write_hub(tmp_path, FILES)
    found = DigestFacts(list_files(hub), Texts(Roots(hub)), DigestCache(hub))
    text = found.texts.read("side/phase_b3/analysis/bundle_digest.txt")
    found.records += list_text_digests(text)
    return found


def test_a_file_has_the_digests_of_its_bytes(facts):
    assert facts.of_file(ZIP, "sha1") == DIGEST
    assert facts.of_file(ZIP, "md5") == hashlib.md5(BUNDLE).hexdigest()
    assert facts.of_file("gone", "sha1") is None


def test_files_and_records_are_found_by_how_their_digest_starts(facts):
    assert facts.files_starting(DIGEST[:6], ("sha1",)) == [ZIP]
    assert facts.files_starting(DIGEST[:6], ("sha256",)) == []
    assert [fact.path for fact in facts.starting("01c1a83a", ("sha1",))] == ["outputs/wts.h5.zip"]
    own = "side/phase_b3/analysis/bundle_digest.txt"
    assert facts.starting("01c1a83a", ("sha1",), but=own) == []


def test_a_recorded_digest_is_found_by_path_or_name(facts):
    for path in ("outputs/wts.h5.zip", "wts.h5.zip"):
        assert len(facts.recorded_for(path, "sha1")) == 1
    assert facts.recorded_for("other/wts.h5.zip", "sha1") == []


def test_json_records_tell_path_digest_and_size():
    text = index_text(
        "r.json", f'{{"a": [{{"path": "x.bin", "size": 7, "sha1": "{DIGEST}"}}]}}'.encode()
    )
    (fact,) = list_json_digests(text)
    assert (fact.path, fact.size, fact.place.pointer) == ("x.bin", 7, "/a/0/sha1")


def test_files_of_digests_are_known_by_their_names():
    assert holds_digests("a/bundle_digest.txt")
    assert holds_digests("a/x.npy.sha1")
    assert not holds_digests("a/train.log")
