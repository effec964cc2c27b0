from parityhub.audit.targets import list_hubs
from tests.audit.make_hub import write_hub


def test_a_hub_is_its_own_target(tmp_path):
    hub = write_hub(tmp_path / "hub", {"manifest.json": "{}", "inner/analysis/a.txt": ""})
    assert list_hubs(hub) == (hub,)


def test_the_hubs_of_a_folder_are_found(tmp_path):
    made = write_hub(tmp_path / "reports/2026-01-01T000000Z/made", {"manifest.json": "{}"})
    kept = write_hub(tmp_path / "reports/2025-01-01T000000Z/kept", {"cli/a.log": ""})
    (tmp_path / "reports/link").symlink_to(made)
    assert list_hubs(tmp_path / "reports") == (kept, made)


def test_a_folder_without_a_hub_counts_as_one(tmp_path):
    folder = write_hub(tmp_path / "x", {"a.md": ""})
    assert list_hubs(folder) == (folder,)
