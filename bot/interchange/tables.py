"""Rows as files: csv, json and xlsx. What strangers typed never becomes a formula."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

import xlsxwriter

Value = str | int | float | bool | None
Row = Sequence[Value]

# What spreadsheet programs take for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
_XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST_XLSX_TEXT = 32_767


def to_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """RFC 4180: UTF-8, CRLF after each line; empty where there is no value."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([_harmless(value) for value in row] for row in _checked(columns, rows))
    return buffer.getvalue().encode()


def to_json(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """An array of objects with the columns' names; null where there is no value."""
    records = [dict(zip(columns, row, strict=True)) for row in _checked(columns, rows)]
    return (json.dumps(records, ensure_ascii=False, indent=2) + "\n").encode()


def to_xlsx(columns: Sequence[str], rows: Iterable[Row], sheet: str = "Registrations") -> bytes:
    """A workbook with one sheet, its header in bold and kept in sight."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _XLSX_OPTIONS) as workbook:
        page = workbook.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, columns, workbook.add_format({"bold": True}))
        for number, row in enumerate(_checked(columns, rows), start=1):
            page.write_row(number, 0, [_fitting(value) for value in row])
    return buffer.getvalue()


def _checked(columns: Sequence[str], rows: Iterable[Row]) -> Iterable[Row]:
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row of {len(row)} values for {len(columns)} columns")
        yield row


def _harmless(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_BEGINNINGS) else value


def _fitting(value: Value) -> Value:
    return value[:_LONGEST_XLSX_TEXT] if isinstance(value, str) else value
