"""Bytes of a delivery as text: unpacked, decoded, and refused if they cannot be a table.

Deliveries are read whole; the largest known one has 4 MB.
"""

import gzip
import io
import zipfile
from pathlib import Path

from kreisheft.errors import DataError, Problem

#: What a reader accepts: a file, or its bytes.
Source = Path | bytes

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


def raw(source: Source) -> bytes:
    """Return the bytes of `source` as delivered; the sha256 of a delivery is taken from these."""
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise DataError([Problem(str(source), what, "check the path")]) from None


def name(source: Source) -> str:
    """Name `source` in messages."""
    return "(bytes)" if isinstance(source, bytes) else str(source)


def decode(source: Source) -> str:
    """Return the text of a delivery: gzip or ZIP unpacked, UTF-8 with or without BOM, or cp1252.

    Line ends become LF. An HTML page and an empty file are refused.
    """
    where = name(source)
    data = _unpack(raw(source), where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            what = f"is neither UTF-8 nor cp1252 text ({error.reason} at byte {error.start})"
            raise DataError([Problem(where, what, "download the table as CSV again")]) from None
    text = text.replace("\r\n", "\n")
    if not text.strip():
        raise DataError([Problem(where, "the file is empty", "download the table again")])
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml")):
        what = "is a web page, not a table"
        raise DataError([Problem(where, what, "download the table as CSV; the site sent an error")])
    return text


def _unpack(data: bytes, where: str) -> bytes:
    if data.startswith(_GZIP):
        try:
            return gzip.decompress(data)
        except (OSError, EOFError) as error:
            what = f"is a broken gzip file ({error})"
            raise DataError([Problem(where, what, "download it again")]) from None
    if not data.startswith(_ZIP):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.namelist() if not m.endswith("/")]
            if "[Content_Types].xml" in members:
                what = "is an Excel workbook, which is not read yet"
                raise DataError([Problem(where, what, "download the table as CSV")])
            if len(members) != 1:
                what = f"holds {len(members)} files, expected one table"
                raise DataError([Problem(where, what, "unpack it and import the table's CSV")])
            return archive.read(members[0])
    except zipfile.BadZipFile as error:
        what = f"is a broken ZIP file ({error})"
        raise DataError([Problem(where, what, "download it again")]) from None
