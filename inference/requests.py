"""What is wrong with a request as a whole, and the HTTP status that says so."""

from collections.abc import Collection, Mapping
from http import HTTPStatus

from processing.records import request_body
from processing.records.request_body import BadBodyError, Records, TooManyRecordsError, UnsupportedBodyError

_STATUSES: Mapping[type[BadBodyError], HTTPStatus] = {
    BadBodyError: HTTPStatus.BAD_REQUEST,
    UnsupportedBodyError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooManyRecordsError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class BadRequestError(Exception):
    """A request that cannot be answered: its status, and in one line what was found, then the remedy."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


def read_records(body: bytes, content_type: str, absent: Collection[str] = ()) -> Records:
    """Return the records of *body*; raise `BadRequestError` where `request_body.read_records` refuses it."""
    try:
        return request_body.read_records(body, content_type, absent)
    except BadBodyError as error:
        raise BadRequestError(_STATUSES[type(error)], str(error)) from None
