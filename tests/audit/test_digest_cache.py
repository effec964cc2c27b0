import hashlib
import os

import pytest

from parityhub.audit.digest_cache import DigestCache, load_cache
from parityhub.audit.facts.files import list_files

OLD = 1_600_000_000_000_000_000


@pytest.fixture
def hub(tmp_path):
    root = tmp_path / "hub"
    root.mkdir()
    for number in range(40):
        file = root / f"{number}.bin"
        file.write_bytes(b"x" * number)
        os.utime(file, ns=(OLD, OLD))
    return root


def digest_twice(hub, file, **options):
    first = DigestCache(hub, file)
    digests = first.digest_all(list_files(hub).files)
    first.save()
    second = DigestCache(hub, file, **options)
    return digests, second.digest_all(list_files(hub).files), first.hashed, second.hashed


def test_an_unchanged_file_is_read_once(hub, tmp_path):
    before, after, first, second = digest_twice(hub, tmp_path / "cache/d.json")
    assert before == after
    assert before["3.bin"].sha256 == hashlib.sha256(b"xxx").hexdigest()
    assert (first, second) == (40, 0)


def test_paranoid_reads_all_again(hub, tmp_path):
    *_, second = digest_twice(hub, tmp_path / "d.json", paranoid=True)
    assert second == 40


def test_a_changed_file_is_read_again(hub, tmp_path):
    digest_twice(hub, tmp_path / "d.json")
    (hub / "3.bin").write_bytes(b"yyy")
    cache = DigestCache(hub, tmp_path / "d.json")
    digests = cache.digest_all(list_files(hub).files)
    assert digests["3.bin"].sha256 == hashlib.sha256(b"yyy").hexdigest()
    assert cache.hashed == 1


def test_a_file_of_the_last_moment_is_not_kept(hub, tmp_path):
    (hub / "new.bin").write_bytes(b"new")
    digest_twice(hub, tmp_path / "d.json")
    assert "new.bin" not in load_cache(tmp_path / "d.json", hub)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xff", None])
def test_a_damaged_cache_is_thrown_away(hub, tmp_path, damage):
    file = tmp_path / "d.json"
    digest_twice(hub, file)
    data = file.read_bytes()
    file.write_bytes(data.replace(b"40", b"41", 1) if damage is None else damage)
    assert load_cache(file, hub) == {}


def test_a_forged_cache_of_another_hub_is_not_used(hub, tmp_path):
    digest_twice(hub, tmp_path / "d.json")
    other = tmp_path / "other"
    other.mkdir()
    assert load_cache(tmp_path / "d.json", other) == {}
