"""`python -m processing.proposal INPUT` proposes a data contract for a raw file, or a folder of them.

It looks at the export, writes the contract beside it, and says what that would reject.

Exit codes: 0 the pipeline would run, 1 it would not, 2 nothing could be proposed.
"""

import argparse
import logging
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from processing.contract.data_contract import parse
from processing.job import JobError
from processing.proposal.export import Export, find_files, read_export
from processing.proposal.propose import propose
from processing.proposal.trial import Trial, try_contract

REFUSED = 2


def main(argv: Sequence[str]) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m processing.proposal", description=__doc__)
    parser.add_argument("input", type=_path, help="a CSV file, or a folder of them")
    parser.add_argument("--out", type=_path, help="where the contract is written (beside the input)")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        return _run(options.input, options.out or _beside(options.input))
    except JobError as error:
        print(f"no contract: {error}", file=sys.stderr)
    except OSError as error:
        print(f"no contract: {error.filename}: {error.strerror}", file=sys.stderr)
    return REFUSED


def _run(path: Path, out: Path) -> int:
    _check_free(out)
    export = read_export(find_files(path))
    proposal = propose(export)
    contract = parse(proposal.text)
    out.write_text(proposal.text, encoding="utf-8")
    for question in proposal.questions:
        print(f"to be decided: {question}")
    trial = try_contract(contract, export.files)
    _show(export, trial, path, out)
    return 1 if trial.obstacles else 0


def _beside(path: Path) -> Path:
    whole = path.absolute()
    return whole.with_name(f"{whole.name}.contract.toml") if whole.name else Path("data_contract.toml")


def _check_free(out: Path) -> None:
    if out.suffix != ".toml":
        raise JobError(f"{out} would not be known as a contract: name a file that ends in .toml")
    if out.exists():
        raise JobError(f"{out} is there already, and may have been edited: delete it, or name another with OUT=...")


def _show(export: Export, trial: Trial, path: Path, out: Path) -> None:
    print(f"read {export.rows:,} rows: {_list_columns(export)}")
    print(f"wrote {out}")
    print(f"it would reject {trial.rejected:,} of {trial.rows:,} rows{':' if trial.rejections else ''}")
    for (column, reason), count in trial.rejections.items():
        print(f"  {count:>9,}  {column or 'records'}: {reason}")
    for obstacle in trial.obstacles:
        print(f"the pipeline would stop: {obstacle}")
    verdict = "correct the contract or the data, then" if trial.obstacles else "the pipeline would run;"
    print(f"{verdict} make run INPUT={_for_make(path)} CONTRACT={_for_make(out)}")


def _for_make(path: Path) -> str:
    """Return *path* as one writes it behind make, which reads a `$` itself."""
    return shlex.quote(str(path)).replace("$", "$$")


def _list_columns(export: Export) -> str:
    names = export.layout.columns.items()
    return ", ".join(f"{column} from {name!r}" if name else f"no {column}" for column, name in names)


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("an empty path: give a CSV file or a folder of them")
    return Path(text).expanduser()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
