"""Files that do harm, or are not what they seem; each with the code of the reason that it is refused for."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
HEADER = ("工单号", "业务类型", "完工时间", "手机号")


def good(rows: int = 5) -> bytes:
    """Return a workbook that is taken."""
    book = Workbook()
    book.active.append(HEADER)
    for number in range(rows):
        book.active.append([f"RO{number}", "service_completed", "2026-03-02 14:05", f"138{number:08d}"])
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def with_parts(changed: dict[str, bytes | str], source: bytes | None = None, compress: bool = True) -> bytes:
    """Return a workbook with these parts in place of, or beside, its own."""
    output = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(io.BytesIO(source or good())) as old, zipfile.ZipFile(output, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name) if name in changed else old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return output.getvalue()


def sheet(rows: str) -> str:
    """Return the XML of a worksheet with these rows."""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def sparse() -> bytes:
    """Two cells, as far apart as a sheet allows: 17 thousand million cells for a reader that fills the gap."""
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_parts({SHEET: sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{corner}')})


def inflated() -> bytes:
    """A few hundred kilobytes that become three hundred megabytes."""
    return with_parts({SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 300_000_000)})


def slightly_inflated() -> bytes:
    """A part that says it is small, and is not: the sizes in the table of contents are lies."""
    content = bytearray(with_parts({SHEET: sheet(" " * 30_000_000)}))
    place = content.rindex(SHEET.encode())
    struct.pack_into("<I", content, place - 46 + 24, 1000)  # uncompressed size in the central directory
    return bytes(content)


def entities() -> bytes:
    """The billion laughs: nine entities, each ten times the last."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet xmlns="{MAIN}"><sheetData><row r="1">'
    )
    return with_parts({SHEET: f'{text}<c r="A1" t="str"><v>&l9;</v></c></row></sheetData></worksheet>'})


def external_entity() -> bytes:
    """A shared string that wants to read a file of the server."""
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return with_parts({"xl/sharedStrings.xml": f'{text}<sst xmlns="{MAIN}"><si><t>&f;</t></si></sst>'})


def many_sheets() -> bytes:
    """Ten thousand parts."""
    return with_parts({f"xl/worksheets/sheet{number}.xml": sheet("") for number in range(2, 10_000)}, compress=False)


def many_styles() -> bytes:
    """A million formats of cells."""
    formats = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"/>' * 1_000_000
    return with_parts({"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{formats}</cellXfs></styleSheet>'})


def wide() -> bytes:
    """A header of five thousand columns."""
    book = Workbook()
    book.active.append([*HEADER, *(f"列{number}" for number in range(5_000))])
    return saved(book)


def long() -> bytes:
    """Three hundred thousand rows, most of them nearly empty."""
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 300_001))
    return with_parts({SHEET: sheet(rows)})


def endless_row() -> bytes:
    """One row of a million cells without addresses."""
    cells = "".join(f"<c><v>{number * 7919 % 999_983}</v></c>" for number in range(1_000_000))
    return with_parts({SHEET: sheet(f'<row r="1">{cells}</row>')})


def doubled() -> bytes:
    """Two parts of one name: a checker could read one of them, a reader the other."""
    output = io.BytesIO(good())
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr(SHEET.upper(), sheet(""))
    return output.getvalue()


def utf_16_sheet() -> bytes:
    """A sheet in UTF-16, in which no search for bytes finds a formula."""
    text = sheet('<row r="1"><c r="A1"><f>1+1</f></c></row>').replace("UTF-8", "UTF-16")
    return with_parts({SHEET: text.encode("utf-16")})


def locked() -> bytes:
    """What Excel makes of a workbook with a password: an old container with a package inside."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def hidden_only() -> bytes:
    """A workbook whose only sheet is hidden (no program lets it be made so)."""
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        book = archive.read("xl/workbook.xml").replace(b'state="visible"', b'state="hidden"')
    return with_parts({"xl/workbook.xml": book})


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("empty", lambda: b""),
    "web page": ("web_page", lambda: "<html><table><tr><td>工单号</td></tr></table></html>".encode()),
    "web page with a mark": ("web_page", lambda: b"\xef\xbb\xbf\n<!DOCTYPE html><table></table>"),
    "table of 2003": (
        "xml_table",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ),
    "picture": ("other_format", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "pdf": ("other_format", lambda: b"%PDF-1.7\n" + bytes(100)),
    "plain zip": ("other_format", lambda: zipped({"readme.txt": "x"})),
    "half a workbook": ("damaged", lambda: good(500)[:6_000]),
    "no workbook part": ("other_format", lambda: zipped({"[Content_Types].xml": "<Types/>"})),
    "password": ("encrypted", locked),
    "old container without a book": ("other_format", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)),
    "old container cut off": (
        "damaged",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le") + bytes(20),
    ),
    "sparse": ("too_many_rows", sparse),
    "inflated": ("inflates", inflated),
    "sizes that lie": ("damaged", slightly_inflated),
    "entities": ("entities", entities),
    "external entity": ("entities", external_entity),
    "ten thousand parts": ("too_many_parts", many_sheets),
    "a million formats": ("inflates", many_styles),
    "five thousand columns": ("too_many_columns", wide),
    "three hundred thousand rows": ("too_many_rows", long),
    "an endless row": ("too_many_columns", endless_row),
    "a part twice": ("doubled_parts", doubled),
    "a sheet in UTF-16": ("damaged", utf_16_sheet),
    "no visible sheet": ("no_sheet", hidden_only),
    "no header": ("no_header", lambda: with_parts({SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row>')})),
    "noise": ("encoding", lambda: bytes((7 * number * number + 131) % 128 + 128 for number in range(3_000))),
    "too large": ("too_large", lambda: b"x" * (51 * 1024 * 1024)),
}


def zipped(parts: dict[str, str]) -> bytes:
    """Return a zip archive with these parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def write(path: Path, content: bytes) -> Path:
    """Write the bytes and return the path."""
    path.write_bytes(content)
    return path
