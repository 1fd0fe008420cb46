"""Go's systems and machines: a file is built for the one that its name ends with (go/build)."""

from __future__ import annotations

# As Go's own internal/syslist has them, past and future ones too.
SYSTEMS = frozenset(
    [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux",
        "nacl", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
    ]
)  # fmt: skip
MACHINES = frozenset(
    [
        "386", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "loong64", "mips", "mips64",
        "mips64le", "mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv",
        "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
    ]
)  # fmt: skip
