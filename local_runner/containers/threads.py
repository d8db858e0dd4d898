"""Threads in which the context variables of whoever gives them work are set."""

import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class ContextThreadPool(ThreadPoolExecutor):
    """A pool whose threads see what the submitting thread sees: a server keeps the account of a request there."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run *fn* in one of the threads."""
        return super().submit(contextvars.copy_context().run, fn, *args, **kwargs)
