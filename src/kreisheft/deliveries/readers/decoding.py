"""Bytes of a delivery as text: unpacked, decoded, and refused if they cannot be a table.

Readers work on the UTF-8 bytes of `clean`; text of several bytes a character is only made where a
file is small. A file that holds 100 MB is read within a few copies of itself.
"""

import codecs
import gzip
import io
import re
import zipfile
import zlib
from pathlib import Path

from kreisheft.core.errors import DataError, Problem

#: What a reader accepts: a file, or its bytes.
Source = Path | bytes

_GZIP = b"\x1f\x8b"
#: A ZIP file, and one that holds nothing.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE = 1 << 20
#: Every byte that text may hold; what is left over is a control character.
_TEXT_BYTES = bytes(b for b in range(256) if b in b"\t\n" or (b >= 32 and b != 127))
#: Text that went through a wrong encoding: characters of control, and UTF-8 that was taken for
#: cp1252 and written as UTF-8 again ("Ã¼" for "ü", "â€“" for "–"). One pattern each: a pattern of
#: alternatives that begin differently takes forty times as long.
_WRONG = (
    re.compile(rb"\xc2[\x80-\x9f]"),
    re.compile(rb"\xc3[\x82\x83][\xc2-\xe2]"),
    re.compile(rb"\xc3\xa2\xe2\x82\xac"),
)
_LOST = "\N{REPLACEMENT CHARACTER}".encode()
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<!--")


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


def load(source: Source) -> bytes:
    """Return the bytes of a delivery, unpacked from gzip or from a ZIP that holds one file.

    An Excel workbook, which is a ZIP, too, stays as it is. Raises DataError for a file that cannot
    be read, an empty file, a broken archive, and one that holds several files or a password.
    """
    where = name(source)
    data = raw(source)
    if data.startswith(_GZIP):
        data = _gunzip(data, where)
    elif data.startswith(_ZIP):
        data = _unzip(data, where)
    if not data or data.isspace():
        raise DataError([Problem(where, "the file is empty", "download the table again")])
    return data


def decode(data: bytes, where: str) -> str:
    """Return the text of `data`: UTF-8 with or without BOM, or cp1252; line ends become LF.

    Raises DataError as `clean` does.
    """
    return clean(data, where).decode("utf-8")


def clean(data: bytes, where: str) -> bytes:
    """Return `data` as UTF-8 without BOM, with LF; the very same bytes where they are so already.

    data: UTF-8 with or without BOM, or cp1252, with LF or CRLF. Raises DataError for an empty file,
    a web page, another encoding, a control character, and text that lost its characters on the way
    (read in one encoding and written in another).
    """
    if data.startswith(_UTF16):
        what = "is UTF-16 text"
        raise DataError([Problem(where, what, "save it as UTF-8, or download it as CSV again")])
    data = data.removeprefix(codecs.BOM_UTF8)
    if not _is_utf8(data):
        data = _from_cp1252(data, where)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    if not data or data.isspace():
        raise DataError([Problem(where, "the file is empty", "download the table again")])
    if data[:1024].lstrip().lower().startswith(_PAGES):
        what = "is a web page, not a table"
        raise DataError([Problem(where, what, "download the table as CSV; the site sent an error")])
    _refuse_damage(data, where)
    return data


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _from_cp1252(data: bytes, where: str) -> bytes:
    out = io.BytesIO()
    view = memoryview(data)
    for start in range(0, len(data), _PIECE):
        try:
            out.write(str(view[start : start + _PIECE], "cp1252").encode("utf-8"))
        except UnicodeDecodeError as error:
            what = f"is neither UTF-8 nor cp1252 text (byte {start + error.start})"
            _refuse(data, start + error.start, where, what, "download the table as CSV again")
    return out.getvalue()


def _refuse_damage(data: bytes, where: str) -> None:
    """Refuse control characters and text that went through a wrong encoding."""
    for start in range(0, len(data), _PIECE):
        odd = data[start : start + _PIECE].translate(None, _TEXT_BYTES)
        if odd:
            what = f"holds the control character {odd[:1]!r}"
            _refuse(data, data.index(odd[:1], start), where, what, "download it again")
    again = "download it again, and open it with nothing else before the import"
    lost = data.find(_LOST)
    if lost >= 0:
        _refuse(data, lost, where, "has lost characters (\N{REPLACEMENT CHARACTER})", again)
    for pattern in _WRONG:
        match = pattern.search(data)
        if match:
            broken = data[match.start() : match.start() + 12].decode("utf-8", "ignore")[:2]
            what = f"was read in a wrong encoding and saved ({broken!r})"
            _refuse(data, match.start(), where, what, again)


def _refuse(data: bytes, at: int, where: str, what: str, next_: str) -> None:
    row = data.count(b"\n", 0, at) + 1
    raise DataError([Problem(f"{where}, row {row}", what, next_)])


def _gunzip(data: bytes, where: str) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        what = f"is a broken gzip file ({error})"
        raise DataError([Problem(where, what, "download it again")]) from None


def _unzip(data: bytes, where: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [n for n in archive.namelist() if not n.endswith("/")]
            if "[Content_Types].xml" in names:
                return data
            members = [n for n in names if not n.startswith("__MACOSX/")]
            if len(members) != 1:
                what = f"holds {len(members)} files, expected one table"
                raise DataError([Problem(where, what, "unpack it and import the table's CSV")])
            return archive.read(members[0])
    except NotImplementedError:
        what = "is packed in a way that is not read (Deflate64 or another)"
        raise DataError([Problem(where, what, "unpack it and import the table's CSV")]) from None
    except RuntimeError:
        what = "is a ZIP file with a password"
        raise DataError([Problem(where, what, "unpack it and import the table's CSV")]) from None
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as error:
        what = f"is a broken ZIP file ({error})"
        raise DataError([Problem(where, what, "download it again")]) from None
