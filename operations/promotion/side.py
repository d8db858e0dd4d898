"""One of the two accounts of a promotion."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from botocore.exceptions import BotoCoreError, ClientError

from operations.aws import Aws
from operations.aws_errors import read_error
from settings import Stage


class SideError(Exception):
    """An account that refused or could not be asked: which side it is, and botocore's error."""

    def __init__(self, name: str, cause: ClientError | BotoCoreError) -> None:
        super().__init__(f"{name}: {cause}")
        self.name = name
        self.cause = cause

    @property
    def code(self) -> str:
        """AWS's code for it, where AWS has answered at all."""
        return read_error(self.cause)[0] if isinstance(self.cause, ClientError) else ""


@dataclass(frozen=True)
class Side:
    """A stage in an account, as one set of credentials may use it."""

    name: str
    """What it is called when something is wrong, such as `target (profile prod)`."""
    stage: Stage
    aws: Aws = field(repr=False)

    @cached_property
    def caller(self) -> str:
        """ARN of whoever the credentials are of."""
        with self.asked():
            return str(self.aws.client("sts").get_caller_identity()["Arn"])

    @property
    def account(self) -> str:
        """Number of the account."""
        return self.caller.split(":")[4]

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Say in an error of the block that it was this side."""
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise SideError(self.name, error) from error
