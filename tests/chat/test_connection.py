"""How requests get to a server: bodies, files, and errors whose fate is told apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.chat.connection import Connection, NothingSent, url_encoded

# A surrogate is no text, and nothing that comes from JSON or the database holds one.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.dictionaries(texts, texts, max_size=5))
def test_a_body_reads_back_as_it_was(fields: dict[str, str]) -> None:
    assert dict(parse_qsl(url_encoded(fields).decode(), keep_blank_values=True)) == fields


class Server:
    """Answers each connection with the same bytes, or hangs up, or says nothing; keeps what it was sent."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.received = b""
        self.closing = asyncio.Event()
        self.done = asyncio.Event()
        self.done.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.done.clear()
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        self.received = head + await reader.readexactly(length)
        if self.answer is None:
            await self.closing.wait()
        writer.write(self.answer or b"")
        writer.close()
        await writer.wait_closed()
        self.done.set()


@asynccontextmanager
async def connected(answer: bytes | None, patience: float = 5.0) -> AsyncIterator[tuple[Connection, Server, str]]:
    here = Server(answer)
    server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    connection = Connection(2, patience)
    await connection.initialize()
    try:
        yield connection, here, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:x/sendMessage"
    finally:
        here.closing.set()
        await asyncio.wait_for(here.done.wait(), 5)
        await connection.shutdown()
        server.close()
        await server.wait_closed()


def fields(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


async def test_a_form_goes_out_and_the_answer_comes_back() -> None:
    async with connected(OK) as (connection, server, url):
        answer = await connection.do_request(url, "POST", fields(chat_id=5, text="Größe & 🎉", markup={"a": [1]}))
    assert answer == (200, b"{}")
    head, _, body = server.received.partition(b"\r\n\r\n")
    assert b"content-type: application/x-www-form-urlencoded" in head.lower()
    assert dict(parse_qsl(body.decode())) == {"chat_id": "5", "text": "Größe & 🎉", "markup": '{"a": [1]}'}


async def test_a_file_goes_out_beside_its_fields() -> None:
    async with connected(OK) as (connection, server, url):
        await connection.do_request(url, "POST", fields(chat_id=5, document=InputFile(b"a,b\r\n", filename="x.csv")))
    assert b"multipart/form-data" in server.received
    for part in (b'name="chat_id"\r\n\r\n5', b'filename="x.csv"', b"a,b\r\n"):
        assert part in server.received


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with connected(OK) as (connection, _, _):
        with pytest.raises(NothingSent):
            await connection.do_request("http://127.0.0.1:1/bot1:x/sendMessage", "POST", fields(chat_id=5))


@pytest.mark.parametrize(("answer", "error"), [(b"", NetworkError), (None, TimedOut)], ids=["hangs up", "silent"])
async def test_what_was_sent_and_not_answered_may_have_arrived(answer: bytes | None, error: type[Exception]) -> None:
    async with connected(answer, patience=0.3) as (connection, _, url):
        with pytest.raises(error) as failure:
            await connection.do_request(url, "POST", fields(chat_id=5))
    assert not isinstance(failure.value, NothingSent)
    assert "1:x" not in str(failure.value), "the token stays out of every message"
