"""serve: a real server, asked for what it must not give, and watched as a run goes on."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Repository
from tests.serving import Server, start_server
from tests.site_hubs import copy_hubs, keep_json, read_json

pytest.importorskip("starlette", reason="the extra `serve` is not installed")
pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

HUB = "2026-03-01T063000Z/tiny"
ATTEMPT = "fit/a/analysis/FIT_a_1/attempt.json"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, ran_hubs: tuple[Path, list[Path]]) -> Path:
    """A repository with three hubs, one of which lists what is not its own."""
    folder = tmp_path_factory.mktemp("served") / "repo"
    shutil.copytree(ran_hubs[0], folder)
    copy_hubs(ran_hubs[1], folder / "reports", 3)
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    hub = folder / "reports" / HUB
    (hub / "link.txt").symlink_to(folder / "secret.txt")
    (hub / "page.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    (hub / "unlisted.txt").write_text("unlisted", encoding="utf-8")
    manifest = read_json(hub / "manifest.json")
    item = manifest["artifacts"][0]
    for path in ("link.txt", "page.html", "../../../secret.txt", "/etc/hostname"):
        manifest["artifacts"].append(item | {"path": path})
    keep_json(hub / "manifest.json", manifest)
    return folder


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[Server]:
    with start_server(root) as server:
        yield server


def test_the_site_is_served(server: Server, root: Path) -> None:
    page = server.ask("/")
    assert page.status == 200
    text = page.body.decode()
    for path in re.findall(r'src="([^"]+)"', text):
        answer = server.ask(f"/{path}")
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (
            200,
            "text/javascript",
        )
    record = server.ask(f"/hubs/{HUB}/{ATTEMPT}")
    assert record.status == 200
    assert record.body == (root / "reports" / HUB / ATTEMPT).read_bytes()
    for path in ("/", "/events"):
        answer = server.ask(path, method="HEAD")
        assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/data/../../secret.txt",
        "//etc/hostname",
        "/hubs/../secret.txt",
        "/hubs//etc/hostname",
        f"/hubs/{HUB}/../../../secret.txt",
        f"/hubs/{HUB}/..%2f..%2f..%2fsecret.txt",
        f"/hubs/{HUB}/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        f"/hubs/{HUB}//etc/hostname",
        f"/hubs/{HUB}/%2fetc%2fhostname",
        f"/hubs/{HUB}/link.txt",
        f"/hubs/{HUB}/unlisted.txt",
        f"/hubs/{HUB}/fit",
        f"/hubs/{HUB}/",
        f"/hubs/{HUB}/{ATTEMPT}%00.png",
        f"/hubs/{HUB}/{ATTEMPT}/",
        "/hubs/2026-03-01T063000Z/.tiny.lock",
        "/hubs/%ff%fe",
        "/plans/tiny/plan.toml",
        "/nothing",
    ],
)
def test_nothing_else_is_given(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    assert answer.body == b"not found\n"


@pytest.mark.parametrize("path", ["/", "/events2", f"/hubs/{HUB}/summary.html", "/hubs/x"])
def test_each_answer_is_closed(server: Server, path: str) -> None:
    headers = server.ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "server" not in headers


def test_what_a_hub_holds_runs_nothing(server: Server) -> None:
    page = server.ask(f"/hubs/{HUB}/page.html")
    assert page.headers["content-type"].startswith("text/plain")
    assert page.headers["content-security-policy"].count("sandbox;") == 1
    summary = server.ask(f"/hubs/{HUB}/summary.html")
    assert "sandbox allow-scripts allow-downloads;" in summary.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_only_gives(server: Server, method: str) -> None:
    assert server.ask("/", method=method).status == 405


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "[", "127.0.0.1@evil.example"]
)
def test_under_the_name_of_another_site_nothing_is_given(server: Server, host: str) -> None:
    answer = server.ask("/", Host=host)
    assert answer.status in (400, 421)
    assert b"TINY" not in answer.body


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8400"])
def test_under_this_machine_s_names_it_answers(server: Server, host: str) -> None:
    assert server.ask("/", Host=host).status == 200


def test_others_need_the_token(root: Path) -> None:
    with start_server(root, "--host", "0.0.0.0") as server:
        token = server.token
        assert len(token) >= 40
        for path in ("/", "/events", f"/hubs/{HUB}/summary.html", "/nothing"):
            assert server.ask(path).status == 403
            assert server.ask(f"{path}?token={token[:-1]}").status == 403
            assert server.ask(f"{path}?token=").status == 403
        opened = server.ask(f"/?token={token}")
        assert (opened.status, opened.headers["location"]) == (303, "/")
        cookie = opened.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        held = cookie.partition(";")[0]
        assert token in held
        answer = server.ask("/", Cookie=held)
        assert answer.status == 200
        assert token.encode() not in answer.body
        assert server.ask("/", Cookie=held[:-1] + "\xff").status == 403
        assert server.ask("/", Cookie="nonsense; ===").status == 403
        # What another program set for this host is not ours to judge.
        assert server.ask("/", Cookie=f"a,b/c=1; {held}").status == 200
        away = server.ask(f"//evil.example/?token={token}")
        assert (away.status, away.headers["location"]) == (303, "/evil.example/")
        other = held.replace(str(server.port), "1")
        assert server.ask("/", Cookie=other).status == 403


def test_each_server_has_a_token_of_its_own(root: Path) -> None:
    tokens = set()
    for _ in range(2):
        with start_server(root, "--host", "0.0.0.0") as server:
            tokens.add(server.token)
    assert len(tokens) == 2


def test_a_run_is_watched_as_it_goes(make_repository: Callable[[str], Repository]) -> None:
    repository = make_repository("sleepy")
    with start_server(repository.root) as server:
        events = server.read_events()
        first = dict((next(events), next(events)))
        assert first["progress"] == []
        index = server.ask(f"/{first['site']}").body.decode()
        assert '"stamps":[]' in index
        run = repository.start("run-phase", "P")
        try:
            seen = []
            for name, data in events:
                if name == "progress" and data:
                    seen.append(data[0])
                    if data[0]["log"] and data[0]["log"]["lines"] == ["waiting"]:
                        break
            (attempt,) = seen[-1]["attempts"]
            assert [step["name"] for step in attempt["steps"]] == ["train"]
            assert run.poll() is None
            run.send_signal(signal.SIGINT)
            next(data for name, data in events if name == "progress" and data == [])
        finally:
            run.kill()
            run.wait()
        (repository.root / "go").touch()
        assert repository.call("run-phase", "P", "--resume").code == 0
        for name, data in events:
            if name == "site":
                index = server.ask(f"/{data}").body.decode()
                if '"codes":"P"' in index:
                    break
        stamp = repository.hub().parent.name
        assert stamp in index
        assert server.ask(f"/hubs/{stamp}/sleepy/summary.html").status == 200
        assert first["site"] != data


def test_ctrl_c_ends_it_although_somebody_watches(root: Path) -> None:
    with start_server(root) as server:
        events = server.read_events()
        next(events)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) == 0


def test_what_it_prints(root: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "parityhub", "serve", "--port", "0", "--host", "0.0.0.0"],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert re.fullmatch(r"serving  http://0\.0\.0\.0:\d+/\?token=[\w-]{43}\n", lines[0])
    assert "token is shown once" in lines[1]
    assert (lines[2], rest, process.returncode) == ("Ctrl-C ends it\n", "", 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "no.such.host.invalid"), "cannot be bound"),
        (("--hub", "reports"), "serve shows every hub"),
    ],
)
def test_what_it_cannot_do_it_says(root: Path, words: tuple[str, ...], said: str) -> None:
    told = Repository(root).call("serve", "--port", "0", *words)
    assert told.code == 2
    assert said in told.err


def test_a_port_that_is_taken_is_said(root: Path, server: Server) -> None:
    told = Repository(root).call("serve", "--port", str(server.port))
    assert (told.code, "cannot be bound" in told.err) == (2, True)


def test_without_the_extra_it_says_what_to_install(root: Path, tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ImportError(name='uvicorn')", encoding="utf-8")
    project = Path(__file__).parents[2]
    told = Repository(root).call("serve", env={"PYTHONPATH": f"{tmp_path}:{project}"})
    assert told.code == 2
    assert told.err == (
        "parityhub: serve needs uvicorn, which is not installed\n"
        "hint: pip install 'parityhub[serve]'\n"
    )
