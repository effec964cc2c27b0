"""The record of an import survives a write and a read."""

import msgspec
from hypothesis import given

from parityhub.hub.import_records import ImportRecord
from tests.hub.any_record import build


@given(build(ImportRecord))
def test_what_is_written_is_read(record):
    assert msgspec.json.decode(msgspec.json.encode(record), type=ImportRecord) == record
