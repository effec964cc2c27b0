"""A real `parityhub serve` on a free port, and what it answers."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

WAIT = 60
"""seconds after which a silent server has failed"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A server that is up."""

    url: str
    process: "subprocess.Popen[bytes]"

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None
        return port

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.url).query)["token"][0]

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path as it is written: nothing of it is resolved on the way."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)) as line:
            line.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                line.putheader(name, value)
            line.endheaders()
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())

    def read_events(self) -> Iterator[tuple[str, Any]]:
        """Yield each event as it comes."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)) as line:
            line.request("GET", "/events")
            answer = line.getresponse()
            assert answer.getheader("content-type", "").startswith("text/event-stream")
            name = ""
            while text := answer.readline().decode().rstrip("\n"):
                while text:
                    field, _, value = text.partition(": ")
                    if field == "event":
                        name = value
                    elif field == "data":
                        yield name, json.loads(value)
                    text = answer.readline().decode().rstrip("\n")


@contextmanager
def start_server(root: Path, *words: str) -> Iterator[Server]:
    """Serve a repository until the block ends; the server has to end well then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "parityhub", "serve", "--port", "0", "--json", *words],
        cwd=root,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            line = process.stdout.readline().decode()
            assert line, process.communicate()[1].decode()
            text += line
        yield Server(json.loads(text)["url"], process)
    finally:
        process.terminate()
        _, err = process.communicate(timeout=WAIT)
    assert err.decode() == ""
