"""Where the schemas and examples that wscheck carries lie: beside the package in a clone, inside it once installed."""

from __future__ import annotations

from pathlib import Path

from wscheck.errors import WscheckError

_PACKAGE = Path(__file__).resolve().parent


def schemas() -> Path:
    """Return the folder of the language's schemas and the contracts that wscheck carries.

    Raises WscheckError where the installation is not whole.
    """
    return _find("schemas", "wscheck")


def examples() -> Path:
    """Return the folder of the examples, the reference server among them.

    Raises WscheckError where the installation is not whole.
    """
    return _find("examples", "agent_server")


def _find(name: str, mark: str) -> Path:
    # ``mark`` tells our folder from one of the same name that happens to lie beside an installed package.
    for folder in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if (folder / mark).is_dir():
            return folder
    raise WscheckError(f"wscheck's own {name} are missing from {_PACKAGE}: install wscheck again")
