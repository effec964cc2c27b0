"""serve: the site with what is running, to this machine alone, or with a token to others."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import PurePosixPath
from secrets import compare_digest, token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from parityhub.errors import UsageError
from parityhub.hub import layout
from parityhub.workflow.progress import ProgressReader, encode_progress
from parityhub.workflow.served_site import BASE, ServedSite

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Headers = dict[str, str]
App = Callable[[Any, Any, Any], Awaitable[None]]
LOOK = 0.5
"""seconds between two looks at what is running"""
ALIVE = 15.0
"""seconds after which a silent stream says that it is there"""
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
"""names under which a server without a token answers: no other site's name leads here"""
COMMON: Headers = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
SUMMARY_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"
)
"""the summary's own policy names its script; here it has no origin, so it can read nothing"""
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".npy": "application/octet-stream",
    ".npz": "application/octet-stream",
    ".zip": "application/zip",
}


@dataclass
class Service:
    """What is served, and to whom."""

    site: ServedSite
    progress: ProgressReader
    token: str | None
    """None: whoever reaches this machine's own address"""
    port: int
    is_ending: Callable[[], bool] = lambda: False
    """whether the server is about to end: streams end then by themselves"""

    @property
    def cookie(self) -> str:
        """Name of the cookie: hosts share cookies between their ports."""
        return f"parityhub_{self.port}"


def open_socket(host: str, port: int) -> socket.socket:
    """Bind an address.

    Args:
        host: a name or an address.
        port: 0: one that is free.

    Raises:
        UsageError: it cannot be bound.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, proto)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}:{port}: cannot be bound: {error}", hint="name another --host or --port"
        ) from error
    return bound


def make_token(bound: socket.socket) -> str | None:
    """Return the token that this address demands; None: it is this machine's own."""
    address = str(bound.getsockname()[0]).partition("%")[0]
    return None if ip_address(address).is_loopback else token_urlsafe(32)


def describe_address(host: str, bound: socket.socket, token: str | None) -> str:
    """Return the URL to open."""
    shown = f"[{host}]" if ":" in host else host
    query = f"?token={token}" if token else ""
    return f"http://{shown}:{bound.getsockname()[1]}/{query}"


def run_service(service: Service, bound: socket.socket) -> None:
    """Serve until somebody ends it.

    Raises:
        UsageError: the server library is not installed.
    """
    uvicorn = import_server()
    config = uvicorn.Config(
        make_app(service),
        log_level="warning",
        # A log of requests would show the token.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=200,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    service.is_ending = lambda: bool(server.should_exit)
    server.run(sockets=[bound])


def import_server() -> Any:
    """Return uvicorn.

    Raises:
        UsageError: it, or starlette, is not installed.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise UsageError(
            f"serve needs {error.name}, which is not installed",
            hint="pip install 'parityhub[serve]'",
        ) from error
    return uvicorn


def make_app(service: Service) -> App:
    """Make the application: three kinds of paths behind one door."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    def bind(
        handler: Callable[[Service, "Request"], Awaitable["Response"]],
    ) -> Callable[["Request"], Awaitable["Response"]]:
        async def answer(request: "Request") -> "Response":
            return await handler(service, request)

        return answer

    routes = [
        Route("/events", bind(send_events)),
        Route(f"/{BASE}{{path:path}}", bind(send_hub_file)),
        Route("/{path:path}", bind(send_site_file)),
    ]
    return guard_door(service, Starlette(routes=routes))


def guard_door(service: Service, inner: App) -> App:
    """Let in who may come, before anything is looked up."""
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, RedirectResponse, Response

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope)
        refusal: Response | None = None
        if service.token is None:
            if read_host(request.headers.get("host", "")) not in LOOPBACK:
                refusal = PlainTextResponse("this name does not lead here\n", 421)
        elif holds_token(service, parse_qs(request.url.query).get("token", [])):
            # The token leaves the address bar, and what is asked for next needs only the cookie.
            # One slash at its start: with two it would name another host.
            refusal = RedirectResponse("/" + scope["path"].lstrip("/"), 303)
            refusal.set_cookie(service.cookie, service.token, httponly=True, samesite="lax")
        elif not holds_token(service, [request.cookies.get(service.cookie, "")]):
            refusal = PlainTextResponse("open the address that `parityhub serve` printed\n", 403)
        if refusal is None:
            await inner(scope, receive, send)
            return
        refusal.headers.update(COMMON | {"Content-Security-Policy": FILE_POLICY})
        await refusal(scope, receive, send)

    return answer


def read_host(header: str) -> str:
    """Return the name under which a request came, without its port; empty: it names none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def holds_token(service: Service, offered: list[str]) -> bool:
    """Tell whether the token is among those offered; how long that takes tells nothing of it."""
    wanted = (service.token or "").encode()
    return bool(wanted) and any(
        compare_digest(wanted, item.encode("utf-8", "surrogateescape")) for item in offered
    )


async def send_site_file(service: Service, request: "Request") -> "Response":
    """Answer with a file of the site."""
    from starlette.responses import PlainTextResponse, Response

    await asyncio.to_thread(service.site.refresh)
    path = request.path_params["path"]
    data = service.site.find_file(path)
    headers = COMMON | {"Content-Security-Policy": SITE_POLICY}
    if data is None:
        return PlainTextResponse("not found\n", 404, headers=headers)
    kind = TYPES[PurePosixPath(path or "index.html").suffix]
    return Response(data, headers=headers, media_type=kind)


async def send_hub_file(service: Service, request: "Request") -> "Response":
    """Answer with a file of a hub, in which nothing runs but the summary's own script."""
    from starlette.responses import FileResponse, PlainTextResponse

    file = await asyncio.to_thread(service.site.find_hub_file, request.path_params["path"])
    headers = COMMON | {"Content-Security-Policy": FILE_POLICY}
    if file is None:
        return PlainTextResponse("not found\n", 404, headers=headers)
    kind = TYPES.get(file.suffix, "text/plain; charset=utf-8")
    if file.suffix == ".html":
        if file.name == layout.SUMMARY_PAGE:
            headers["Content-Security-Policy"] = SUMMARY_POLICY
        else:
            kind = "text/plain; charset=utf-8"
    return FileResponse(file, media_type=kind, headers=headers)


async def send_events(service: Service, request: "Request") -> "Response":
    """Answer with a stream of what is running, and of each new index of the site."""
    from starlette.responses import Response, StreamingResponse

    kind, headers = "text/event-stream", COMMON | {"Content-Security-Policy": FILE_POLICY}
    if request.method == "HEAD":
        return Response(media_type=kind, headers=headers)
    return StreamingResponse(watch_events(service), media_type=kind, headers=headers)


async def watch_events(service: Service) -> AsyncIterator[str]:
    """Yield an event whenever something changed."""
    told: dict[str, str] = {}
    silent = 0.0
    while not service.is_ending():
        await asyncio.to_thread(service.site.refresh)
        running = encode_progress(await asyncio.to_thread(service.progress.read))
        index = msgspec.json.encode(service.site.find_index()).decode()
        silent += LOOK
        for name, data in (("progress", running), ("site", index)):
            if told.get(name) != data:
                told[name], silent = data, 0.0
                yield f"event: {name}\ndata: {data}\n\n"
        if silent >= ALIVE:
            silent = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(LOOK)
