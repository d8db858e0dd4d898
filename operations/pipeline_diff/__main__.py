"""`python3 -m operations.pipeline_diff FILE REPOSITORY NUMBER` writes FILE as the one comment of a pull request.

Apart from the commands that people type, as the job that may write has nothing installed: only the standard library is
imported. The token is GITHUB_TOKEN. Exit codes: 0 written, 2 refused.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from operations.pipeline_diff.post import API, PullRequest, Send, connect, post
from operations.refusal import RefusedError


def main(arguments: Sequence[str], environment: Mapping[str, str], send: Send) -> int:
    """Write the comment, and say whether it was created or updated."""
    if len(arguments) != 3 or not arguments[2].isdigit():
        print("usage: python3 -m operations.pipeline_diff FILE OWNER/REPOSITORY NUMBER", file=sys.stderr)
        return 2
    file, repository, number = arguments
    to = PullRequest(repository, int(number), environment.get("GITHUB_API_URL", API))
    try:
        print(f"comment {post(Path(file).read_text(encoding='utf-8'), to, send)}")
    except OSError as error:
        print(f"refused: {file}: {error.strerror}: name what make diff MARKDOWN=... wrote", file=sys.stderr)
        return 2
    except RefusedError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, connect(os.environ.get("GITHUB_TOKEN", ""))))
