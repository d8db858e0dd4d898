"""`python -m processing.contract FILE` says what is wrong with a data contract, before a job would.

Exit codes: 0 nothing is, 1 a mistake, 2 a wrong command line.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from processing.contract.data_contract import FILE_NAME, parse
from processing.job import JobError


def main(argv: Sequence[str]) -> int:
    """Check the file that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m processing.contract", description=__doc__)
    parser.add_argument("file", type=Path, help="a data contract, in TOML")
    file = parser.parse_args(argv).file
    try:
        parse(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        print(f"{file} cannot be read: {error.strerror}: name a data contract", file=sys.stderr)
    except UnicodeDecodeError as error:
        print(f"{file} is not UTF-8 text at byte {error.start}: save it as UTF-8", file=sys.stderr)
    except JobError as error:
        print(f"{file}{str(error).removeprefix(FILE_NAME)}", file=sys.stderr)  # a job knows the file by one name
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
