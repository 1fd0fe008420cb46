"""The patches that come with gopatch, on every fixture: what applies, what is refused, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.port.work import OutsideError, work_out
from gopatch.recipe.read import load
from gopatch.recipe.values import NewFiles
from gopatch.source.memory import FilesInMemory
from tests.patches.world import (
    ABSENT,
    ADDS_TWO,
    BASH,
    BY_NAME,
    CONFIG,
    CRUDE,
    DAEMON,
    DOCKERD,
    FISH,
    GUARD,
    OPTION,
    PATCHES,
    PING,
    PINGS,
    SERVICE,
    SERVICE_V1,
    V2,
    ZSH,
    ZSH_FILE,
    ZSH_LIST,
    _fixture,
    changed,
    changes,
    folder,
    place,
    refusal,
    tree,
)


@pytest.mark.parametrize(
    ("fixture", "path", "old", "new", "edit", "stands"),
    [
        pytest.param("v20.10.27", CONFIG, "\tInsecureRegistries ", "\tOpenRegistries ",
                     "option", "OpenRegistries", id="option-renamed"),
        pytest.param("v20.10.27", DOCKERD, '"insecure-registry"', '"plain-registry"',
                     "flag", '"plain-registry"', id="flag-renamed"),
        pytest.param("v1.12.6", CONFIG, '"-insecure-registry"', '"-plain-registry"',
                     "flag", '"-plain-registry"', id="mflag-renamed"),
        pytest.param("v20.10.27", SERVICE, "return &DefaultService{", "return made{",
                     "store", "made{config: config}", id="service-made-elsewhere"),
        pytest.param("v20.10.27", V2, GUARD, "if tlsConfig.InsecureSkipVerify || always {",
                     "guard-v2", "tlsConfig.InsecureSkipVerify || always", id="guard-widened"),
        pytest.param("v20.10.27", V2, GUARD, "if !tlsConfig.InsecureSkipVerify {",
                     "guard-v2", "!tlsConfig.InsecureSkipVerify", id="guard-turned-round"),
        pytest.param("v20.10.27", V2, GUARD, "if s.acceptInsecureRegistry || tlsConfig.InsecureSkipVerify {",
                     "guard-v2", "s.acceptInsecureRegistry || tlsConfig.InsecureSkipVerify",
                     id="guard-that-opens-docker-hub"),
        pytest.param("v20.10.27", V2, '"http"', '"gopher"',
                     "guard-v2", '"gopher"', id="body-is-not-http"),
        pytest.param("v1.13.1", SERVICE_V1, GUARD, "if open(tlsConfig) {",
                     "guard-v1", f"{BY_NAME} || hostname == IndexHostname", id="guard-of-v1-changed"),
        pytest.param("v1.10.3", V2, '"http://"', '"ftp://"',
                     "guard-v2", '"ftp://"', id="text-is-not-http"),
        pytest.param("v1.8.2", SERVICE, "if !isSecure {", "if plain {",
                     "guard-v2", "plain", id="guard-of-both-changed"),
        pytest.param("v20.10.27", "registry/endpoint_v1.go", "if endpoint.IsSecure {", "if strict {",
                     "search", "strict", id="ping-of-search-changed"),
        pytest.param("v27.5.1", "registry/search_endpoint_v1.go", "if endpoint.IsSecure {", "if open {",
                     "search", "open", id="ping-within-changed"),
        pytest.param("v1.10.3", "registry/service.go", "NewEndpoint(index, nil, endpointVersion)", "found[index]",
                     "search", "found[index]", id="login-finds-its-endpoint-elsewhere"),
        pytest.param("v19.03.15", DAEMON, "host := reference.Domain(parsed)", "host := names.Domain(parsed)",
                     "hosts", "names", id="host-of-a-reference-changed"),
        pytest.param("v20.10.27", DAEMON, "return resolver.NewRegistryConfig(m)", "return resolver.HostsOf(m)",
                     "hosts", "HostsOf", id="map-of-hosts-changed"),
        pytest.param("v27.5.1", DAEMON, "resolver.NewRegistryConfig(m)(host)", "resolver.NewRegistryConfig(m)(other())",
                     "hosts", "other()", id="host-changed"),
        pytest.param("v28.5.2", "daemon/hosts.go", "daemon.mergeLegacyConfig(host, hosts)", "combine(host, hosts)",
                     "hosts", "combine", id="legacy-hosts-changed"),
        pytest.param("v1.7.1", PING, "if endpoint.IsSecure {", "if strict {",
                     "guard-v2", "strict", id="ping-changed"),
        pytest.param("v1.4.1", PING, "if endpoint.secure {", "if strict {",
                     "guard-v2", "err2 == nil", id="old-ping-changed"),
        pytest.param("v1.3.1", PING, "if secure {", "if strict {",
                     "guard-v2", "strict", id="oldest-ping-changed"),
    ],
)  # fmt: skip
def test_a_changed_place_is_named(  # noqa: PLR0913 - a row of the table
    fixture: str, path: str, old: str, new: str, edit: str, stands: str
) -> None:
    content = changed(fixture, path, old, new)
    reason = refusal(content, OPTION, edit)
    assert f" at {place(content, path, stands)}: wanted `" in reason
    assert re.search(rf"\({OPTION}/[\w-]+\.patch:\d+:\d+\)", reason)
    assert reason.endswith(f"`{stands}` stands there")


@pytest.mark.parametrize("patch", PATCHES)
def test_a_second_lookup_is_refused_and_both_are_named(patch: str) -> None:
    lookup = "func (s *DefaultService) lookupV2Endpoints"
    data = _fixture("v20.10.27")[V2].decode()
    copy = data[data.index(lookup) :].replace("*DefaultService", "*OtherService")
    content = changed("v20.10.27", V2, data, f"{data}\n{copy}")
    reason = refusal(content, patch, "guard-v2")
    assert "2 places match where 1 may" in reason
    assert len(re.findall(rf"{V2}:\d+:\d+", reason)) == 2


@pytest.mark.parametrize(
    ("fixture", "path", "guard", "patch", "edit", "lines"),
    [
        pytest.param("v20.10.27", V2, GUARD, OPTION, "guard-v2", (67, 81), id="v2"),
        pytest.param("v20.10.27", V2, GUARD, "always-http", "guard-v2", (67, 81), id="always-http"),
        pytest.param("v1.13.1", SERVICE_V1, GUARD, OPTION, "guard-v1", (29, 42), id="v1"),
        pytest.param(
            "v1.8.2", SERVICE, "if !isSecure {", OPTION, "guard-v2", (209, 227), id="both"
        ),
    ],
)
def test_a_second_guard_in_one_lookup_is_refused(  # noqa: PLR0913 - a row of the table
    fixture: str, path: str, guard: str, patch: str, edit: str, lines: tuple[int, int]
) -> None:
    data = _fixture(fixture)[path].decode()
    block = data[data.index(f"\t{guard}") :].split("\n\t}\n")[0] + "\n\t}\n"
    content = changed(fixture, path, block, f"{block}\n{block}")
    reason = refusal(content, patch, edit)
    assert "2 places match where 1 may" in reason
    assert tuple(int(line) for line in re.findall(rf"{path}:(\d+):\d+", reason)) == lines


@pytest.mark.parametrize("patch", PATCHES)
def test_go_that_does_not_parse_is_refused(patch: str) -> None:
    content = changed("v20.10.27", V2, GUARD, f"if if {{\n\t{GUARD}")
    assert f"{V2}:" in refusal(content, patch, "guard-v2")


@pytest.mark.parametrize("name", ["v1.7.1", "v20.10.27", "docker-v29"])
def test_another_file_of_the_new_name_is_refused(name: str) -> None:
    adding = [
        e for e in PATCHES[OPTION].edits if isinstance(e, NewFiles) and e.name not in ABSENT[name]
    ]
    assert adding
    for edit in adding:
        alone = PATCHES[OPTION]._replace(edits=(edit,))
        for change in work_out(alone, tree(name)).changes:
            content = FilesInMemory({**_fixture(name), change.path: b"package other\n"})
            said = f"{change.path} is there already, with other content"
            assert refusal(content, OPTION, edit.name) == said


@pytest.mark.parametrize("there", [set(), {"one.go"}, {"one_test.go"}, {"one.go", "one_test.go"}])
def test_an_edit_adds_all_its_files(tmp_path: Path, there: set[str]) -> None:
    new = dict.fromkeys(("one.go", "one_test.go"), b"package registry\n")
    for name, data in new.items():
        (tmp_path / name).write_bytes(data)
    patch = load(str(folder(tmp_path, ADDS_TWO)))
    content = {**_fixture("v20.10.27"), **{f"registry/{name}": new[name] for name in there}}
    port = work_out(patch, FilesInMemory(content))
    assert port.status == ("already" if len(there) == 2 else "applied")
    assert port.outcomes[0].variant == "one.go, one_test.go"
    assert changes(port) == {
        f"registry/{name}": data for name, data in new.items() if name not in there
    }


def test_one_of_two_new_files_that_is_there_already_stops_both(tmp_path: Path) -> None:
    for name in ("one.go", "one_test.go"):
        (tmp_path / name).write_text("package registry\n")
    patch = load(str(folder(tmp_path, ADDS_TWO)))
    content = FilesInMemory({**_fixture("v20.10.27"), "registry/one_test.go": b"package other\n"})
    port = work_out(patch, content)
    assert [o.reason for o in port.failed] == [
        "registry/one_test.go is there already, with other content"
    ]
    assert port.changes == ()


@pytest.mark.parametrize("patch", CRUDE)
@pytest.mark.parametrize("fixture", PINGS)
def test_the_crude_ones_want_a_lookup(fixture: str, patch: str) -> None:
    assert "no variant fits" in refusal(tree(fixture), patch, "guard-v2")


@pytest.mark.parametrize(
    ("path", "old", "new", "edit", "reason"),
    [
        pytest.param("man/dockerd.8.md", "\n**--", "\n* **--",
                     "man", r"dockerd\.8\.md: no variant fits; .* is not there$", id="man-form"),
        pytest.param(ZSH_FILE, ZSH_LIST, f'{ZSH_LIST}One]:r: " \\\n                {ZSH_LIST}',
                     ZSH, r"zsh/_docker: .* stands on lines 10, 11, not once$", id="zsh-twice"),
        pytest.param(ZSH_FILE, "--insecure-registry=[", "--insecure-registry[",
                     ZSH, r"zsh/_docker: no variant fits; beside: the line .* is not there$", id="zsh-form"),
        pytest.param("contrib/completion/fish/docker.fish", "complete -c docker", "complete -c other",
                     FISH, r"docker\.fish: no variant fits; .* is not there$", id="fish-form"),
        pytest.param("contrib/completion/bash/docker", "\t--", "\t:--",
                     BASH, r"bash/docker: no variant fits; section: .* is not there$", id="bash-form"),
    ],
)  # fmt: skip
def test_a_text_of_another_form_is_refused(
    path: str, old: str, new: str, edit: str, reason: str
) -> None:
    assert re.search(reason, refusal(changed("v1.13.1", path, old, new), OPTION, edit))


def test_a_text_that_is_not_utf_8_is_refused() -> None:
    path = "contrib/completion/fish/docker.fish"
    data = _fixture("v1.13.1")[path]
    content = FilesInMemory({**_fixture("v1.13.1"), path: data + b"\xff"})
    assert f"is not UTF-8 text (byte {len(data)})" in refusal(content, OPTION, FISH)


def test_zsh_speaks_of_the_daemon_alone() -> None:
    """Other sections of zsh's file have a word `(daemon)` too: the flag goes beside the list."""
    path = ZSH_FILE
    other = (
        "        (daemon)\n            _arguments \\\n" + " " * 16 + '"($help)--leave[Stay]" \\\n\n'
    )
    content = changed("v1.13.1", path, "__docker_daemon() {", f"{other}__docker_daemon() {{")
    after = changes(work_out(PATCHES[OPTION], content))[path]
    assert after is not None
    lines = after.decode().split("\n")
    (index,) = (i for i, line in enumerate(lines) if OPTION in line)
    assert "*--insecure-registry=[" in lines[index + 1]
    assert lines[:index] + lines[index + 1 :] == content.read(path).decode().split("\n")


@pytest.mark.parametrize("patch", PATCHES)
def test_the_command_line_alone_has_no_daemon(patch: str) -> None:
    with pytest.raises(SourceError, match=r"not Docker's source|command line alone"):
        work_out(PATCHES[patch], tree("cli"))


@pytest.mark.parametrize("patch", PATCHES)
def test_docker_before_the_list_is_outside(patch: str) -> None:
    old = {p: d.replace(b"nsecure", b"ncautious") for p, d in _fixture("v1.3.1").items()}
    with pytest.raises(OutsideError, match=r"v1\.3\.1 is the first"):
        work_out(PATCHES[patch], FilesInMemory(old))
