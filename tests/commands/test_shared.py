import errno

import pytest

from parityhub.commands.shared import with_errors


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.ENOSPC])
def test_what_the_machine_refuses_is_no_bug(number: int, capsys: pytest.CaptureFixture[str]):
    def act() -> int:
        raise OSError(number, "not so", "plans/net")

    with pytest.raises(SystemExit) as left:
        with_errors({"verbose": False}, act)
    assert left.value.code == 2
    told, hint = capsys.readouterr().err.splitlines()
    assert told == "parityhub: plans/net: not so"
    assert hint.startswith("hint: ")


def test_what_nobody_foresaw_is_a_bug(capsys: pytest.CaptureFixture[str]):
    def act() -> int:
        raise OSError(errno.EBADF, "Bad file descriptor")

    with pytest.raises(SystemExit) as left:
        with_errors({"verbose": False}, act)
    assert left.value.code == 4
    assert "internal error: OSError" in capsys.readouterr().err
