"""`python -m synthesis STAGE CONTRACT ENGINE MONITORING KEPT KEY` makes definitions, keeps and prints them."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from synthesis.inputs import DEFINITION_SOURCES, ROOT, installed_here
from synthesis.reading import compile_anew, find_others, watch_reads


def main(argv: Sequence[str]) -> int:
    """Keep and print the definitions as JSON, or print why they are refused."""
    compile_anew(ROOT)
    names = watch_reads(ROOT)
    # Only now, so that each of them is read as it is, and is noticed.
    from synthesis.build import REFUSALS, build_definitions
    from synthesis.definitions import REFUSED, compute_definition_key
    from synthesis.kept import Kept
    from synthesis.stage import choose_stage

    name, contract, engine, monitoring, folder, key = argv
    try:
        stage = choose_stage({"stage": name, "contract": contract, "engine": engine, "monitoring": monitoring})
        text = build_definitions(stage).to_json()
    except REFUSALS as error:
        print(error, end="")
        return REFUSED
    # An edit meanwhile may be half in it.
    if (
        not find_others(names, DEFINITION_SOURCES)
        and compute_definition_key(stage, os.environ, installed_here(os.environ)) == key
    ):
        Kept(Path(folder)).keep(key, text)
    sys.stdout.buffer.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
