"""`python -m pipeline_definition STAGE` prints the definition of a stage."""

import sys
from collections.abc import Sequence

from pipeline_definition.definition import build_definition
from settings import STAGES, SettingsError, find_stage


def main(argv: Sequence[str]) -> int:
    """Print the definition of the stage that the command line names."""
    if len(argv) != 1:
        print(f"usage: python -m pipeline_definition {{{','.join(STAGES)}}}", file=sys.stderr)
        return 2
    try:
        definition = build_definition(find_stage(argv[0]))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    print(definition)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
