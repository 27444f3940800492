"""The schedule.xml of frab, pretalx and their kin, brought into the shape of schedule.json.

Expat itself refuses external entities and entities that multiply, so no further guard is needed.
"""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bot.interchange.foreign import ForeignProgramme, SourceFault
from bot.interchange.frab_json import Record, read_conference


def read_frab_xml(data: bytes, source_name: str) -> ForeignProgramme:
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise SourceFault(f"{source_name}, line {error.position[0]}: this is not valid XML") from error
    except (ValueError, LookupError) as error:
        raise SourceFault(f"{source_name}: the encoding of this XML is not known") from error
    if root.tag != "schedule":
        raise SourceFault(f"{source_name}: this XML is no frab schedule, for it begins with <{root.tag}>")
    return read_conference(_conference(root))


def _conference(root: Element) -> Record:
    conference = root.find("conference")
    fields = {} if conference is None else _texts(conference)
    return {**fields, "days": [_day(day) for day in root.iter("day")]}


def _day(day: Element) -> Record:
    rooms = [
        {"name": room.get("name", ""), "events": [_talk(talk) for talk in room.iter("event")]}
        for room in day.iter("room")
        if room.get("name") is not None or room.find("event") is not None
    ]
    outside = [_talk(talk) for talk in day.findall("event")]
    return {
        "date": day.get("date", ""),
        "day_start": day.get("start", ""),
        "rooms": [*rooms, {"name": "", "events": outside}],
    }


def _talk(talk: Element) -> Record:
    persons = [{**person.attrib, "name": _inner(person)} for person in talk.findall("persons/person")]
    return {**_texts(talk), **talk.attrib, "persons": persons}


def _texts(element: Element) -> Record:
    """What the children say, by their names; the first of a name counts."""
    return {child.tag: _inner(child) for child in reversed(element)}


def _inner(element: Element) -> str:
    return "".join(element.itertext()).strip()
