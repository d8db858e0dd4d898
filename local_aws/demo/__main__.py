"""`python -m local_aws.demo` tells the story.

Exit codes: 0 told, 1 it did not go on, 130 stopped with Ctrl-C.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import ClientError

from local_aws.demo.story import tell
from local_aws.demo.user import StoryError
from local_aws.server_control import Server, ServerError

STOPPED = 130


def main(argv: Sequence[str]) -> int:
    """Tell the story."""
    parser = argparse.ArgumentParser(prog="local_aws.demo", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path(".local/aws-demo"), help="where its files are (%(default)s)"
    )
    options = parser.parse_args(argv)
    try:
        tell(Server(options.folder.absolute()))
    except (StoryError, ServerError, ClientError) as error:
        print(f"aws-demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
