# Python 3.11 (standard library only). Writes one table in the forms in which other programs write CSV into forms beside itself.
import csv
import gzip
import io
import pathlib
import zipfile

forms = pathlib.Path(__file__).parent / "forms"
forms.mkdir(exist_ok=True)


def text(separator, end, quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([["id", "p"], ["katze.1", "0.25"], ["\u00c4pfel", "0.75"]])
    return out.getvalue()


comma = text(",", "\n")
files = {
    "comma.csv": comma.encode(),
    "semicolon.csv": text(";", "\r\n").encode("utf-8-sig"),  # a spreadsheet's, where the comma is decimal
    "quoted.csv": text(";", "\r\n", csv.QUOTE_ALL).encode(),
    "tab.tsv": text("\t", "\n").encode(),
    "utf16.csv": text(",", "\r\n").encode("utf-16"),  # little endian with a mark, as PowerShell's >
    "utf16_tab.txt": text("\t", "\r\n").encode("utf-16"),  # a spreadsheet's "Unicode text"
    "utf16le_no_mark.csv": comma.encode("utf-16-le"),
    "utf16be.csv": b"\xfe\xff" + comma.encode("utf-16-be"),
    "utf16be_no_mark.csv": comma.encode("utf-16-be"),
    "gzip.csv.gz": gzip.compress(comma.encode(), mtime=0),
    "gzip_utf16_semicolon.csv.gz": gzip.compress(text(";", "\n").encode("utf-16"), mtime=0),
}
for name, data in files.items():
    (forms / name).write_bytes(data)
book = zipfile.ZipInfo("xl/workbook.xml", (1980, 1, 1, 0, 0, 0))
with zipfile.ZipFile(forms / "workbook.xlsx", "w") as out:
    out.writestr(book, "<workbook/>")
