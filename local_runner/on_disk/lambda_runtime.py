"""Does what Lambda's runtime does: `python -I lambda_runtime.py CODE HANDLER EVENT ANSWER`.

Isolated, it sees the function's archive and installed packages only, such as boto3; so it imports nothing of ours.
"""

import importlib
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType


def main(argv: Sequence[str]) -> None:
    """Call the handler with the event, and write what it answers; its error is written in Lambda's words."""
    code, handler, event, answer = argv

    def write_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        Path(answer).write_text(json.dumps({"errorType": kind.__name__, "errorMessage": str(error)}))

    sys.excepthook = write_error
    sys.path.insert(0, code)
    module, _, name = handler.rpartition(".")
    found = getattr(importlib.import_module(module), name)(json.loads(Path(event).read_text()), None)
    Path(answer).write_text(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
