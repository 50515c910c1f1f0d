"""What wscheck carries is found in a clone and in an installed package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import wscheck
from wscheck.shipped import examples, schemas

PACKAGE = Path(wscheck.__file__).parent
PRINT = "from wscheck.shipped import schemas, examples; print(schemas(), examples(), sep='\\n')"


def installed(folder: Path) -> Path:
    """Lay out the little of an installed package that is looked at."""
    package = folder / "site-packages" / "wscheck"
    package.mkdir(parents=True)
    for name in ("errors.py", "shipped.py"):
        shutil.copy(PACKAGE / name, package / name)
    (package / "__init__.py").touch()
    return package


def run(package: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(package.parent)!r}); {PRINT}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=package.parent.parent)


def test_a_clone_has_the_schemas_and_the_examples_beside_the_package() -> None:
    assert (schemas() / "wscheck" / "contract-1.schema.json").is_file()
    assert (examples() / "agent_server").is_dir()


def test_an_installed_package_has_them_inside(tmp_path: Path) -> None:
    package = installed(tmp_path)
    for name in ("schemas/wscheck", "examples/agent_server"):
        (package / "_shipped" / name).mkdir(parents=True)
    # Folders of other packages that happen to lie beside it are not taken for ours.
    (package.parent / "schemas").mkdir()
    (package.parent / "examples").mkdir()
    shipped = package / "_shipped"
    assert run(package).stdout.split() == [str(shipped / "schemas"), str(shipped / "examples")]


def test_an_installation_that_is_not_whole_says_so(tmp_path: Path) -> None:
    package = installed(tmp_path)
    (package.parent / "schemas").mkdir()
    assert "wscheck's own schemas are missing" in run(package).stderr
