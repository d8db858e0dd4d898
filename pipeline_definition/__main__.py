"""`python -m pipeline_definition STAGE [scoring]` prints the definition of a stage: what trains, or what scores."""

import sys
from collections.abc import Sequence

from pipeline_definition.definition import build_definition, build_scoring_definition
from settings import STAGES, SettingsError, find_stage


def main(argv: Sequence[str]) -> int:
    """Print the definition of the stage that the command line names."""
    if len(argv) not in (1, 2) or argv[1:] not in ([], ["scoring"]):
        print(f"usage: python -m pipeline_definition {{{','.join(STAGES)}}} [scoring]", file=sys.stderr)
        return 2
    build = build_scoring_definition if argv[1:] else build_definition
    try:
        definition = build(find_stage(argv[0]))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    print(definition)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
