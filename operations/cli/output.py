"""What a command writes: its result to standard output, and all else to standard error."""

import json
import sys
from typing import Any


def print_json(document: Any) -> None:
    """Print *document*, the one result of a command; times and paths are text."""
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def note(line: str) -> None:
    """Say something that is not the result."""
    print(line, file=sys.stderr)
