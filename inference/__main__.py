"""Answers one request as an endpoint would, from standard input: python -m inference FOLDER < request.json."""

import argparse
import json
import os
import sys
from pathlib import Path

from inference.application import Answerer
from inference.artefact import read_artefact
from inference.requests import BadRequestError
from processing.job import JobError
from processing.records.request_body import JSON


def main() -> int:
    """Print the answer; return 1 where there is none but a reason."""
    parser = argparse.ArgumentParser(prog="python -m inference", description=__doc__)
    parser.add_argument("folder", type=Path, help="where a serving artefact was unpacked")
    parser.add_argument("--content-type", default=JSON)
    parser.add_argument("--contributions", action="store_true")
    given = parser.parse_args()
    try:
        artefact = read_artefact(given.folder)
        version, figures = os.environ.get("MODEL_VERSION", ""), os.environ.get("ANSWER_FIGURES") == "true"
        answerer = Answerer(artefact, version or artefact.digest, figures=figures)
        body = sys.stdin.buffer.read()
        answer = answerer.answer(body, given.content_type, contributions=given.contributions)
    except (BadRequestError, JobError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2, allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
