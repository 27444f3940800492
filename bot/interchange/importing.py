"""Any programme that another program has written: finds out the format and makes an Event of it."""

from collections.abc import Callable
from pathlib import Path

from bot.interchange.assembly import Imported, assemble
from bot.interchange.foreign import ForeignProgramme, SourceFault
from bot.interchange.frab_json import read_frab_json
from bot.interchange.frab_xml import read_frab_xml
from bot.interchange.icalendar import read_icalendar

LARGEST_SOURCE = 50_000_000


def import_file(path: Path) -> Imported:
    """The event in a file of any known format; SourceFault where it cannot be read."""
    try:
        return import_programme(path.read_bytes(), str(path))
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be read"
        raise SourceFault(f"{path}: {reason}") from error


def import_programme(data: bytes, source_name: str) -> Imported:
    """The event in a programme of any known format; SourceFault where it cannot be read."""
    if len(data) > LARGEST_SOURCE:
        raise SourceFault(f"{source_name}: the file is larger than {LARGEST_SOURCE // 1_000_000} MB")
    read = _reader(data)
    if read is None:
        formats = "a schedule.xml or schedule.json of frab or pretalx, or an iCalendar file"
        raise SourceFault(f"{source_name}: this is not {formats}")
    return assemble(read(data, source_name), source_name)


def _reader(data: bytes) -> Callable[[bytes, str], ForeignProgramme] | None:
    # UTF-16 is legal in XML alone and begins with its mark.
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return read_frab_xml
    beginning = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"<"):
        return read_frab_xml
    if beginning.startswith((b"{", b"[")):
        return read_frab_json
    return read_icalendar if beginning.upper().startswith(b"BEGIN:VCALENDAR") else None
