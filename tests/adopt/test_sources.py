from parityhub.adopt.sources import list_files, read_sources
from tests.adopt.conftest import Write


def test_names_stand_for_what_was_imported(write_repository: Write):
    root = write_repository(
        {"m.py": "import torch.nn as nn\nimport tensorflow\nfrom keras import layers as L\n"}
    )
    [source] = read_sources(root)
    assert source.names == {"nn": "torch.nn", "tensorflow": "tensorflow", "L": "keras.layers"}
    assert source.sides == {"tensorflow", "pytorch"}
    assert not source.is_program


def test_what_is_no_source_of_the_repository_is_left_out(write_repository: Write):
    root = write_repository(
        {
            "a.py": "import torch\nif __name__ == '__main__':\n    pass\n",
            "broken.py": "def (:\n",
            ".hidden/b.py": "import torch\n",
            "env/pyvenv.cfg": "",
            "env/lib/c.py": "import torch\n",
            "outputs/d.py": "import torch\n",
        }
    )
    (root / "link.py").symlink_to(root / "a.py")
    (root / "binary.py").write_bytes(b"\xff\xfe\x00")
    sources = read_sources(root)
    assert [source.path for source in sources] == ["a.py"]
    assert sources[0].is_program
    assert list_files(root, ".py") == ["a.py", "binary.py", "broken.py"]
