"""What a file of the change is, by its path."""

from __future__ import annotations

_PAPERS = (
    "docs/", "man/", "contrib/completion/", "CHANGELOG", "README", "api/docs/", "api/swagger",
    ".github/", ".golangci.yml", ".mailmap", "AUTHORS", "MAINTAINERS", "hack/validate/",
)  # fmt: skip


def is_test(path: str) -> bool:
    """Whether a file is a test's."""
    return path.endswith("_test.go") or path.startswith(
        ("integration", "testutil/", "internal/test")
    )


def is_paper(path: str) -> bool:
    """Whether a file only tells, or checks the repository itself: nothing that is built reads it."""
    return path.startswith(_PAPERS) or path.endswith(".md")


def is_vendored(path: str) -> bool:
    return any(part in ("vendor", "Godeps") for part in path.split("/")[:-1])
