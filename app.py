"""The application, as the CDK CLI starts it: settings -> definitions -> stacks. Nothing else reads the environment."""

import os

from synthesis.inputs import ROOT, SOURCES, compute_key, select_environment
from synthesis.reading import compile_anew, watch_reads

if __name__ == "__main__":
    # What no key knows is not to be read: no other variable, no module as it was compiled before an edit.
    seen = select_environment(os.environ)
    os.environ.clear()
    os.environ.update(seen)
    compile_anew(ROOT)
    read = watch_reads(ROOT)
    sources = compute_key(ROOT, SOURCES)
    # Only now: what is edited after it was imported has another key.
    from synthesis.command import main

    main(seen, read, sources)
