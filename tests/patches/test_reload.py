"""SIGHUP turns the option on and off, all of it or nothing: what the port adds, and what Go does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gopatch.port.work import work_out
from tests.patches.asking_go import run_in
from tests.patches.layouts import LAYOUTS
from tests.patches.world import (
    OPTION,
    PATCHES,
    changed,
    changes,
    patched,
    tree,
    whole,
)

FORMS = {
    "reload/service": (
        "v1.13.1", "v17.06.0-ce", "v17.09.1-ce", "v17.12.1-ce", "v18.09.9", "v19.03.15", "v20.10.27",
        "v23.0.18", "docker-ce", "debian",
    ),
    "reload/service-2": ("v24.0.9",),
    "reload-replace": ("v27.5.1", "v28.0.4", "v28.5.2", "docker-v29"),
}  # fmt: skip
RELOADING = [(fixture, form) for form, fixtures in FORMS.items() for fixture in fixtures]
STEPS = [fixture for fixture, form in RELOADING if form != "reload-replace"]


def test_every_form_has_a_fixture() -> None:
    (edit,) = (e for e in PATCHES[OPTION].edits if e.name == "reload")
    assert set(edit.forms) == set(FORMS)


@pytest.mark.parametrize(("fixture", "form"), RELOADING)
def test_the_form_is_told_by_structure(fixture: str, form: str) -> None:
    (outcome,) = (o for o in whole(fixture, OPTION).outcomes if o.edit == "reload")
    assert (outcome.status, outcome.variant) == ("applied", form)


@pytest.mark.parametrize(("fixture", "form"), RELOADING)
def test_the_event_gets_no_attribute(fixture: str, form: str) -> None:
    """Upstream's TestDaemonEvents lists the attributes of the event one by one."""
    del form
    name = r'attributes\["([\w-]+)"\]'
    for path, after in changes(whole(fixture, OPTION)).items():
        before = tree(fixture).files.get(path, b"").decode()
        assert re.findall(name, (after or b"").decode()) == re.findall(name, before)


@pytest.mark.parametrize("fixture", STEPS)
def test_the_option_waits_for_every_step(fixture: str) -> None:
    """Nothing is set where a step may still fail: only behind `err == nil`, under the lock."""
    root = LAYOUTS[fixture].root
    name = "daemon/daemon.go" if fixture == "v1.13.1" else "daemon/reload.go"
    text = (changes(whole(fixture, OPTION))[f"{root}/{name}".removeprefix("./")] or b"").decode()
    body = text[text.index(") Reload(") :]
    deferred = body[body.index("defer func() {") : body.index("\t}()\n")]
    assert re.match(
        r"defer func\(\) \{\n\t\tif err == nil \{\n\t\t\tdaemon\.reloadAcceptInsecureRegistry\(\w+\)\n",
        deferred,
    )
    assert deferred.index("reloadAccept") < deferred.index("Unlock()")
    assert text.count("reloadAcceptInsecureRegistry(") == 2


@pytest.mark.parametrize(
    ("fixture", "path", "old", "new", "wanted"),
    [
        pytest.param("v1.13.1", "daemon/daemon.go", "if err == nil {", "if err == errDone {",
                     "`nil`", id="inline"),
        pytest.param("v20.10.27", "daemon/reload.go", "(err error) {", "error {",
                     "`error`", id="steps-without-a-named-error"),
        pytest.param("v20.10.27", "registry/service.go", "LoadInsecureRegistries([]string) error\n",
                     "LoadInsecureRegistries(...string) error\n", "wanted `[]string`", id="interface"),
        pytest.param("docker-v29", "daemon/reload.go", ".ReplaceConfig(", ".Replace(",
                     "ReplaceConfig", id="replace"),
        pytest.param("docker-v29", "daemon/pkg/registry/service.go", "s.config = config",
                     "s.swap(config)", "s.config = config", id="commit"),
    ],
)  # fmt: skip
def test_another_way_to_reload_is_refused(
    fixture: str, path: str, old: str, new: str, wanted: str
) -> None:
    port = work_out(PATCHES[OPTION], changed(fixture, path, old, new))
    (reason,) = (o.reason for o in port.failed if o.edit == "reload")
    assert port.changes == ()
    assert "no variant fits" in reason
    assert wanted in reason


@pytest.mark.parametrize(
    ("fixture", "form"),
    [
        ("v18.09.9", "ask/service"),
        ("v20.10.27", "ask/service"),
        ("v23.0.18", "ask/service"),
        ("v24.0.9", "ask/service-2"),
        ("docker-v29", "ask/service-2"),
    ],
)
def test_the_service_is_asked_under_its_lock(fixture: str, form: str) -> None:
    (outcome,) = (o for o in whole(fixture, OPTION).outcomes if o.edit == "ask")
    assert (outcome.status, outcome.variant) == ("applied", form)


RELOAD_TEST = """package daemon

import (
	"fmt"
	"strings"
	"testing"
%(imports)s)

func TestReload(t *testing.T) {
	%(make)s
	d := NewDaemon(&%(config)s{}, service)
	reload := func(values map[string]interface{}, accept bool, lists ...string) error {
		conf := &%(config)s{}
		conf.%(set)s = values
		conf.AcceptInsecureRegistry = accept
		conf.InsecureRegistries = lists
		return d.Reload(conf)
	}
	expect := func(what string, want string) {
		t.Helper()
		endpoints, err := service.LookupPullEndpoints("registry.example")
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, e := range endpoints {
			if strings.HasPrefix(fmt.Sprint(e.URL), "http:") {
				found = "http"
			}
		}
		if found != want {
			t.Errorf("%%s: %%q, want %%q", what, found, want)
		}
	}
	type values map[string]interface{}
	const key, list = "accept-insecure-registry", "insecure-registries"
	expect("at start", "")
	if err := reload(values{key: true, list: 1}, true, "-bad-"); err == nil {
		t.Fatal("a bad list was taken")
	}
	expect("a reload that fails", "")
	if err := reload(values{key: true}, true); err != nil {
		t.Fatal(err)
	}
	expect("on", "http")
	if err := reload(values{}, false); err != nil {
		t.Fatal(err)
	}
	expect("a key that is gone keeps the value, as insecure-registries does", "http")
	if err := reload(values{key: false, list: 1}, false, "-bad-"); err == nil {
		t.Fatal("a bad list was taken")
	}
	expect("a reload that fails, once on", "http")
	if err := reload(values{key: false}, false); err != nil {
		t.Fatal(err)
	}
	expect("off", "")
}
"""


def _reload_test(fixture: str) -> str:
    layout = LAYOUTS[fixture]
    own = fixture == "v1.13.1"
    base = "github.com/moby/moby/v2" if "v29" in fixture else "github.com/docker/docker"
    imports = (
        [f"{base}/{layout.registry}"]
        if own
        else [f"{base}/daemon/config", f"{base}/{layout.registry}"]
    )
    fails = layout.new.endswith("error)")
    new = "registry.NewService(registry.ServiceOptions{})"
    make = f"service, err := {new}\n\tif err != nil {{\n\t\tt.Fatal(err)\n\t}}"
    return RELOAD_TEST % {
        "imports": "".join(f'\n\t"{path}"\n' for path in imports),
        "make": make if fails else f"service := {new}",
        "config": "Config" if own else "config.Config",
        "set": "valuesSet" if own else "ValuesSet",
    }


@pytest.mark.real
@pytest.mark.parametrize("fixture", [fixture for fixture, _ in RELOADING])
def test_reload_in_go(fixture: str, tmp_path: Path, go: dict[str, str]) -> None:
    layout = LAYOUTS[fixture]
    for path, data in patched(tree(fixture).files, whole(fixture, OPTION)).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    engine = tmp_path / layout.root
    (engine / "daemon/option_test.go").write_text(_reload_test(fixture))
    said = run_in(go, engine, "go", "test", "-count=1", "./daemon/")
    assert said.startswith("ok"), said
    assert run_in(go, engine, "go", "vet", "./...") == ""
    assert run_in(go, engine, "gofmt", "-l", "daemon", layout.registry) == ""
