"""avro_cases.py FOLDER OUT AVRO_C: makes of the case files what tests/integration/all_of_avro.sh needs.

The format of the case files is told in FOLDER/README.md. Messages are encoded with Apache Avro for
Python; avro-c (the tool AVRO_C) must encode the same values to the same bytes and read ours alike.
Fingerprints are computed here, from the specification. Nothing is shared with the project's C.
"""
import datetime
import decimal
import io
import json
import pathlib
import re
import subprocess
import sys
import warnings

import avro.io
import avro.schema

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
UTC = datetime.timezone.utc
warnings.simplefilter("error", avro.errors.IgnoredLogicalType)  # such a message must say raw


def canonical(node, namespace=""):
    """Avro specification, "Transforming into Parsing Canonical Form"."""
    if isinstance(node, list):
        return "[" + ",".join(canonical(branch, namespace) for branch in node) + "]"
    kind = node if isinstance(node, str) else node["type"]
    if isinstance(kind, (dict, list)):
        return canonical(kind, namespace)
    if isinstance(node, str) or kind in PRIMITIVES:
        return '"%s"' % (kind if kind in PRIMITIVES else full_name(kind, namespace))
    if kind in ("array", "map"):
        items = "items" if kind == "array" else "values"
        return '{"type":"%s","%s":%s}' % (kind, items, canonical(node[items], namespace))
    name = full_name(node["name"], node.get("namespace", namespace))
    inner = name.rpartition(".")[0]
    head = '{"name":"%s","type":"%s",' % (name, kind)
    if kind == "enum":
        return head + '"symbols":[%s]}' % ",".join('"%s"' % symbol for symbol in node["symbols"])
    if kind == "fixed":
        return head + '"size":%d}' % node["size"]
    fields = ('{"name":"%s","type":%s}' % (f["name"], canonical(f["type"], inner)) for f in node["fields"])
    return head + '"fields":[%s]}' % ",".join(fields)


def full_name(name, namespace):
    return name if "." in name or not namespace else namespace + "." + name


def fingerprint(schema):
    """Avro specification, "Schema Fingerprints": CRC-64-AVRO, as the frame has it."""
    empty = crc = 0xC15D213AA4D7A795
    for byte in canonical(schema).encode():
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (empty if crc & 1 else 0)
    return crc.to_bytes(8, "little")


def plain(node):
    """The schema without logical types."""
    if isinstance(node, list):
        return [plain(branch) for branch in node]
    if isinstance(node, dict):
        return {key: plain(inner) if key in ("type", "items", "values", "fields") else inner
                for key, inner in node.items() if key != "logicalType"}
    return node


class Types:
    """Walks a schema beside a value; knows the named types that came before."""

    def __init__(self):
        self.named = {}

    def resolve(self, node):
        while isinstance(node, dict) and isinstance(node["type"], (dict, list)):
            node = node["type"]
        if isinstance(node, str):
            node = self.named.get(node, {"type": node})
        if isinstance(node, dict) and "name" in node:
            self.named[node["name"]] = self.named[full_name(node["name"], node.get("namespace"))] = node
        return node

    def branch(self, union, value):
        """Index, schema and value of a union: T or null for ["null", T], else {"type": value}."""
        nodes = [self.resolve(node) for node in union]
        names = [full_name(n.get("name", n["type"]), n.get("namespace")) for n in nodes]
        if value is None:
            name = "null"
        elif len(names) == 2 and "null" in names:
            name = names[1 - names.index("null")]
        else:
            (name, value), = value.items()
        return names.index(name), nodes[names.index(name)], value

    def map(self, node, value, scalar, union):
        """The value with every scalar and union put through a function."""
        node = self.resolve(node)
        if isinstance(node, list):
            index, chosen, value = self.branch(node, value)
            return union(index, self.map(chosen, value, scalar, union))
        if node["type"] == "record":
            return {f["name"]: self.map(f["type"], value[f["name"]], scalar, union) for f in node["fields"]}
        if node["type"] == "array":
            return [self.map(node["items"], item, scalar, union) for item in value]
        if node["type"] == "map":
            return {key: self.map(node["values"], item, scalar, union) for key, item in value.items()}
        return scalar(node, value)


def for_python(node, value):
    """What the library wants for a value as the case files spell it."""
    logical = node.get("logicalType", "")
    if logical == "decimal":
        return decimal.Decimal(value)
    if logical == "date":
        return datetime.date.fromisoformat(value)
    if logical.startswith("time-"):
        return datetime.time.fromisoformat(value)
    if logical.startswith("timestamp-"):
        return datetime.datetime.fromisoformat(value).replace(tzinfo=UTC)
    if node["type"] in ("float", "double"):
        return float(value)
    if node["type"] in ("bytes", "fixed"):
        return bytes.fromhex(value)
    return value


def for_avro_c(node, value):
    """What avro_c wants for a scalar that the library has decoded."""
    if isinstance(value, bytes):
        return value.hex()
    return float(value).hex() if node["type"] in ("float", "double") else value


def merge_tags(node, value, decoded, types):
    """The decoded value with the branches of unions, which only the case file tells."""
    node = types.resolve(node)
    if isinstance(node, list):
        index, chosen, value = types.branch(node, value)
        return [index, merge_tags(chosen, value, decoded, types)]
    if node["type"] == "record":
        return {f["name"]: merge_tags(f["type"], value[f["name"]], decoded[f["name"]], types) for f in node["fields"]}
    if node["type"] == "array":
        return [merge_tags(node["items"], *pair, types) for pair in zip(value, decoded)]
    if node["type"] == "map":
        return {key: merge_tags(node["values"], value[key], decoded[key], types) for key in value}
    return for_avro_c(node, decoded)


def encode(schema, value):
    body = io.BytesIO()
    parsed = avro.schema.parse(json.dumps(schema))
    avro.io.DatumWriter(parsed).write(value, avro.io.BinaryEncoder(body))
    return body.getvalue()


def decode(schema, body):
    stream = io.BytesIO(body)
    value = avro.io.DatumReader(avro.schema.parse(json.dumps(schema))).read(avro.io.BinaryDecoder(stream))
    assert not stream.read(), "bytes behind the value"
    return value


class Case:
    """A block of a case file: a table, and messages or a refusal at the start."""

    def __init__(self, title):
        self.title = title
        self.name = re.sub(r"\W+", "_", title.lower()).strip("_")[:60]
        self.schemas = []
        self.columns = None
        self.messages = []  # (schema, word, text, outcome)
        self.refused = None

    def add(self, word, text):
        if word in ("schema", "stranger"):
            record = {"schema": "case_", "stranger": "other_"}[word] + self.name
            self.schemas.append({"type": "record", "name": record, "fields": json.loads(text)})
        elif word == "table":
            self.columns = text
        elif word == "refused":
            self.refused = text
        elif word in ("json", "raw", "hex"):
            self.messages.append([self.schemas[-1], word, text, None])
        elif word in ("row", "reject") and self.messages and self.messages[-1][3] is None:
            self.messages[-1][3] = (word, text)
        else:
            raise ValueError(f"what is {word} {text}?")


def read_cases(path):
    """Lines are a word and its text; a line that begins with blanks goes on with the one before."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(" ") and lines:
            lines[-1] += " " + line.strip()
        elif line and not line.startswith("#"):
            lines.append(line)
    cases = []
    for line in lines:
        word, _, text = line.partition(" ")
        try:
            if word == "==":
                cases.append(Case(text))
            else:
                cases[-1].add(word, text.strip())
        except ValueError as error:
            raise SystemExit(f"{path}: {line}: {error}")
    return cases


def body_of(schema, word, text):
    """The body, and the line that asks avro-c about it (none where the body is to be refused)."""
    bare = plain(schema)
    if word == "hex":
        return bytes.fromhex(text), "-"
    used = schema if word == "json" else bare
    value = json.loads(text)
    body = encode(used, Types().map(used, value, for_python, lambda index, inner: inner))
    return body, json.dumps(merge_tags(bare, value, decode(bare, body), Types()))


def ask_avro_c(tool, questions):
    """Each (title, schema, value, body): both implementations must agree on the bytes."""
    asked = "".join(f"{json.dumps(schema)}\t{value}\t{body.hex()}\n" for _, schema, value, body in questions)
    answers = subprocess.run([tool], input=asked, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    for (title, schema, value, body), answer in zip(questions, answers.stdout.splitlines()):
        encoded, again = answer.split("\t")
        assert value == "-" or encoded == body.hex(), f"{title}: avro-c encodes {encoded}, Python {body.hex()}"
        by_python = encode(schema, decode(schema, body)).hex()
        assert again == by_python, f"{title}: avro-c reads {again}, Python {by_python}"


def prepare(folder, out, tool):
    cases = [case for path in sorted(folder.glob("*.cases")) for case in read_cases(path)]
    assert len({case.name for case in cases}) == len(cases), "a title is there twice"
    files = {name: open(out / name, "w", encoding="utf-8")
             for name in ("messages.tsv", "tables.sql", "schemas.sql", "schemas.expected", "rows.sql", "rows.expected",
                          "topics", "refused.tsv")}
    questions = []
    for case in cases:
        is_refused = case.refused is not None
        for number, schema in enumerate(case.schemas):
            place = out / "schemas" if not is_refused else out / "refused" / case.name
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{case.name}.{number}.avsc").write_text(json.dumps(schema))
        print(f"create table avro_cases.{case.name} (kafka_offset bigint, {case.columns}, schema_id integer);",
              file=files["tables.sql"])
        if is_refused:
            print(case.name, case.refused, sep="\t", file=files["refused.tsv"])
            continue
        print(case.name, file=files["topics"])
        print(f"select '{case.name}', kafka_offset, encode(fingerprint, 'hex') from avro_cases.{case.name} "
              f"join ingest.schema using (schema_id) order by kafka_offset;", file=files["schemas.sql"])
        print(f"\\qecho == {case.title}\nalter table avro_cases.{case.name} drop column schema_id;\n"
              f"select * from avro_cases.{case.name} order by kafka_offset;\n"
              f"select * from avro_cases.reject where topic = '{case.name}' order by kafka_offset;", file=files["rows.sql"])
        print("==", case.title, file=files["rows.expected"])
        rejects = []
        for offset, (schema, word, text, (outcome, wanted)) in enumerate(case.messages):
            try:
                body, value = body_of(schema, word, text)
            except Exception as error:
                raise SystemExit(f"{case.title}: {word} {text}: {error!r}")
            if word != "hex" or outcome == "row":
                questions.append((case.title, plain(schema), value, body))
            print(case.name, "-", "c301" + fingerprint(schema).hex() + body.hex(), sep="\t", file=files["messages.tsv"])
            if outcome == "row":
                print(f"{offset}|{wanted}", file=files["rows.expected"])
                print(f"{case.name}|{offset}|{fingerprint(schema).hex()}", file=files["schemas.expected"])
            else:
                rejects.append(f"{case.name}|{offset}|{wanted}")
        for line in rejects:
            print(line, file=files["rows.expected"])
    ask_avro_c(tool, questions)
    print(f"{len(cases)} cases, {sum(len(case.messages) for case in cases)} messages, "
          f"{len(questions)} of them the same bytes in avro-c and Python")


prepare(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3])
