"""The fixed parts of a workbook that the writer of plain tables fills."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET_START: Final = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" '
    'baseColWidth="16"/><sheetData>'
)
SHEET_END: Final = "</sheetData></worksheet>"
LONGEST_FOOTER: Final = 200  # signs; a spreadsheet refuses a file with more than 255

CORE: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
RELATIONS: Final = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    f'Target="xl/workbook.xml"/><Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)

# Formats in order: plain, heading, moment, day, text that begins like a formula.
STYLES: Final = (
    f'{XML}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1">'
    '<xf/></cellStyleXfs><cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" '
    'applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="49" quotePrefix="1" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def footed(footer: str) -> str:
    """Return the end of a sheet that prints `footer` and the number of the page below each page."""
    if not footer:
        return SHEET_END
    told = escape(footer[:LONGEST_FOOTER].replace("&", "&&"))
    line = f"&amp;L&amp;8{told}&amp;R&amp;8&amp;P / &amp;N"
    return f"</sheetData><headerFooter><oddFooter>{line}</oddFooter></headerFooter></worksheet>"


def properties(*, title: str = "", creator: str = "", description: str = "", created: str = "") -> str:
    """Return what the file says of itself; `created` is a moment in UTC, ``2026-03-02T01:30:00Z``."""
    told = {"dc:title": title, "dc:creator": creator, "dc:description": description}
    parts = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items() if text)
    moment = f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>' if created else ""
    spaces = (
        f'xmlns:cp="{CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    return f"{XML}<cp:coreProperties {spaces}>{parts}{moment}</cp:coreProperties>"


def content_types(sheets: Iterable[int]) -> str:
    """Return the list of what each part holds."""
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
        for number in sheets
    )
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{CORE_TYPE}"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>{overrides}</Types>'
    )


def workbook(names: Iterable[str]) -> str:
    """Return the list of sheets."""
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, 1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{entries}</sheets></workbook>'


def workbook_relations(sheets: Iterable[int]) -> str:
    """Return which part each sheet is."""
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in sheets
    )
    styles = f'<Relationship Id="styles" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{entries}{styles}</Relationships>'
