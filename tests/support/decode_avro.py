"""decode_avro.py SCHEMA LINES < MESSAGES: do the messages say what the lines say?

The messages come as kcat -f '%R%s' gives them: four bytes of length, big-endian, and the value.
Decoded with Apache Avro for Python, an implementation that shares no code with the project.
"""
import io
import json
import sys
from decimal import Decimal

import avro.io
import avro.schema


def messages(data):
    while data:
        length = int.from_bytes(data[:4], "big")
        yield data[4:4 + length]
        data = data[4 + length:]


def decode(schema, message):
    assert message[:2] == b"\xc3\x01", "not a single object"
    body = io.BytesIO(message[10:])
    event = avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(body))
    assert not body.read(), "bytes behind the event"
    return event


def same(line, event):
    """Every field that the line gives, as far as both can say it."""
    for name, value in line.items():
        if name in ("occurred_at", "recorded_at") or name.endswith("_date"):
            continue
        found = event[name]
        if isinstance(value, dict) and isinstance(found, dict):
            if not same(value, found):
                return False
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            if len(value) != len(found) or not all(map(same, value, found)):
                return False
        elif isinstance(found, Decimal):
            if Decimal(value) != found:
                return False
        elif value != found:
            return False
    return True


schema = avro.schema.parse(open(sys.argv[1], encoding="utf-8").read())
lines = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
events = [decode(schema, message) for message in messages(sys.stdin.buffer.read())]
assert len(lines) == len(events), f"{len(lines)} lines, {len(events)} messages"
for line in lines:
    assert any(same(line, event) for event in events), f"no message says: {line}"
