"""Where a completion names the flag: among the daemon's switches, and nowhere else."""

from __future__ import annotations

import pytest

from gopatch.verify._model.papers import paper
from tests.conftest import FIXTURES

FOLDER = FIXTURES / "v1.13.1/contrib/completion"
FILES = {"bash": "bash/docker", "zsh": "zsh/_docker", "fish": "fish/docker.fish"}
BASH = "--accept-insecure-registry"
ZSH = '"($help)--accept-insecure-registry[Also try plain HTTP (insecure)]" \\'
FISH = "complete -c docker -f -n '__fish_docker_no_subcommand' -l accept-insecure-registry -d 'Also try plain HTTP (insecure)'"


def put(shell: str, before: str, line: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What is said of a completion that has got a line before another one."""
    text = (FOLDER / FILES[shell]).read_text()
    assert text.count(before) == 1
    after = text.replace(before, f"{line}\n{before}")
    path = f"contrib/completion/{FILES[shell]}"
    return paper(path, text.encode(), after.encode())


@pytest.mark.parametrize(
    ("shell", "before", "line"),
    [
        ("bash", "\t\t--disable-legacy", f"\t\t{BASH}"),
        ("bash", "\t\t--ipv6", f"\t\t{BASH}"),
        ("zsh", '                "($help)*--insecure', f"                {ZSH}"),
        ("zsh", '                "($help)--ip=', f"                {ZSH}"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l icc ", FISH),
    ],
)
def test_a_switch_among_switches_is_right(shell: str, before: str, line: str) -> None:
    assert put(shell, before, line) == ((), ())


@pytest.mark.parametrize(
    ("shell", "before", "line", "told"),
    [
        ("bash", "\t\t--insecure-registry", f"\t\t{BASH}", "take an argument"),
        ("bash", "\tCOMPREPLY", f'\tcase "$prev" in\n\t\t--ip|{BASH})\n\t\t\treturn\n\tesac', "take an argument"),
        ("bash", "_docker_daemon()", f'_docker_run() {{\n\tlocal boolean_options="\n{BASH}\n"\n}}\n', "daemon's options"),
        ("zsh", '                "($help)--ip=', '  "($help)--accept-insecure-registry=[Also try plain HTTP (insecure)]" \\', "take an argument"),
        ("zsh", '                "($help)--ip=', '  "($help)--accept-insecure-registry[Also try plain HTTP (insecure)]:host: " \\', "take an argument"),
        ("zsh", "__docker_daemon()", 'x() {\n  _arguments \\\n "($help --insecure-registry)--accept-insecure-registry[Also try plain HTTP (insecure)]"\n}', "daemon's options"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", f"{FISH} -xa 'true false'", "take an argument"),
        ("zsh", "__docker_daemon()", f"x() {{\n  _arguments \\\n {ZSH[:-2]}\n}}", "daemon's options"),
        ("zsh", '                "($help)--ip=', ZSH.replace("Also try", "Refuse"), "opens plain HTTP"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", f"{FISH} -r", "take an argument"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", f"{FISH} -a 'a b'", "take an argument"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH.replace("no_subcommand", "run"), "daemon's options"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", "# nothing", "does not name"),
        ("bash", "\t\t--ipv6", f"\t\t{BASH}-now", "does not name"),
    ],
)  # fmt: skip
def test_what_is_no_switch_of_the_daemon_is_told(
    shell: str, before: str, line: str, told: str
) -> None:
    wrong, _ = put(shell, before, line)
    assert len(wrong) == 1
    assert told in wrong[0]


@pytest.mark.parametrize(
    ("shell", "before", "line"),
    [
        ("bash", "\tCOMPREPLY", f'\tlocal more="\n{BASH}\n"'),
        ("zsh", '                "($help)--ip=', ZSH.replace("Also", "Hardly")),
        ("zsh", '                "($help)--ip=', "$x--accept-insecure-registry \\"),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", "# --accept-insecure-registry"),
        ("bash", "\tCOMPREPLY", f'\tcase "$prev" in\n\t\t--help|{BASH})\n\t\t\treturn\n\tesac'),
        ("bash", "\tCOMPREPLY", f"\t# boolean_options='{BASH}'"),
        ("bash", "\tCOMPREPLY", f'\tlocal boolean="{BASH}"'),
        ("bash", "\t\t--ipv6", "\t\taccept-insecure-registry"),
        ("zsh", '                "($help)--ip=', ZSH.replace("($help)", "(- *)")),
        ("zsh", '                "($help)--ip=', ZSH[:-2]),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH.replace("-n ", "--condition ")),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH.replace("-l ", "-s ")),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH.replace("-c docker", "-c podman")),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH.replace("-c ", "-e -c ")),
        ("fish", "complete -c docker -f -n '__fish_docker_no_subcommand' -l ip ", FISH.replace("Also", "Hardly")),
    ],
)  # fmt: skip
def test_what_stands_elsewhere_is_not_understood(shell: str, before: str, line: str) -> None:
    wrong, strange = put(shell, before, line)
    assert wrong == ()
    assert len(strange) == 1
