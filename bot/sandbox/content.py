"""What a message may hold: texts, captions, pictures, documents and places, checked and put together."""

import mimetypes
import struct
from collections.abc import Iterator
from typing import Any

from bot.sandbox import html_markup
from bot.sandbox.formatted_text import FormattedText, checked, trimmed, with_found_entities
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.parameters import Parameters, Upload
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.world import StoredFile, World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024

Content = dict[str, Any]


def text_content(params: Parameters) -> Content:
    """The text of a message, 1-4096 UTF-16 units once its markup is read."""
    formatted = _formatted(params, "text", "entities")
    if not formatted.text:
        raise bad_request("message text is empty")
    if formatted.length > MAX_TEXT:
        raise bad_request("message is too long")
    return _with_entities("text", "entities", formatted)


def caption_content(params: Parameters) -> Content:
    """The caption of a photo or document, 0-1024 UTF-16 units; nothing when there is none."""
    formatted = _formatted(params, "caption", "caption_entities")
    if formatted.length > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return _with_entities("caption", "caption_entities", formatted) if formatted.text else {}


def _with_entities(name: str, entities_name: str, formatted: FormattedText) -> Content:
    content: Content = {name: formatted.text}
    return {**content, entities_name: list(formatted.entities)} if formatted.entities else content


def _formatted(params: Parameters, name: str, entities_name: str) -> FormattedText:
    source, mode = params.text(name).replace("\r", ""), params.text("parse_mode").lower()
    if mode == "html":
        formatted = html_markup.parse(source)
    elif mode in ("", "none"):
        formatted = checked(source, params.structure(entities_name, "entities") or [])
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("this stand-in reads parse_mode HTML and entities only, no Markdown")
    else:
        raise bad_request("unsupported parse_mode")
    return with_found_entities(trimmed(formatted))


def markup_content(params: Parameters) -> Content:
    markup = checked_markup(params.structure("reply_markup", "reply keyboard markup"))
    return {"reply_markup": markup} if markup else {}


def photo_content(world: World, params: Parameters) -> Content:
    file = _sent_file(world, params, "photo", MAX_PHOTO_BYTES)
    return {"photo": photo_sizes(file)}


def photo_sizes(file: StoredFile) -> list[dict[str, Any]]:
    """The sizes Telegram makes of a picture; here it is the one that was sent."""
    width, height = image_size(file.content)
    return [{**_file_reference(file), "width": width, "height": height}]


def document_content(world: World, params: Parameters) -> Content:
    file = _sent_file(world, params, "document", MAX_UPLOAD_BYTES)
    return {"document": {**_file_reference(file), "file_name": file.name, "mime_type": file.mime_type}}


def _file_reference(file: StoredFile) -> dict[str, Any]:
    return {"file_id": file.file_id, "file_unique_id": file.file_unique_id, "file_size": len(file.content)}


def _sent_file(world: World, params: Parameters, name: str, limit: int) -> StoredFile:
    upload = params.upload(name)
    if upload is not None:
        return _stored(world, upload, name, limit)
    reference = params.text(name)
    if not reference:
        raise bad_request(f"there is no {name} in the request")
    if reference not in world.files:
        # Telegram would also fetch a web address; the stand-in has no network.
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[reference]


def _stored(world: World, upload: Upload, name: str, limit: int) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > limit:
        if name == "photo":
            raise bad_request("file is too big")
        raise Refusal(413, "Request Entity Too Large")
    if name == "photo":
        image_size(upload.content)
    guessed = mimetypes.guess_type(upload.name)[0] or upload.mime_type
    return world.store_file(f"{name}s", upload.name, guessed, upload.content)


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, GIF or JPEG picture."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    for marker, segment in _jpeg_segments(content):
        if marker in (0xC0, 0xC1, 0xC2) and len(segment) >= 5:
            height, width = struct.unpack(">HH", segment[1:5])
            return width, height
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    position = 2
    while content.startswith(b"\xff\xd8") and position + 4 <= len(content):
        lead, marker, length = struct.unpack(">BBH", content[position : position + 4])
        if lead != 0xFF:
            return
        yield marker, content[position + 4 : position + 2 + length]
        position += 2 + length


def location_content(params: Parameters) -> Content:
    """A point on the map, in degrees."""
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if latitude is None:
        raise bad_request("latitude is empty")
    if longitude is None:
        raise bad_request("longitude is empty")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    return {"location": {"latitude": latitude, "longitude": longitude}}


def venue_content(params: Parameters) -> Content:
    """A place with name and address; the pin itself comes along as ``location``, as Telegram sends it."""
    place = location_content(params)
    title, address = params.text("title"), params.text("address")
    if not title:
        raise bad_request("title of the venue must be non-empty")
    if not address:
        raise bad_request("address of the venue must be non-empty")
    return {"venue": {**place, "title": title, "address": address}, **place}
