"""The commands: `up` prints what clients need in their environment, `down` ends the server, `serve` is the server."""

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local_aws.server_control import Server, ServerError, hold


def up(server: Server) -> None:
    """Start the server unless it runs; print shell commands that set the environment of clients."""
    started = server.start()
    for name, value in server.environment().items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"{'started' if started else 'running already'}; its log is {server.log}", file=sys.stderr)


def down(server: Server) -> None:
    """End the server; what was deployed on it is gone."""
    print("stopped" if server.stop() else f"no server runs in {server.folder}", file=sys.stderr)


def serve(server: Server) -> None:
    """Run the server until it is killed."""
    hold(server.lock)
    from local_aws.server_process import run  # MiniStack reads its environment at import, and takes a second

    run(server.decisions)


COMMANDS: Mapping[str, Callable[[Server], None]] = {"up": up, "down": down, "serve": serve}


def main(argv: Sequence[str]) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="local_aws", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--folder", type=Path, default=Path(".local/aws"), help="where the server's files are")
    options = parser.parse_args(argv)
    try:
        COMMANDS[options.command](Server(options.folder.absolute()))
    except ServerError as error:
        print(f"local_aws: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
