"""`python -m local_aws.demo` shows what the stand-in can do.

Exit codes: 0 all of it worked, 1 something did not, 130 stopped with Ctrl-C.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import ClientError

from local_aws.demo.session import DemoError
from local_aws.demo.walkthrough import run_demo
from local_aws.server_control import Server, ServerError

STOPPED = 130


def main(argv: Sequence[str]) -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(prog="local_aws.demo", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path(".local/aws-demo"), help="where its files are (%(default)s)"
    )
    options = parser.parse_args(argv)
    try:
        run_demo(Server(options.folder.absolute()))
    except (DemoError, ServerError, ClientError) as error:
        print(f"aws-demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
