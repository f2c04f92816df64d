"""Three tables as small firms keep them: telephone calls and deliveries as CSV, open items as XLSX."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from making.firms import BERK, FIRMS, LAST, Firm
from making.plan import Call, Delivery, Happened, open_at_the_end

FIRM: dict[str, Firm] = {BERK.key: BERK, **FIRMS}


def write(happened: Happened, folder: Path) -> None:
    """telefoon.csv, leveringen.csv and openstaand.xlsx."""
    folder.mkdir(parents=True, exist_ok=True)
    _csv(folder / "telefoon.csv", ("Tijdstip", "Van", "Naar", "Soort", "Hoeveelheid", "Eenheid", "Kenmerk", "Gesprek"), _calls(happened.calls))
    _csv(folder / "leveringen.csv", ("Leveringsnummer", "Leverancier", "Klant", "Besteldatum", "Toegezegde leverdatum", "Geleverd op", "Waarde", "Valuta"),
         _deliveries(happened.deliveries))
    _xlsx(folder / "openstaand.xlsx", "Debiteuren", _open_items(happened))


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """As a Dutch spreadsheet saves it: semicolons, decimal comma, a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerow(head)
        out.writerows(rows)


def _calls(calls: Iterable[Call]) -> Iterable[Sequence[str]]:
    """Two rows a call: what each side said, in seconds, the caller first."""
    for call in calls:
        us, them = "berk.example", FIRMS[call.firm].domain
        rows = [(us, them, call.spoken_us), (them, us, call.spoken_them)]
        for place, (giver, receiver, seconds) in enumerate(rows if call.ours else rows[::-1], 1):
            yield (f"{call.at:%Y-%m-%d %H:%M}", giver, receiver, "telefoon", str(seconds), "seconds", f"{call.number}-{place}", call.number)


def _deliveries(deliveries: Iterable[Delivery]) -> Iterable[Sequence[str]]:
    for one in deliveries:
        yield (one.number, FIRM[one.seller].name, FIRM[one.buyer].name, f"{one.ordered:%d-%m-%Y}", f"{one.promised:%d-%m-%Y}", f"{one.came:%d-%m-%Y}",
               f"{one.value:.2f}".replace(".", ","), "EUR")


def _open_items(happened: Happened) -> list[list[str | Decimal | date]]:
    """What customers had not paid at the end of June 2026: everything of which no payment came in until then."""
    rows: list[list[str | Decimal | date]] = [["Klantnaam", "E-mail klant", "BTW nummer", "Factuurnummer", "Factuurdatum", "Vervaldatum", "Bedrag", "Valuta"]]
    for invoice in open_at_the_end(happened):
        firm = FIRMS[invoice.buyer]
        rows.append([firm.name, firm.people[-1].address, firm.vat, invoice.number, invoice.issued, invoice.due, invoice.total, "EUR"])
    return rows


def _xlsx(path: Path, sheet: str, rows: list[list[str | Decimal | date]]) -> None:
    """A workbook of one sheet (ECMA-376), the least that opens everywhere; the same bytes every time."""
    cells = []
    for number, row in enumerate(rows, 1):
        cells.append(f'<row r="{number}">' + "".join(_cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row)) + "</row>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
                               f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                                      f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
                         '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as book:
        for name, text in parts.items():
            book.writestr(zipfile.ZipInfo(name, (LAST.year, LAST.month, LAST.day, 18, 0, 0)), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)


def _cell(place: str, value: str | Decimal | date) -> str:
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, Decimal):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
