#!/usr/bin/env python3
"""Holds the verdicts of generated decoders against those of a JSON Schema library (python3-jsonschema), and
the contracts' examples against their schemas.

usage: compare.py VERDICTS [SEED]
  VERDICTS is the program that makes documents and says which of them the generated decoders accept.
"""
import collections
import datetime
import json
import re
import subprocess
import sys

import jsonschema

DOCUMENTS_MIN = 5000
DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII)
ATOM = r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?"
EMAIL = re.compile(rf"{ATOM}(\.{ATOM})*@({LABEL}\.)+{LABEL}")
URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[a-zA-Z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# The library leaves most formats to packages that Debian does not have, so they are stated here once more.
formats = jsonschema.FormatChecker(formats=())


def only_strings(check):
    return lambda value: not isinstance(value, str) or check(value)


def is_date_time(text):
    match = DATE_TIME.fullmatch(text)
    if not match:
        return False
    try:
        datetime.datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        return False
    return True


formats.checks("date-time")(only_strings(is_date_time))
formats.checks("email")(only_strings(lambda text: EMAIL.fullmatch(text) is not None))
formats.checks("uri")(only_strings(lambda text: URI.fullmatch(text) is not None))
formats.checks("uuid")(only_strings(lambda text: UUID.fullmatch(text) is not None))


def pattern(validator, expression, instance, schema):
    """As ECMA-262 reads it: `$` is the very end, classes are ASCII."""
    expression = re.sub(r"(?<!\\)\$$", r"\\Z", expression)
    if validator.is_type(instance, "string") and not re.search(expression, instance, re.ASCII):
        yield jsonschema.ValidationError(f"{instance!r} does not match {expression!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": pattern})


def validator_of(name, components):
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return Validator(schema, format_checker=formats)


def examples(components):
    """(schema, example) for each example of a component schema."""
    return [(name, example) for name, schema in components["schemas"].items()
            for example in schema.get("examples", [])]


def verdicts(command):
    """(schema, document, what is expected, verdict of the library) for each document: of those that were made
    the decoder's verdict is expected, of the contracts' examples that they are right."""
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    validators = {}
    for line in program.stdout:
        row = json.loads(line)
        if "components" in row:
            components = row["components"]
            validators = {name: validator_of(name, components) for name in components["schemas"]}
            for schema, example in examples(components):
                yield schema, example, True, validators[schema].is_valid(example)
        else:
            schema, document = row["schema"], row["document"]
            yield schema, document, row["valid"], validators[schema].is_valid(document)
    if program.wait() != 0:
        sys.exit(f"{command[0]} failed")


def main():
    counts = collections.defaultdict(lambda: [0, 0])
    differences = []
    for schema, document, expected, verdict in verdicts(sys.argv[1:]):
        counts[schema][expected] += 1
        if expected != verdict:
            text = json.dumps(document)[:1000]
            differences.append(f"{schema}: {expected} expected, the library says {verdict}: {text}")
    refused = sum(count[False] for count in counts.values())
    accepted = sum(count[True] for count in counts.values())
    never_accepted = [schema for schema, count in counts.items() if count[True] == 0]
    total = accepted + refused
    print(f"{total} documents: {accepted} accepted, {refused} refused, {len(differences)} verdicts differ")
    print("\n".join(differences[:20]))
    if never_accepted:
        print(f"no document was right for: {', '.join(never_accepted)}")
    are_enough = total >= DOCUMENTS_MIN and min(accepted, refused) >= DOCUMENTS_MIN // 5
    if not are_enough:
        print(f"that is not enough: {DOCUMENTS_MIN} are needed, a fifth of them of each kind")
    sys.exit(1 if differences or never_accepted or not are_enough else 0)


if __name__ == "__main__":
    main()
