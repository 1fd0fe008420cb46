"""A source that notes what it is asked, so that a later run can ask the same and see whether it still says the same."""

from __future__ import annotations

import hashlib
import time

from gopatch.source import Entry, Source, Stamps, links

_SETTLED = 2_000_000_000  # ns after which a file's times tell of another change, on the coarsest file system


class Recorder:
    """Notes each question once. `digest` is of all answers, `stamps` of the same with stamps of files for their bytes.

    The latter is "" where a source has no stamps, and where a file was changed so shortly before that
    its times would not tell of another change: git reads such files again, too.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._started = time.time_ns()
        self._stamps = source if isinstance(source, Stamps) else None
        self._is_settled = self._stamps is not None
        self._listed: dict[str, tuple[Entry, ...]] = {}
        self._entries: dict[str, Entry | None] = {}
        self._contents: dict[str, bytes] = {}
        self._answers: list[bytes] = []
        self._stamped: list[bytes] = []
        self.asked: list[tuple[str, str]] = []

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def digest(self) -> str:
        return _digest(self._answers)

    @property
    def stamps(self) -> str:
        return _digest(self._stamped) if self._is_settled else ""

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        if folder not in self._listed:
            self._listed[folder] = self._source.listdir(folder)
            self._note("listdir", folder, self._listed[folder])
        return self._listed[folder]

    def entry(self, path: str) -> Entry | None:
        if path not in self._entries:
            self._entries[path] = self._source.entry(path)
            self._note("entry", path, self._entries[path])
        return self._entries[path]

    def read(self, path: str) -> bytes:
        if path not in self._contents:
            self.glance(path)  # before it is read: what is written in between must not go unseen
            answer = self._source.read(path)
            self._answers.append(_line("read", path, hashlib.sha256(answer).digest()))
            self._contents[path] = answer
        return self._contents[path]

    def glance(self, path: str) -> None:
        """Note the stamp of a file for its bytes."""
        self.asked.append(("read", path))
        stamp = None if self._stamps is None else self._stamps.stamp(path)
        if stamp is None or max(stamp.changed, stamp.written) + _SETTLED > self._started:
            self._is_settled = False
        self._stamped.append(_line("read", path, stamp))

    def link(self, path: str) -> str | None:
        answer = links.link(self._source, path)
        self._note("link", path, answer)
        return answer

    def _note(self, question: str, path: str, answer: object) -> None:
        self.asked.append((question, path))
        line = _line(question, path, answer)
        self._answers.append(line)
        self._stamped.append(line)


def _line(question: str, path: str, answer: object) -> bytes:
    return repr((question, path, answer)).encode("utf-8", "surrogateescape")


def _digest(lines: list[bytes]) -> str:
    return hashlib.sha256(b"\n".join(lines)).hexdigest()
