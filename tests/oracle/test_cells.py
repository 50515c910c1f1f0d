"""The engine against the oracle in every cell: each contract, each way to break a stream. `make oracle` runs more."""

from __future__ import annotations

import pytest

from tests.oracle.cells import COLUMNS, Cell, all_cells, run_cell
from tests.oracle.operators import OPERATORS, applies
from tests.oracle.subjects import HERE, LETTERS, SHIPPED, names, subject

LARGE = ("ag-ui@1.0.0", "jupyter-kernel-channels@5.3.0")
LEAST = 3


def _streams(contract: str) -> int:
    return 11 if contract in LARGE else 21


@pytest.mark.parametrize("contract", names())
def test_the_engine_and_the_oracle_agree_in_every_cell_and_none_is_vacuous(contract: str) -> None:
    cells = [
        run_cell(contract, column, streams=_streams(contract), least=LEAST, junit=3)
        for _, column in all_cells([contract])
    ]
    assert [_tell(cell) for cell in cells if cell.differing] == []
    assert [cell.name for cell in cells if cell.is_vacuous(LEAST)] == []
    assert sum(cell.streams for cell in cells) >= _streams(contract) * len(cells)


def test_every_operator_is_tried_on_every_contract_that_it_can_break() -> None:
    told = all_cells(names())
    missing = {(contract, column) for contract in names() for column in COLUMNS} - set(told)
    assert len(OPERATORS) == 16
    assert missing == {(contract, "delay") for contract in LARGE}
    assert all(
        not subject(contract).deadlines and not applies(column, subject(contract)) for contract, column in missing
    )


def test_every_contract_that_ships_has_its_cells() -> None:
    shipped = {f"{path.parent.parent.name}@{path.parent.name}" for path in SHIPPED.glob("*/*/contract.yaml")}
    written = {path.stem for path in (HERE / "contracts").glob("*.yaml")}
    assert shipped | written == set(LETTERS)


def _tell(cell: Cell) -> str:
    first = cell.differing[0]
    return f"{cell.name}, seed {first.seed}: {'; '.join(first.apart)}"
