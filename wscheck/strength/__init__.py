"""What a PASS is worth: good streams broken in one place, and how many of the faults a contract sees."""

from wscheck.strength.measure import measure
from wscheck.strength.model import OPERATORS, Strength, Survivor
from wscheck.strength.specimen import Specimen, read_specimen
from wscheck.strength.telling import as_json, as_lines

__all__ = ["OPERATORS", "Specimen", "Strength", "Survivor", "as_json", "as_lines", "measure", "read_specimen"]
