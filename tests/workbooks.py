"""Small workbooks for tests, written as spreadsheets write them: shared texts, numbers for days."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(files: Mapping[str, str | bytes], **more: int) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", more.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[str | float]], *, head: str = "") -> bytes:
    """A workbook of one sheet; empty cells are left out. *head* stands before the sheet's root."""
    words: list[str] = []
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = ""
        for at, value in enumerate(row):
            where = f'r="{chr(65 + at)}{number}"'
            if isinstance(value, float | int):
                cells += f"<c {where}><v>{value}</v></c>"
            elif value:
                cells += f'<c {where} t="s"><v>{len(words)}</v></c>'
                words.append(value)
        lines.append(f'<row r="{number}">{cells}</row>')
    shared = "".join(f"<si><t>{escape(one)}</t></si>" for one in words)
    target = "worksheets/sheet1.xml"
    return zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
            '<sheet name="Posts" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="rId1" Type="sheet" Target="{target}"/></Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            f"xl/{target}": f'{head}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}'
            "</sheetData></worksheet>",
        }
    )
