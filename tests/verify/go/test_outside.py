"""Questions for files and variables of the environment, by what is written."""

from __future__ import annotations

import pytest

from gopatch.evaluate.package import Package, SourceFile
from gopatch.verify._go.outside import outside

HEAD = """package a

import (
	system "os"

	"github.com/docker/docker/pkg/helper"
	"example.test/other"
)

"""
HELPER = b"""package helper

import "os"

var At = 1

func IsThere(path string) bool { return look(path) == nil }

func look(path string) error {
	_, err := os.Stat(path)
	return err
}

func Same(path string) string { return Same(path) }
"""
PACKAGES = {"pkg/helper": Package((("h.go", HELPER),))}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('var on = system.Getenv("A") != ""', ["system.Getenv"]),
        ("var look = system.LookupEnv", ["system.LookupEnv"]),
        ('var on = helper.IsThere("/x")', ['helper.IsThere("/x")']),
        ('var on = helper.Same("/x")', []),
        ('var on = helper.Gone("/x")', []),
        ("var on = helper.At", []),
        ('var on = other.IsThere("/x")', []),
        ('var on = os.Getenv("A")', []),
        ("var is = system.IsNotExist", []),
        # The original asks so, too.
        ('var on = helper.IsThere("/known")', []),
    ],
)
def test_who_asks_for_a_file_or_a_variable(line: str, found: list[str]) -> None:
    data = (HEAD + line).encode()
    imports = SourceFile("a.go", data).imports
    before = b'helper.IsThere("/known")'
    spans = outside(data, before, imports, lambda folder: PACKAGES[folder])
    assert sorted(data[a:b].decode() for a, b in spans) == sorted(found)
