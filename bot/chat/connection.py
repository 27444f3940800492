"""How requests get to the Bot API: python-telegram-bot's own seam for an HTTP layer, filled with aiohttp.

Its default, httpx, needs ten times the processor time of a request (``docs/decisions.md``), which is most of what an
answer costs.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

Seconds = Any
"""A number, or python-telegram-bot's mark for "as this object was made"."""
QUOTED = {byte: f"%{byte:02X}" for byte in range(256) if not (chr(byte).isascii() and chr(byte).isalnum())}
URL_ENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
IDLE = 20.0
"""Seconds after which an unused connection is closed; well under what servers allow, since a request that meets a
closing connection has an unknown fate."""


class NothingSent(NetworkError):
    """The connection could not even be made: whatever was to be sent has certainly not arrived."""


class Connection(BaseRequest):
    """Up to ``connections`` kept alive at once; ``timeout`` is in seconds, for connecting and for each wait after it.

    Raises telegram.error.TimedOut and NetworkError, and NothingSent where the fate of a request is certain.
    """

    def __init__(self, connections: int, timeout: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=IDLE),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the connection is not initialized")
        try:
            async with self._session.request(
                method,
                url,
                data=None if request_data is None else _body(request_data),
                headers=None if request_data is None or request_data.multipart_data else URL_ENCODED,
                proxy=_proxy_of(url.partition("/bot")[0]),
                timeout=self._limits(read_timeout, connect_timeout),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NothingSent(_named(error)) from error
        except TimeoutError as error:
            raise TimedOut(_named(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(_named(error)) from error

    def _limits(self, read: Seconds, connect: Seconds) -> aiohttp.ClientTimeout:
        connect = self._timeout if connect is self.DEFAULT_NONE else connect
        read = self._timeout if read is self.DEFAULT_NONE else read
        # A server that stops taking a large file half-way is silent without being read from: hence the total.
        return aiohttp.ClientTimeout(total=2 * (connect + read), connect=connect, sock_read=read)


def _body(request: RequestData) -> bytes | aiohttp.FormData:
    files = request.multipart_data
    if not files:
        return url_encoded(request.json_parameters)
    form = aiohttp.FormData(request.json_parameters)
    for name, (file_name, content, content_type) in files.items():
        form.add_field(name, content, filename=file_name, content_type=content_type)
    return form


def url_encoded(fields: Mapping[str, str]) -> bytes:
    """A form's body. urllib's ``urlencode`` says the same, and looks at every byte by itself in Python."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields.items()).encode("ascii")


def _quoted(text: str) -> str:
    return text.encode().decode("latin-1").translate(QUOTED)


@cache
def _proxy_of(server: str) -> str | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for a server. aiohttp would look it up for every
    request, together with a .netrc file, in another thread."""
    address = urlsplit(server)
    return None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)


def _named(error: BaseException) -> str:
    # Never the error's own words alone: some are empty, and the address in others holds the token.
    return type(error).__name__
