"""events.py SCHEMAS: prints docs/events.md, made from the *_event.avsc in the folder SCHEMAS.

Standard input has a line TYPE<TAB>EXAMPLE for each type of event.
"""

import json
import pathlib
import re
import sys

# What the producers fill in by themselves; the schemas cannot say it (docs/producers.md).
FILLED = {
    "event_id": "made from `source_record_id`",
    "source": "required, or `--source`",
    "recorded_at": "`occurred_at`; required in a CORRECT or RETRACT",
}
SCALARS = {
    "string": "text",
    "int": "number",
    "long": "number",
    "boolean": "true or false",
    "date": "date",
    "timestamp-micros": "instant",
    "uuid": "uuid",
}


class Section:
    """The named types that a section has met: where a record first stands, and the enums to be listed."""

    def __init__(self, before=None):
        self.first_at = dict(before.first_at) if before else {}
        self.known_enums = set(before.known_enums) if before else set()
        self.enums = []

    def words(self, schema):
        """A type in plain words, and the record whose fields come next, or None."""
        if isinstance(schema, list):
            return self.words(next(branch for branch in schema if branch != "null"))
        if isinstance(schema, str):
            return self.name_words(schema), None
        kind = schema["type"]
        if kind == "enum":
            self.meet_enum(schema)
            return f"`{schema['name']}`", None
        if kind == "record":
            return f"record `{schema['name']}`", schema
        if kind == "array":
            words, record = self.words(schema["items"])
            return f"list of {words}", record
        if kind == "map":
            return f"map of {self.words(schema['values'])[0]}", None
        if schema.get("logicalType") == "decimal":
            whole = schema["precision"] - schema["scale"]
            return f"amount, {whole} digits and {schema['scale']} decimals", None
        return self.name_words(schema.get("logicalType", kind)), None

    def name_words(self, name):
        if name in self.first_at:
            return f"record `{name}`, its fields as in `{self.first_at[name]}`"
        return SCALARS.get(name, f"`{name}`")

    def meet_enum(self, enum):
        if enum["name"] not in self.known_enums:
            self.known_enums.add(enum["name"])
            self.enums.append(enum)

    def rows(self, fields, prefix=""):
        for field in fields:
            path = prefix + field["name"]
            words, record = self.words(field["type"])
            yield cells(f"`{path}`", words, default(field, path), rules(field, words), doc(field))
            if record:
                self.first_at[record["name"]] = path
                yield from self.rows(record["fields"], path + ("[]." if words.startswith("list") else "."))

    def table(self, fields):
        yield "| field | type | when left out | rule | meaning |"
        yield "|---|---|---|---|---|"
        yield from self.rows(fields)

    def symbols(self):
        if not self.enums:
            return
        yield ""
        yield "| symbols of | | meaning |"
        yield "|---|---|---|"
        for enum in self.enums:
            yield cells(f"`{enum['name']}`", " ".join(f"`{symbol}`" for symbol in enum["symbols"]), doc(enum))


def cells(*texts):
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def default(field, path):
    if path in FILLED:
        return FILLED[path]
    if "default" not in field:
        return "**required**"
    value = field["default"]
    if value is None:
        return "not stated"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def rules(field, words):
    each = "each " if words.startswith(("list", "map")) else ""
    found = []
    if field.get("identifier"):
        found.append("identifier")
    if "pattern" in field:
        found.append(field.get("patternMeans") or f"matches `{field['pattern']}`")
    if "minimum" in field:
        found.append(f"{field['minimum']} or more")
    if "maxBytes" in field:
        found.append(f"{each}at most {field['maxBytes']} bytes")
    return ", ".join(found)


def doc(thing):
    """The doc text, its examples as code."""
    text = re.sub(r"(Example: )(.+)$", r"\1`\2`", thing.get("doc", ""))
    return re.sub(
        r"(Examples: )(.+)$",
        lambda found: found[1] + ", ".join(f"`{part}`" for part in found[2].split(", ")),
        text,
    )


def envelope_of(events):
    """The fields with which all events begin."""
    shared = []
    for fields in zip(*(event["fields"] for event in events)):
        if any(field != fields[0] for field in fields):
            break
        shared.append(fields[0])
    return shared


def event_section(section, name, event, envelope, example):
    about, topic, key = re.fullmatch(r"(.*) Topic (\S+); key (.*)\.", event["doc"]).groups()
    own = event["fields"][len(envelope) :]
    yield f"## {event['name']}"
    yield ""
    yield about
    yield ""
    yield f"Program `coop-{name}`, topic `{topic}`. Kafka key: {key}."
    yield ""
    yield f"First the [fields of every event](#fields-of-every-event), then these {len(own)}:"
    yield ""
    yield from section.table(own)
    yield from section.symbols()
    yield ""
    yield "An example:"
    yield ""
    yield "```json"
    yield example
    yield "```"
    yield ""


INTRODUCTION = """# Events

Made from `schemas/*.avsc` by `docs/generate events`; do not edit. How to publish them: [producers.md](producers.md).

An event is one line of JSON with these fields, written so:

| type | in a line |
|---|---|
| text | UTF-8, without U+0000 |
| number | `200`, without quotes, at most 2147483647 |
| instant | `"2022-06-20T10:00:00+05:00"`; or a period, `"2022-06-20"`, `"2022-06"`, `"2022-Q2"`, `"2022"`: its end in Asia/Karachi |
| date | `"2022-09-30"`; or a period, `"2022-09"`, `"2022-Q3"`, `"2022"`: its last day; the field `…_precision`, where there is one, is set |
| amount | text, `"400000000000.00"`, or a whole number; never a number with a fraction |
| uuid | `"018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2"` |
| `Name` | one of the symbols listed below the table, as text; `UNKNOWN` means not stated |
| list of … | `["chip-design", "semiconductors"]` |
| map of text | `{"ur": "زیڈ پارک", "zh-Hans": "中关村科技园"}` |
| record `Name` | an object with the fields that follow: `recipient.country` is `{"recipient": {"country": "CN"}}`, `parties[].role` is `{"parties": [{"role": "LEAD"}]}` |

A field that is not **required** may be left out. A field that is not listed here, or stands twice in a line, is an error. An
*identifier* has no blank, no control character, no `|`, and does not begin with `#`. Where a meaning says "days since" or
"microseconds since", it speaks of what is published, not of the line.

## Fields of every event
"""

AFTER_ENVELOPE = """
A CORRECT or RETRACT may name its target by the source's own record: `"supersedes_source_record_id": "L-2022-0117"` in place of
`supersedes_event_id`. This field stands in lines only; what is published has the id.
"""


def main():
    schemas = pathlib.Path(sys.argv[1])
    names = sorted(path.name.removesuffix("_event.avsc") for path in schemas.glob("*_event.avsc"))
    events = [json.loads((schemas / f"{name}_event.avsc").read_text(encoding="utf-8")) for name in names]
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    examples = dict(line.rstrip("\n").split("\t", 1) for line in sys.stdin)
    envelope = envelope_of(events)

    first = Section()
    lines = [INTRODUCTION, *first.table(envelope), *first.symbols(), AFTER_ENVELOPE]
    for name, event in zip(names, events):
        lines += event_section(Section(first), name, event, envelope, examples[name])
    print("\n".join(lines).rstrip("\n"))


main()
