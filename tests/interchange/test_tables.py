"""Tables as files, read back by other programs than those that wrote them."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest

from bot.interchange.tables import Row, to_csv, to_json, to_xlsx

COLUMNS = ("registration", "name", "position")
ROWS: list[Row] = [(1, "Ann “Bo”, Ž", None), (2, "=1+1", 3), (3, 'He said "hi"\nand left', None)]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_csv_follows_its_standard() -> None:
    assert (
        to_csv(COLUMNS, ROWS)
        == (
            'registration,name,position\r\n1,"Ann “Bo”, Ž",\r\n2,\'=1+1,3\r\n3,"He said ""hi""\nand left",\r\n'
        ).encode()
    )


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_is_never_a_formula_in_csv(name: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(["name"], [[name]]).decode(), newline="")))
    assert rows == [["name"], [f"'{name}"]]


def test_numbers_keep_their_sign_in_csv() -> None:
    assert to_csv(["n"], [[-1], [0.5]]) == b"n\r\n-1\r\n0.5\r\n"


def test_json_is_an_array_of_objects_with_numbers_and_nulls() -> None:
    assert json.loads(to_json(COLUMNS, ROWS)) == [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    assert json.loads(to_json(COLUMNS, [])) == []


def test_xlsx_holds_texts_and_numbers_and_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(COLUMNS, ROWS))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{SHEET}row")]
    assert rows == [list(COLUMNS), ["1", "Ann “Bo”, Ž"], ["2", "=1+1", "3"], ["3", 'He said "hi"\nand left']]
    assert list(sheet.iter(f"{SHEET}f")) == []


@pytest.mark.parametrize("write", [to_csv, to_json, to_xlsx])
def test_a_row_of_another_length_is_a_bug(write: object) -> None:
    assert callable(write)
    with pytest.raises(ValueError, match="a row of 1 values for 3 columns"):
        write(COLUMNS, [[1]])
