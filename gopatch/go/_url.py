"""URLs, as releases of Go read them: see `gopatch.go.net`."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import NamedTuple
from urllib.parse import quote, unquote

from gopatch.go._address import GO, GoRules, parse_zoned
from gopatch.go._address_error import unread

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*(?=:)")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*", re.ASCII)
# RFC 3986 allows less; Go also lets < > and " through, and every byte above ASCII.
_HOST = re.compile(
    r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|[^\x00-\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])*"
)
# A zone may hold escapes of a blank, of % and of what needs none, and no others.
_HARMLESS = r"-_.~!$&'()*+,;=:[]<>\"% 0123456789" + ascii_letters
_ZONE = re.compile(
    r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|[^\x00-\x7f]|(?i:%(?:"
    + "|".join(f"{ord(letter):02x}" for letter in _HARMLESS)
    + r")))*"
)


class Url(NamedTuple):
    """The fields of Go's `url.URL` that Docker looks at; `user` says whether there is one."""

    scheme: str
    host: str
    path: str
    query: str = ""
    fragment: str = ""
    user: bool = False


class UrlError(ValueError):
    """An error of `url.Parse`, in Go's words without the `parse "...": ` before them."""


def parse_url(text: str, rules: GoRules = GO) -> Url | None:
    """`url.Parse`, None where it fails. An opaque URL (`http:x`) has neither host nor path."""
    try:
        return _parse_url(text, rules)
    except UrlError:
        return None


def url_error(text: str, rules: GoRules = GO) -> str:
    """The error of `url.Parse` in Go's words, "" where there is none."""
    try:
        _parse_url(text, rules)
    except UrlError as error:
        # Go takes the fragment off first, and names it only where it is what is wrong.
        whole, _, fragment = text.partition("#")
        shown = text if _BAD_ESCAPE.search(fragment) and parse_url(whole, rules) else whole
        return f"parse {quoted(shown)}: {error}"
    return ""


def quoted(text: str) -> str:
    """`strconv.Quote`, as `%q` writes a string: JSON's quotes will do but for what cannot be seen."""
    out = []
    for letter in text:
        code = ord(letter)
        if letter in '"\\':
            out.append("\\" + letter)
        elif letter in _SHORT:
            out.append(_SHORT[letter])
        elif 0xDC80 <= code <= 0xDCFF:
            out.append(f"\\x{code - 0xDC00:02x}")
        elif letter.isprintable():
            out.append(letter)
        else:
            wide = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
            out.append(f"\\x{code:02x}" if code < 0x80 else wide)
    return '"' + "".join(out) + '"'


_SHORT = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def _parse_url(text: str, rules: GoRules) -> Url:
    text, _, fragment = text.partition("#")
    if rules.controls and _CONTROL.search(text):
        raise UrlError("net/url: invalid control character in URL")
    if text.startswith(":"):
        raise UrlError("missing protocol scheme")
    found = _SCHEME.match(text)
    scheme = found.group().lower() if found else ""
    rest, _, query = (text[found.end() + 1 :] if found else text).partition("?")
    if not rest.startswith("/"):
        if scheme:
            _check_escapes(fragment)
            return Url(scheme, "", "", query, _unescape(fragment))
        if ":" in rest.split("/", 1)[0]:
            raise UrlError("first path segment in URL cannot contain colon")
    authority, rest = _authority(rest) if scheme or not rest.startswith("///") else ("", rest)
    user, at, host = authority.rpartition("@")
    if rules.brackets and not rules.literal_first and "[" in host:
        host = host[host.rindex("[") :]
    _check_host(host, rules, strict=rules.colons and scheme in ("http", "https"))
    if not _USER.fullmatch(user):
        raise UrlError("net/url: invalid userinfo")
    for part in (*user.split(":", 1), rest, fragment):
        _check_escapes(part)
    return Url(scheme, _unescape(host), _unescape(rest), query, _unescape(fragment), bool(at))


def _authority(rest: str) -> tuple[str, str]:
    if not rest.startswith("//"):
        return "", rest
    authority, slash, path = rest[2:].partition("/")
    return authority, slash + path


def _check_host(host: str, rules: GoRules, *, strict: bool) -> None:
    """`parseHost`, but for taking the escapes out."""
    if rules.literal_first and host.rfind("[") > 0:
        raise UrlError("invalid IP-literal")
    port = _port(host, strict=strict)
    if not re.fullmatch(r"(?::[0-9]*)?", port, re.ASCII) and (rules.ports or host.startswith("[")):
        raise UrlError(f"invalid port {quoted(port)} after host")
    zone = host.find("%25") if host.startswith("[") else -1
    end = host.rfind("]")
    if 0 <= zone < end:
        _check_letters(host[:zone], _HOST)
        _check_letters(host[zone:end], _ZONE)
        _check_letters(host[end:], _HOST)
    else:
        _check_letters(host, _HOST)
    if rules.brackets and host.startswith("["):
        _check_literal(_unescape(host[1:end]))


def _check_letters(text: str, allowed: re.Pattern[str]) -> None:
    found = allowed.match(text)
    bad = text[found.end() :] if found else text
    if bad.startswith("%"):
        raise _bad_escape(bad)
    if bad:
        raise UrlError(f"invalid character {quoted(bad[:1])} in host name")


def _check_literal(text: str) -> None:
    zoned = parse_zoned(text)
    if zoned is None:
        found = unread(text)
        at = f" (at {quoted(found.at)})" if found and found.at else ""
        raise UrlError(f"invalid host: ParseAddr({quoted(text)}): {found and found.why}{at}")
    if zoned[0].version == 4:
        raise UrlError("invalid IP-literal")


def _port(host: str, *, strict: bool) -> str:
    """What Go takes for the port, with its colon."""
    if host.startswith("["):
        end = host.rfind("]")
        if end < 0:
            raise UrlError("missing ']' in host")
        return host[end + 1 :]
    colon = host.find(":") if strict else host.rfind(":")
    return host[colon:] if colon >= 0 else ""


def _check_escapes(text: str) -> None:
    bad = _BAD_ESCAPE.search(text)
    if bad:
        raise _bad_escape(text[bad.start() :])


def _bad_escape(text: str) -> UrlError:
    """Of the three bytes with which the text begins, whatever letters they are parts of."""
    start = text[:3].encode("utf-8", "surrogateescape")[:3]
    return UrlError(f"invalid URL escape {quoted(start.decode('utf-8', 'surrogateescape'))}")


def _unescape(text: str) -> str:
    return unquote(text, errors="surrogateescape")


_RAW_PATH = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:@\[\]%/]*")
_PATH_SAFE = "-_.~$&+,/:;=@"
_HOST_SAFE = "-_.~!$&'()*+,;=:[]<>\""


def shown_url(text: str) -> str:
    """`URL.String` of a URL that `url.Parse` takes: what is not allowed in it comes out escaped."""
    rest, mark, fragment = text.partition("#")
    found = _SCHEME.match(rest)
    scheme = f"{found.group().lower()}:" if found else ""
    rest, query, behind = (rest[found.end() + 1 :] if found else rest).partition("?")
    authority, path = _authority(rest)
    if not rest.startswith("/") and scheme:
        path = rest
    elif not _RAW_PATH.fullmatch(path):
        path = quote(_unescape(path), safe=_PATH_SAFE, errors="surrogateescape")
    user, at, host = authority.rpartition("@")
    slashes = "//" if rest.startswith("//") and (authority or path) else ""
    shown = quote(_unescape(host), safe=_HOST_SAFE, errors="surrogateescape")
    return f"{scheme}{slashes}{user}{at}{shown}{path}{query}{behind}{mark}{fragment}"
