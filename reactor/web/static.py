"""Files and folders as they are.

    Site(File("/var/www"))

There is no way out of the folder that was given: `opening` says how.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from reactor.web import conditional, pages, status
from reactor.web.dates import datetimeToString
from reactor.web.listing import DirectoryLister
from reactor.web.mime_types import ENCODINGS, TYPES, getTypeAndEncoding
from reactor.web.opening import inside, is_name, open_file
from reactor.web.ranges import Part, in_parts, length_of, parse_ranges
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET
from reactor.web.util import redirectTo

if TYPE_CHECKING:
    from reactor.web.server import Request

__all__ = ["Data", "DirectoryLister", "File", "FileProducer"]


class Data(Resource):
    """A page that never changes. data: its bytes. type: its Content-Type, such as "text/plain"."""

    def __init__(self, data: bytes, type: str) -> None:
        super().__init__()
        self.data = data
        self.type = type

    def render_GET(self, request: Request) -> bytes:
        """The data."""
        request.setHeader(b"content-type", self.type.encode("ascii"))
        return self.data


class File(Resource):
    """A file, or a folder and all that is in it.

    path: the file or folder. defaultType: the Content-Type of a file whose name doesn't tell. ignoredExts: endings that
        an address may leave out; "*" for any. registry: handed to processors. allowExt: Twisted's, not used.
    indexNames: names for a folder's index; the first that exists is shown. A folder without one shows a list of what is
        in it; override `directoryListing`.
    contentTypes, contentEncodings: by ending. type, encoding: of this file, whatever its ending.
    processors: by ending, such as ".rpy", what makes a resource of a file; it is called with path and registry. The
        file itself, which may be a script, is never sent then. childNotFound: the page for a missing file.
    """

    indexNames: Sequence[str] = ("index", "index.html", "index.htm")
    contentTypes: dict[str, str] = TYPES
    contentEncodings: dict[str, str] = ENCODINGS
    childNotFound: Any = pages.notFound("File not found.")
    processors: Mapping[str, Callable[[str, Any], Any]] = {}
    type: str | None = None
    encoding: str | None = None

    def __init__(
        self,
        path: str | bytes | os.PathLike[str],
        defaultType: str = "text/html",
        ignoredExts: Iterable[str] = (),
        registry: Any = None,
        allowExt: bool = False,
    ) -> None:
        super().__init__()
        self.path = os.fsdecode(path)
        self.defaultType = defaultType
        self.ignoredExts = list(ignoredExts)
        self.registry = registry
        self._root = self.path
        self._name = self.path

    def ignoreExt(self, ext: str) -> None:
        """Let addresses leave this ending out: with ".html", /page is /page.html."""
        self.ignoredExts.append(ext)

    def createSimilarFile(self, path: str) -> File:
        """A resource for `path` with the same settings. Override this if your subclass takes other arguments."""
        similar = self.__class__(path, self.defaultType, self.ignoredExts, self.registry)
        similar.indexNames, similar.childNotFound = self.indexNames, self.childNotFound
        similar.contentTypes, similar.contentEncodings = self.contentTypes, self.contentEncodings
        similar.processors = self.processors
        return similar

    def mayServe(self, name: str, path: str) -> bool:
        """Whether to serve what is at `path`, at the end of all links, as `name` in this folder: else it isn't there.

        Override this to keep files back.
        """
        return True

    # --- finding

    def getChild(self, path: bytes, request: Request) -> Any:
        """The file or folder of this name."""
        if not os.path.isdir(self.path):
            return self.childNotFound
        if path:
            return self._child(path) or self.childNotFound
        if request.postpath:  # two slashes in the middle
            return self.childNotFound
        return self._index() or self._list()

    def _index(self) -> Any:
        children = (self._at(name) for name in self.indexNames)
        return next((child for child in children if child is not None), None)

    def _child(self, name: bytes) -> Any:
        if not is_name(name):
            return None
        decoded = os.fsdecode(name)
        return self._at(decoded) or self._with_an_ending(decoded)

    def _with_an_ending(self, name: str) -> Any:
        for ending in self.ignoredExts:
            if ending == "*":
                names = [other for other in self._all_names() if os.path.splitext(other)[0] == name]
            else:
                names = [name + ending]
            for other in names:
                child = self._at(other)
                if child is not None:
                    return child
        return None

    def _all_names(self) -> list[str]:
        try:
            return sorted(os.listdir(self.path))
        except OSError:  # a folder may be searched, and not read
            return []

    def _at(self, name: str) -> Any:
        """The child of this name if it lies inside the root. Its path has no links left, so that paths stay short."""
        real = inside(os.path.join(self.path, name), self._root)
        if real is None or not self.mayServe(name, real):
            return None
        processed = self._processed(real, name)
        if processed is not None:
            return processed
        child = self.createSimilarFile(real)
        child._root, child._name = self._root, name
        return child

    def _processed(self, path: str, name: str) -> Any:
        """What a processor makes of the file at `path`; None if there is no processor for it."""
        if not self.processors:
            return None
        by_ending = {ending.lower(): processor for ending, processor in self.processors.items()}
        for one in (name, path):  # either may be a link with an ending of its own
            # in any case: where the system takes .RPY for .rpy, it would send the source
            processor = by_ending.get(os.path.splitext(one)[1].lower())
            if processor is not None and not os.path.isdir(path):
                return processor(path, self.registry)
        return None

    def _list(self) -> Any:
        try:
            return self.directoryListing()
        except PermissionError:
            return pages.forbidden()

    def directoryListing(self) -> Any:
        """What to show for a folder without an index: a list. To show none, return `self.childNotFound`."""
        places = {name: inside(os.path.join(self.path, name), self._root) for name in self.listNames()}
        names = [name for name, path in places.items() if path is not None and self.mayServe(name, path)]
        return DirectoryLister(self.path, names, self.contentTypes, self.contentEncodings, self.defaultType)

    def listNames(self) -> list[str]:
        """The names in this folder, sorted; hidden files are left out."""
        return sorted(name for name in os.listdir(self.path) if not name.startswith("."))

    # --- answering

    def render(self, request: Request) -> Any:
        """The answer of what a processor makes of this file; without one, as Resource has it."""
        processed = self._processed(self.path, self._name)
        return super().render(request) if processed is None else processed.render(request)

    def render_GET(self, request: Request) -> Any:
        """The file, or the part of it that the client wants. A folder redirects to its address with a final slash."""
        try:
            file = open_file(self.path, self._root)
        except IsADirectoryError:
            return redirectTo(_with_slash(request), request)
        except FileNotFoundError:
            return self.childNotFound.render(request)
        except OSError:
            return pages.forbidden().render(request)
        version = _version(os.fstat(file.fileno()), request)
        if self._is_known(request, version):
            file.close()
            return b""
        pieces = self._pieces(request, version)
        if request.method == b"HEAD" or not length_of(pieces):
            file.close()
            request.finish()
        else:
            FileProducer(request, file, pieces).start()
        return NOT_DONE_YET

    def _is_known(self, request: Request, version: Version) -> bool:
        request.setHeader(b"etag", version.tag)
        request.setHeader(b"last-modified", datetimeToString(version.modified))
        code = conditional.precondition(request.method, request.requestHeaders, version.tag, version.modified)
        if code is not None:
            request.setResponseCode(code)
        return code is not None

    def _pieces(self, request: Request, version: Version) -> list[bytes | Part]:
        """The pieces to send: the whole file, one part, or several. Sets status and headers."""
        kind, encoding = self.type, self.encoding
        if kind is None:
            kind, encoding = getTypeAndEncoding(self._name, self.contentTypes, self.contentEncodings, self.defaultType)
        request.setHeader(b"accept-ranges", b"bytes")
        if encoding:
            request.setHeader(b"content-encoding", encoding.encode("ascii"))
        pieces, content_type = self._wanted(request, version, kind.encode("ascii"))
        request.setHeader(b"content-type", content_type)
        request.setHeader(b"content-length", b"%d" % length_of(pieces))
        return pieces

    def _wanted(self, request: Request, version: Version, kind: bytes) -> tuple[list[bytes | Part], bytes]:
        total, headers = version.size, request.requestHeaders
        header = headers.last(b"range") if request.method == b"GET" else None
        parts = None
        if header is not None and conditional.range_is_wanted(headers, version.tag, version.modified):
            parts = parse_ranges(header, total)
        if parts is None:
            return [Part(0, total)], kind
        if not parts:
            request.setResponseCode(status.REQUESTED_RANGE_NOT_SATISFIABLE)
            request.setHeader(b"content-range", b"bytes */%d" % total)
            return [], kind
        request.setResponseCode(status.PARTIAL_CONTENT)
        if len(parts) == 1:
            request.setHeader(b"content-range", parts[0].content_range(total))
            return [parts[0]], kind
        boundary = secrets.token_hex(12).encode("ascii")
        return in_parts(parts, total, kind, boundary), b'multipart/byteranges; boundary="%b"' % boundary


class Version(NamedTuple):
    """Which version of a file this is. modified: in whole seconds since 1970. size: in bytes."""

    tag: bytes
    modified: int
    size: int


def _version(facts: os.stat_result, request: Request) -> Version:
    tag = b'"%x-%x"' % (facts.st_mtime_ns, facts.st_size)
    modified = conditional.last_modified(facts.st_mtime, request.responseHeaders.last(b"date"))
    return Version(tag, modified, facts.st_size)


class FileProducer:
    """A pull producer that sends pieces of a file, and then finishes the request.

    file: closed at the end, however it comes. pieces: bytes to send as they are, and parts of the file.
    """

    bufferSize = 64 * 1024

    def __init__(self, request: Request, file: IO[bytes], pieces: Sequence[bytes | Part]) -> None:
        self._request = request
        self._file = file
        self._pieces = list(pieces)
        self._left = 0

    def start(self) -> None:
        """Register with the request, which asks for the first piece."""
        self._request.registerProducer(self, False)

    def resumeProducing(self) -> None:
        """Send the next bytes of the file, and what comes before them. Called by the transport when it has room."""
        before = b""
        while not self._left and self._pieces:
            piece = self._pieces.pop(0)
            if isinstance(piece, Part):
                self._file.seek(piece.offset)
                self._left = piece.size
            else:
                before += piece
        data = self._file.read(min(self._left, self.bufferSize)) if self._left else b""
        self._left -= len(data)
        if before or data:
            self._request.write(before + data)
        if not data and self._left:  # the file became shorter: cut the answer, so that the client sees it
            self.stopProducing()
            self._request.unregisterProducer()
            self._request.loseConnection()
        elif not self._left and not self._pieces:
            self.stopProducing()
            self._request.unregisterProducer()
            self._request.finish()

    def stopProducing(self) -> None:
        """Close the file. Called by the transport when the client is gone."""
        self._file.close()


def _with_slash(request: Request) -> bytes:
    query = request.uri.partition(b"?")[2]
    # never two slashes at the beginning: a browser takes what follows them for a host
    return b"/" + request.path.strip(b"/") + b"/" + (b"?" + query if query else b"")
