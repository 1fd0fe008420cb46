from __future__ import annotations

import pytest

from gopatch.backport.forms import forms

BEFORE = b"""package p

import "fmt"

func f() {
	// first
	a()
	b()
	if x {
		c()
	}
	d()
	fmt.Println()
}
"""


def test_what_is_far_from_the_change_is_left_out() -> None:
    after = BEFORE.replace(b"\td()\n", b"\tnew()\n\td()\n")
    (form,) = forms("p.go", BEFORE, after)
    assert form.declaration == "f"
    assert form.loose == (
        "@@\n@@\n func f() {\n \t...\n \tif x {\n \t\tc()\n \t}\n+\tnew()\n \td()\n \t...\n }\n"
    )
    assert " \ta()\n" in form.strict
    assert "first" not in form.strict


def test_imports_go_with_the_first_declaration() -> None:
    after = BEFORE.replace(b'import "fmt"', b'import (\n\t"errors"\n\t"fmt"\n)')
    after = after.replace(b"\td()\n", b"\tnew(errors.New())\n\td()\n")
    (form,) = forms("p.go", BEFORE, after)
    assert form.loose.startswith('@@\n@@\n+import "errors"\n\n func f() {\n')


def test_a_new_function_stands_behind_the_one_above() -> None:
    after = BEFORE + b"\nfunc g() {}\n"
    (form,) = forms("p.go", BEFORE, after)
    assert form.declaration == "g"
    assert form.loose == "@@\n@@\n func f() {\n \t...\n }\n+func g() {}\n"


@pytest.mark.parametrize("after", [BEFORE, BEFORE.replace(b"import", b"import ")])
def test_nothing_to_say(after: bytes) -> None:
    assert forms("p.go", BEFORE, after) == []
