"""Answers S3's ListObjectsV2 from folders."""

from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from local_runner.on_disk.object_store import DirectoryStore


def list_objects(store: DirectoryStore, target: str) -> bytes | None:
    """Return the answer to the GET request for *target*, `/BUCKET?list-type=2&...`; None for any other request."""
    url = urlsplit(target)
    asked = dict(parse_qsl(url.query))
    if asked.get("list-type") != "2":
        return None
    after, most = unquote(asked.get("continuation-token", "")), int(asked.get("max-keys", "1000"))
    found = [
        each
        for each in store.list_objects(unquote(url.path).strip("/"), asked.get("prefix", ""))
        if each[0].encode() > after.encode()
    ]
    answer = Element("ListBucketResult", xmlns="http://s3.amazonaws.com/doc/2006-03-01/")
    # Without it a client takes keys as they are, and XML has no word for some of their characters.
    SubElement(answer, "EncodingType").text = "url"
    SubElement(answer, "IsTruncated").text = str(len(found) > most).lower()
    for key, written in found[:most]:
        listed = SubElement(answer, "Contents")
        SubElement(listed, "Key").text = quote(key)
        SubElement(listed, "LastModified").text = f"{written:%Y-%m-%dT%H:%M:%S}.{written.microsecond // 1000:03}Z"
    if len(found) > most:
        SubElement(answer, "NextContinuationToken").text = quote(found[most - 1][0])
    return tostring(answer)
