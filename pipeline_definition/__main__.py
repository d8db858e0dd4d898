"""`python -m pipeline_definition STAGE [scoring|monitoring]` prints a definition of a stage."""

import sys
from collections.abc import Sequence

from pipeline_definition.definition import build_definition, build_monitoring_definition, build_scoring_definition
from settings import STAGES, SettingsError, find_stage

PIPELINES = {"scoring": build_scoring_definition, "monitoring": build_monitoring_definition}


def main(argv: Sequence[str]) -> int:
    """Print the definition of the stage that the command line names."""
    if len(argv) not in (1, 2) or not {*argv[1:]} <= PIPELINES.keys():
        choice = "|".join(PIPELINES)
        print(f"usage: python -m pipeline_definition {{{','.join(STAGES)}}} [{choice}]", file=sys.stderr)
        return 2
    build = PIPELINES[argv[1]] if argv[1:] else build_definition
    try:
        definition = build(find_stage(argv[0]))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    print(definition)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
