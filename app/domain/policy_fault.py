"""What is wrong with a policy pack: every fault with its file, its line, and how to mend it."""

from dataclasses import dataclass

from app.domain.errors import Fault, Invalid
from app.domain.policy_lines import Path


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One fault of a pack; its text is a whole Chinese sentence."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        """The sentence that the writer of the pack reads."""
        return f"{self.file} 第{self.line}行：{self.what}；{self.mend}。"


class PolicyRefused(Invalid):
    """A pack that cannot be used; `policy_faults` holds every fault found, by line."""

    code = "policy-refused"

    def __init__(self, *faults: PolicyFault) -> None:
        fields = (Fault(f"{fault.file}:{fault.line}", f"{fault.what}；{fault.mend}") for fault in faults)
        super().__init__("\n".join(str(fault) for fault in faults), *fields)
        self.policy_faults = faults


class Findings:
    """Gathers the faults of one pack, so that all are reported at once."""

    def __init__(self, file_name: str, lines: dict[Path, int]) -> None:
        self._file_name = file_name
        self._lines = lines
        self._places: dict[Path, Path] = {}
        self._faults: dict[PolicyFault, None] = {}

    def place(self, section: str, key: str, index: int) -> None:
        """Remember that the entry with this key is the section's entry number `index`."""
        self._places.setdefault((section, key), (section, index))

    def add(self, path: Path, what: str, mend: str) -> None:
        """Record a fault of the value at `path`; a value that the file does not hold is blamed on its table."""
        self._faults[PolicyFault(self._file_name, self._line_of(path), what, mend)] = None

    def refuse_if_any(self) -> None:
        """Raise `PolicyRefused` with every fault, in the order of the lines; do nothing when there is none."""
        if self._faults:
            raise PolicyRefused(*sorted(self._faults, key=lambda fault: fault.line))

    def _line_of(self, path: Path) -> int:
        path = self._places.get(path[:2], path[:2]) + path[2:]
        known = (path[:length] for length in range(len(path), 0, -1))
        return next((self._lines[part] for part in known if part in self._lines), self._lines.get(("policy",), 1))
