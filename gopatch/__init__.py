"""gopatch states one change to Docker's Go source once and writes it for any Docker source.

    port = gopatch.work_out(gopatch.load("accept-insecure-registry"), gopatch.open_source("docker"))

`load` takes the name of a patch, a folder or a .patch file, `open_source` a folder, a git repository with
a ref or an archive; `work_out` writes nothing, `write` writes a port's files below a folder, all or none.
What goes wrong is a GopatchError. A name is looked up when it is asked for: to import gopatch costs nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gopatch.errors import GopatchError
    from gopatch.output.inplace import write
    from gopatch.port.work import work_out
    from gopatch.recipe.read import load
    from gopatch.source import open_source

__version__ = "0.1.0"
__all__ = ["GopatchError", "load", "open_source", "work_out", "write"]

_HOMES = {
    "GopatchError": "gopatch.errors",
    "load": "gopatch.recipe.read",
    "open_source": "gopatch.source",
    "work_out": "gopatch.port.work",
    "write": "gopatch.output.inplace",
}


if not TYPE_CHECKING:  # or a type checker would take any name for one of them

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
