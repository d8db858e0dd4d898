"""Whether CloudFormation replaces a resource whose properties change, as the CDK CLI knows it.

The CLI carries a database of CloudFormation's documented update behaviours; it is read here, so that the two say the
same. It is loaded only when a property has changed: that takes a third of a second.
"""

import functools
import gzip
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any


class Update(StrEnum):
    """What an update of a property does to the resource."""

    IN_PLACE = "updated"
    MAYBE_REPLACED = "perhaps replaced"
    REPLACED = "replaced"
    UNKNOWN = "updated or replaced"


_CAUSES = {"yes": Update.REPLACED, "maybe": Update.MAYBE_REPLACED}


class UpdateBehaviours:
    """What the database of the installed CLI says."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def find(self, kind: str, name: str) -> Update:
        """Return what a change of the property *name* of a resource of type *kind* does."""
        properties = _read_types(self._database).get(kind, {})
        if name not in properties:
            return Update.UNKNOWN
        return _CAUSES.get(properties[name].get("causesReplacement"), Update.IN_PLACE)


@functools.cache
def _read_types(database: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the properties of each resource type; of none where there is no database."""
    if not database.is_file():
        return {}
    with gzip.open(database) as file:
        entities = json.load(file)["schema"]["resource"]["entities"]
    return {each["cloudFormationType"]: each["properties"] for each in entities}
