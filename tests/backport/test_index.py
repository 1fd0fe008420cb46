"""What an index of a source knows: how a name is looked for, and what counts as declared."""

from __future__ import annotations

import pytest

from gopatch.backport.declared import surely_declares
from gopatch.backport.index import Index
from tests.backport.memory import Memory

FILES = {
    "p/a.go": b"package p\n\nfunc First() {}\n\ntype Kept struct {\n\tField int\n}\n",
    "p/b.go": b"package p\n\nvar (\n\tInside = 1\n)\n\nfunc (k *Kept) Method() {}\n\nfunc Second() {}\n",
    "p/c.go": b"package p\n\nconst text = `\nfunc Quoted() {}\n`\n\n/*\ntype Commented int\n*/\n\nfunc Below() {}\n",
    "p/below/d.go": b"package below\n\nfunc Elsewhere() {}\n",
    "p/notes.md": b"func Noted() {}\n",
}


class Counted(Memory):
    """A source that knows which of its files were read."""

    def __init__(self) -> None:
        super().__init__(FILES)
        self.were_read: list[str] = []

    def read(self, path: str) -> bytes:
        self.were_read.append(path)
        return super().read(path)


@pytest.mark.parametrize("name", ["First", "Second", "Kept", "Inside", "text", "Below"])
def test_a_folder_declares_a_name_in_any_of_its_files(name: str) -> None:
    assert Index(Memory(FILES)).declares("p", name.encode())


@pytest.mark.parametrize(
    "name", ["Field", "Method", "Quoted", "Commented", "Elsewhere", "Noted", "Firs", "int", "absent"]
)  # fmt: skip
def test_members_texts_and_other_folders_do_not_count(name: str) -> None:
    assert not Index(Memory(FILES)).declares("p", name.encode())


def test_no_file_is_read_behind_the_first_that_declares_it() -> None:
    source = Counted()
    assert Index(source).declares("p", b"First")
    assert source.were_read == ["p/a.go"]


@pytest.mark.parametrize("name", [b"First", b"Inside", b"Method", b"absent"])
def test_it_is_told_alike_whatever_was_asked_before(name: bytes) -> None:
    fresh, used = Index(Memory(FILES)), Index(Memory(FILES))
    members_apart = [d for d in used.declared("p", name) if d.kind != "member"]
    assert used.declares("p", name) == fresh.declares("p", name) == bool(members_apart)


def test_what_was_asked_once_is_not_read_again() -> None:
    source = Counted()
    index = Index(source)
    told = [index.declares("p", name) for name in (b"absent", b"Second")]
    source.were_read.clear()
    assert [index.declares("p", name) for name in (b"absent", b"Second")] == told == [False, True]
    assert source.were_read == []


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("func F() {}\n", True),
        ("type F int\n", True),
        ("var F = 1\n", True),
        ("const F = 1\n", True),
        ("func Fs() {}\n", False),
        ("func (t T) F() {}\n", False),
        ("\tfunc F() {}\n", False),
        ("/* a */\nfunc F() {}\n", False),
        ("var _ = `\nfunc F() {}\n`\n", False),
        ("func F() {}\n\nvar _ = `a`\n", True),
        ("func Fs() {}\n\ntype F int\n", True),
    ],
)
def test_bytes_alone_are_trusted_where_no_text_can_stand(text: str, is_sure: bool) -> None:
    assert surely_declares(b"package p\n\n" + text.encode(), b"F") is is_sure


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("net/a.go", "vendor/example.org/owner/net/a.go"),
        ("net/b.go", ""),
        ("a.go", ""),
        ("x/a.go", ""),
    ],
)
def test_where_a_file_is_vendored(path: str, found: str) -> None:
    files = ("vendor/example.org/owner/net/a.go", "vendor/plain/owner/x/a.go", "vendor/modules.txt")
    index = Index(Memory(dict.fromkeys(files, b"package a\n")))
    assert index.vendored_file(path) == found
