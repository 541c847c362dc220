"""Reads Sprida's operations with foreign libraries: cbor2, pycose, pycddl and zstandard.

    python check.py ROOT                              checks the vectors of ROOT/Protocol
    python check.py verify-cose --region HEX < FILE   verifies one envelope, prints its id

The first form prints one line per failing check and closes with "N passed, N failed, N not judged":
the last are reject vectors whose fault neither these libraries nor CDDL can see.
Exit code: 0 when all holds, 1 when something fails, 2 when it was called wrongly.
"""

import argparse
import base64
import binascii
import hashlib
import io
import re
import sys
from pathlib import Path

try:
    import cbor2
    import pycddl
    import zstandard
    from pycose.keys import OKPKey
    from pycose.keys.curves import Ed25519
    from pycose.messages import Sign1Message
except ImportError as error:
    if "verify-cose" not in sys.argv:
        print("0 passed, 1 failed")
    sys.exit(f"check.py: {error}; run: pip install -r Tests/Foreign/requirements.txt")

OPERATION_BYTES_MAX = 64 * 1024
HEADER_BYTES_MAX = 16 * 1024
DEPTH_MAX = 8
ITEMS_MAX = 4096
OPENING = bytes.fromhex("8443a10127a0")
ZERO_REGION = bytes(32)

# The rule of Protocol/sprida.cddl for each class, in the order of the class numbers.
HEADER_RULES = [
    "charter-header", "record-header", "review-header", "order-header", "receipt-header",
]
# How many content fields follow the first eight, by class.
CONTENT_COUNTS = [1, 3, 3, 3, 1]
# How many fields each act has, its number included.
ACT_COUNTS = [3, 6, 2, 3, 5, 4, 2, 3, 4, 3]


class Failure(Exception):
    """One check that does not hold. `group` says which kind of check it is."""

    def __init__(self, group, text):
        super().__init__(text)
        self.group = group


# MARK: the closed CBOR profile (Protocol/operation.md#cbor, #text)


def decode(data, what):
    """The one item that `data` holds; it must re-encode to the same bytes."""
    try:
        item = cbor2.CBORDecoder(io.BytesIO(data)).decode()
        again = cbor2.dumps(item, canonical=True)
    except Exception as error:
        is_text = isinstance(error.__cause__, UnicodeDecodeError) or (
            "text string" in str(error) and "subtype" not in str(error)
        )
        raise Failure("text" if is_text else "cbor", f"{what}: cbor2: {error}") from error
    if again != data:
        raise Failure("cbor", f"{what}: does not re-encode canonically to the same bytes")
    return item


def check_profile(item, what):
    """Only the types, depth, count and code points that the profile allows."""
    count = 0
    pending = [(item, 1)]
    while pending:
        value, depth = pending.pop()
        count += 1
        if depth > DEPTH_MAX:
            raise Failure("cbor", f"{what}: deeper than {DEPTH_MAX}")
        if count > ITEMS_MAX:
            raise Failure("cbor", f"{what}: more than {ITEMS_MAX} items")
        if type(value) is list:
            pending += [(element, depth + 1) for element in value]
        elif type(value) is str:
            check_text(value, what)
        elif type(value) is int:
            if not -(2**64) <= value < 2**64:
                raise Failure("cbor", f"{what}: an integer of more than 64 bits")
        elif type(value) not in (bool, bytes):
            raise Failure("cbor", f"{what}: holds a {type(value).__name__}")


def check_text(text, what):
    for character in text:
        code = ord(character)
        if (
            (code < 0x20 and code != 0x0A)
            or 0x7F <= code <= 0x9F
            or 0x202A <= code <= 0x202E
            or 0x2066 <= code <= 0x2069
            or 0xFDD0 <= code <= 0xFDEF
            or code & 0xFFFE == 0xFFFE
        ):
            raise Failure("text", f"{what}: text holds U+{code:04X}")


def decode_profile(data, what):
    item = decode(data, what)
    check_profile(item, what)
    return item


# MARK: envelope and signature (Protocol/operation.md#envelope, #verification)


def domain_hash(domain, *parts):
    return hashlib.sha256(domain.encode() + b"\0" + b"".join(parts)).digest()


def operation_id(envelope):
    return domain_hash("sprida/1/operation-id", envelope)


def open_envelope(envelope):
    """The payload and the signature."""
    if len(envelope) > OPERATION_BYTES_MAX:
        raise Failure("size", f"envelope: {len(envelope)} bytes, at most {OPERATION_BYTES_MAX}")
    if not envelope.startswith(OPENING):
        raise Failure("envelope", f"envelope: does not begin with {OPENING.hex()}")
    item = decode(envelope, "envelope")
    payload, signature = item[2:]
    check_profile([payload, signature], "envelope")
    if type(payload) is not bytes or type(signature) is not bytes:
        raise Failure("shape", "envelope: payload and signature must be byte strings")
    if len(payload) > HEADER_BYTES_MAX or len(signature) != 64:
        raise Failure("shape", f"envelope: {len(payload)} and {len(signature)} bytes")
    return payload, signature


def author_of(header):
    if type(header) is not list or len(header) < 8:
        raise Failure("shape", "payload: not an array of at least 8")
    if type(header[2]) is not bytes or len(header[2]) != 32:
        raise Failure("shape", "payload: the author key is not 32 bytes")
    return header[2]


def verify(envelope, author, region, domain="sprida/1/operation"):
    """pycose's verdict, and the rules of libsodium that pycose's backend leaves out."""
    signature = envelope[-64:]
    check_strict(signature, author)
    try:
        message = Sign1Message.from_cose_obj(cbor2.loads(envelope), False)
        message.external_aad = domain.encode() + b"\0" + region
        message.key = OKPKey(crv=Ed25519, x=author)
        valid = message.verify_signature()
    except Exception as error:
        raise Failure("signature", f"signature: pycose: {error}") from error
    if not valid:
        raise Failure("signature", "signature: pycose does not verify it")


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
# y of the points of order 1, 2, 4 and 8.
SMALL_ORDER = {
    0, 1, P - 1,
    int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        "little"),
    int.from_bytes(
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        "little"),
}


def check_strict(signature, author):
    """S < L; A and R canonical and not of small order."""
    if int.from_bytes(signature[32:], "little") >= L:
        raise Failure("signature", "signature: S is not below the group order")
    for name, point in (("R", signature[:32]), ("author key", author)):
        y = int.from_bytes(point, "little") & (2**255 - 1)
        if y >= P:
            raise Failure("signature", f"signature: {name} is not canonical")
        if y in SMALL_ORDER:
            raise Failure("signature", f"signature: {name} is of small order")


# MARK: valid keys (Protocol/charter.md#keys), in affine coordinates: slow and plain

D = -121665 * pow(121666, -1, P) % P


def add(first, second):
    (x1, y1), (x2, y2) = first, second
    product = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P,
            (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P)


def check_key(key, what):
    """Canonical, on the curve, not of small order, in the prime-order subgroup."""
    y = int.from_bytes(key, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or y in SMALL_ORDER:
        raise Failure("key", f"{what}: not canonical, off the curve or of small order")
    point, product = (x, y), (0, 1)
    for bit in bin(L)[2:]:
        product = add(product, product)
        if bit == "1":
            product = add(product, point)
    if product != (0, 1):
        raise Failure("key", f"{what}: not in the prime-order subgroup")


# MARK: shape (Protocol/sprida.cddl)


class Shapes:
    """The rules of a CDDL file, each usable as the root."""

    def __init__(self, path):
        self.text = path.read_text(encoding="utf-8")
        self.schemas = {}

    def check(self, rule, data, what):
        try:
            if rule not in self.schemas:
                self.schemas[rule] = pycddl.Schema(f"start = {rule}\n{self.text}")
            self.schemas[rule].validate_cbor(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of pycddl is not an Exception
            first = str(error).strip().splitlines() or [type(error).__name__]
            raise Failure("cddl", f"{what}: not a {rule}: {first[0]}") from None


def is_understood(header):
    """Whether the header is of version 1 with nothing in it from a later one."""
    version, number = header[0], header[1]
    if type(number) is not int or not 0 <= number < len(CONTENT_COUNTS):
        raise TypeError("class")
    if version != 1 or len(header) > 8 + CONTENT_COUNTS[number]:
        return False
    content = header[8:]
    if number == 0:
        act = content[0]
        if act[0] >= len(ACT_COUNTS) or len(act) > ACT_COUNTS[act[0]]:
            return False
        return not (act[0] == 4 and act[2] > 3)
    if number in (1, 2):
        return all(change[0] <= 3 for change in content[2])
    return number != 3 or content[0] <= 2


def value_count(header):
    """How many values the header announces; None when its content is not understood."""
    if not is_understood(header):
        return None
    if header[1] == 0:
        return 1 if header[8][0] in (0, 1) else 0
    return sum(change[0] in (0, 2) for change in header[10]) if header[1] in (1, 2) else 0


def check_header(shapes, header, payload):
    try:
        understood = is_understood(header)
    except (TypeError, IndexError):  # a field of another type: of no later version either
        understood = True
    if understood and type(header[1]) is int and 0 <= header[1] < len(HEADER_RULES):
        shapes.check(HEADER_RULES[header[1]], payload, "payload")
    else:
        # The validator behind pycddl takes a trailing "* any" for exactly one item, so whatever
        # follows the first eight is replaced by one.
        shapes.check("later-header", cbor2.dumps(header[:8] + [0], canonical=True), "payload")
    check_rules(header)


def expect(holds, text):
    if not holds:
        raise Failure("shape", f"payload: {text}")


def check_types(header):
    """The validator behind pycddl lets some wrong types and long lists pass."""
    for place, kind in enumerate([int, int, bytes, bytes, list, int, bytes, int]):
        expect(type(header[place]) is kind, f"field {place} is a {type(header[place]).__name__}")
    expect(min(header[1], header[5], header[7]) >= 0, "a negative integer")
    expect(len(header[3]) in (0, 32) and len(header[6]) in (0, 32), "an id of another length")
    expect(len(header[4]) <= 16, "more than 16 prev")


def check_change(change):
    expect(type(change) is list and change and type(change[0]) is int, "a change is no array")
    if not 0 <= change[0] <= 3:
        return
    kinds = [type(field) for field in change]
    expect(kinds == [int, str, list], "a change of other fields")
    # The validator does not anchor the expressions of the CDDL.
    expect(re.fullmatch("[a-z0-9_]{1,32}(/[a-z0-9_]{1,32}){0,2}", change[1]), "another path")
    expect(len(change[1].encode()) <= 96, "a path of more than 96 bytes")
    expect(len(change[2]) <= 64, "more than 64 targets")


def check_rules(header):
    """What the comments of the CDDL add to it: digest and size, lists that ascend, the threshold."""
    check_types(header)
    expect((header[6] == b"") == (header[7] == 0), "a digest without a size, or the reverse")
    expect(header[7] % 256 == 0, "a body size that is no multiple of 256")
    lists, content = [header[4]], header[8:]
    if header[0] == 1 and header[1] in (1, 2) and len(content) > 2 and type(content[2]) is list:
        expect(type(content[0]) is str and re.fullmatch("[a-z0-9_]{1,32}", content[0]), "family")
        expect(type(content[1]) is bytes, "a record that is no id")
        expect(len(content[2]) <= 512, "more than 512 changes")
        for change in content[2]:
            check_change(change)
        lists += [change[2] for change in content[2] if 0 <= change[0] <= 3]
    elif is_understood(header):
        if header[1] == 0 and content[0][0] == 0:
            expect(content[0][2] <= len(content[0][1]), "a threshold over the number of keys")
        else:
            lists += id_lists(content)
    for ids in lists:
        expect(all(first < second for first, second in zip(ids, ids[1:])),
               "a list that does not ascend")


def id_lists(item):
    """Every list in which nothing stands but ids."""
    if type(item) is not list:
        return []
    found = [item] if item and all(type(element) is bytes for element in item) else []
    return found + [inner for element in item for inner in id_lists(element)]


def check_body(shapes, body):
    shapes.check("body", body, "body")
    random, values, padding = cbor2.loads(body)
    unpadded = len(cbor2.dumps([random, values, b""])) - 1
    count = 0
    while (unpadded + (1 if count < 24 else 2 if count < 256 else 3) + count) % 256:
        count += 1
    if padding != bytes(count):
        raise Failure("shape", f"body: padding other than {count} zeros")


# MARK: vectors


class Vector:
    def __init__(self, path):
        self.path = path
        self.fields = {}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, colon, value = line.partition(":")
            if not colon:
                raise Failure("file", f"line {number} is not “name: value”")
            self.fields[name.strip()] = value.strip()

    def text(self, name):
        if name not in self.fields:
            raise Failure("file", f"no line “{name}:”")
        return self.fields[name]

    def hex(self, name):
        try:
            return bytes.fromhex(self.text(name))
        except ValueError as error:
            raise Failure("file", f"{name}: {error}") from error

    def optional_hex(self, name):
        return self.hex(name) if name in self.fields else b""

    def region(self):
        region = self.hex("region")
        if len(region) != 32:
            raise Failure("file", f"region: {len(region)} bytes, expected 32")
        return region


def checks_of_accept(vector, shapes):
    """The checks of an accept vector by name, in an order in which each may use the ones before."""
    envelope, body = vector.hex("envelope"), vector.optional_hex("body")
    payload, _ = open_envelope(envelope)
    header = decode_profile(payload, "payload")
    author = author_of(header)
    checks = {
        "payload": lambda: decode_profile(payload, "payload"),
        "signature": lambda: verify(envelope, author, vector.region()),
        "id": lambda: compare("id", operation_id(envelope), vector.hex("id")),
        "envelope shape": lambda: shapes.check("envelope", envelope, "envelope"),
        "payload shape": lambda: check_header(shapes, header, payload),
        "content": lambda: check_content(vector, header),
        "values": lambda: check_values(header, body),
        "size": lambda: check_size(envelope, body),
    }
    if body:
        checks |= {
            "body": lambda: decode_profile(body, "body"),
            "body digest": lambda: check_digest(header, body),
            "body shape": lambda: check_body(shapes, body),
        }
    else:
        checks["no body"] = lambda: check_no_body(header)
    return checks


def compare(what, found, expected):
    if found != expected:
        raise Failure("digest", f"{what}: computed {found.hex()}, expected {expected.hex()}")


def check_digest(header, body):
    if len(body) != header[7]:
        raise Failure("size", f"body: {len(body)} bytes, {header[7]} signed")
    compare("body digest", domain_hash("sprida/1/body", body), header[6])


def check_no_body(header):
    if header[6] != b"" or header[7] != 0:
        raise Failure("size", f"body: absent, {header[7]} bytes signed")


def check_content(vector, header):
    if (vector.text("content") == "unknown") == is_understood(header):
        raise Failure("content", f"content: not {vector.text('content')} by the rules of this file")


def check_values(header, body):
    expected, found = value_count(header), len(cbor2.loads(body)[1]) if body else 0
    if expected is not None and expected != found:
        raise Failure("count", f"body: {found} values, {expected} announced")


def check_size(envelope, body):
    if len(envelope) + len(body) > OPERATION_BYTES_MAX:
        raise Failure("size", f"operation: {len(envelope) + len(body)} bytes")


def read(vector, shapes):
    """Everything about an operation that can be judged here, in the order of
    Protocol/operation.md#reading. Throws the first failure."""
    envelope, body = vector.hex("envelope"), vector.optional_hex("body")
    payload, _ = open_envelope(envelope)
    header = decode_profile(payload, "payload")
    verify(envelope, author_of(header), vector.region())
    check_header(shapes, header, payload)
    if body:
        check_digest(header, body)
        decode_profile(body, "body")
        check_body(shapes, body)
    else:
        check_no_body(header)
    check_size(envelope, body)
    check_values(header, body)


# The kinds of failure that an error of a reject vector may show here.
REJECTIONS = {
    "signature": {"signature"}, "text-invalid": {"text"}, "envelope": {"envelope"},
    "body-digest": {"digest"}, "body-size": {"size"}, "operation-too-large": {"size"},
    "value-count": {"count"}, "shape": {"shape", "cddl"}, "too-long": {"shape", "cddl"},
}
# What the validator of the CDDL and the rules above may not see: faults in the known part of a content
# that is of a later version, and some wrong types and long lists within acts and orders. Such vectors
# are for implementations of the protocol to judge; they are counted.
BEYOND = {"shape", "too-long"}


def expected_rejection(code):
    return {"cbor"} if code.startswith("cbor-") else REJECTIONS[code]


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.not_judged = 0

    def run(self, name, check):
        try:
            check()
        except Failure as failure:
            self.fail(name, failure)
        except Exception as error:  # a shape that the checks above do not expect
            self.fail(name, f"{type(error).__name__}: {error}")
        else:
            self.passed += 1

    def fail(self, name, reason):
        self.failed += 1
        print(f"FAIL {name}: {reason}")

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.not_judged} not judged")
        return 1 if self.failed else 0


def check_accept(vector, name, shapes, report):
    if vector.text("expect") != "accept":
        raise Failure("file", f"expect: {vector.text('expect')}, in the folder accept")
    for what, check in checks_of_accept(vector, shapes).items():
        report.run(f"{name} [{what}]", check)


def check_reject(vector, name, shapes, report):
    if vector.text("expect") != "reject":
        raise Failure("file", f"expect: {vector.text('expect')}, in the folder reject")
    code = vector.text("error")
    try:
        expected = expected_rejection(code)
    except KeyError:
        raise Failure("file", f"error: {code}, of which nothing is known here") from None
    try:
        read(vector, shapes)
    except Failure as failure:
        if failure.group in expected:
            report.passed += 1
        elif code in BEYOND and failure.group == "count":
            report.not_judged += 1  # the values are counted last, so nothing has seen the shape
        else:
            report.fail(name, f"expected {code}, but the first failure is: {failure}")
    else:
        if code in BEYOND:
            report.not_judged += 1
        else:
            report.fail(name, f"expected {code}, but nothing fails here")


def check_signed(envelope, body, region, shapes):
    """An operation that stands in a fold or a session: decodes, verifies, has its shape."""
    payload, _ = open_envelope(envelope)
    header = decode_profile(payload, "payload")
    verify(envelope, author_of(header), region)
    shapes.check("envelope", envelope, "envelope")
    check_header(shapes, header, payload)
    if body:
        check_digest(header, body)
        decode_profile(body, "body")
        check_body(shapes, body)


def check_fold(path, shapes, report):
    """The operations of a fold; an erased one stands without its body."""
    region, found = None, []
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(": ")
        if key == "region":
            region = bytes.fromhex(value)
        elif key == "envelope":
            found.append([bytes.fromhex(value), b""])
        elif key == "body" and value:
            found[-1][1] = bytes.fromhex(value)
    if not found:
        report.fail(path.name, "no operation")
    for number, (envelope, body) in enumerate(found):
        report.run(f"{path.name} operation {number}",
                   lambda: check_signed(envelope, body, region, shapes))


MESSAGES = ["hello", "chain-request", "chain", "refuse", "inventory", "want", "operations",
            "digest", "reconcile", "need", "attachment-want", "attachment", "delta"]


def check_frame(data, shapes):
    """One frame of a transcript: in the profile, the one encoding, and of its message's shape."""
    item = decode_profile(data, "frame")
    if cbor2.dumps(item, canonical=True) != data:
        raise Failure("cbor", "frame: another encoding than the deterministic one")
    shapes.check(f"message-{MESSAGES[item[0]]}", data, "frame")


def check_delta(page):
    """The example of session.md: a Zstandard frame that goes on from a prefix."""
    block = page.read_text(encoding="utf-8").split("```delta\n")[1].split("```")[0]
    prefix, packed, content = (bytes.fromhex(line.split()[0]) for line in block.splitlines())
    kind = zstandard.DICT_TYPE_RAWCONTENT
    reader = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(prefix, dict_type=kind))
    compare("delta", reader.decompress(packed), content)


def check_session(path, shapes, report):
    lines = path.read_text(encoding="utf-8").splitlines()
    frames = [line[2:] for line in lines if line[:2] in ("> ", "< ")]
    region = next(bytes.fromhex(line[8:]) for line in lines if line.startswith("region: "))
    for line in lines:
        if line.startswith("operation: "):
            envelope, body = (b"" if part == "-" else bytes.fromhex(part)
                              for part in line.split(" ")[1:])
            signed_for = bytes(32) if operation_id(envelope) == region else region
            report.run(f"{path.name} operation",
                       lambda: check_signed(envelope, body, signed_for, shapes))
    if not frames:
        report.fail(path.name, "no frame")
    for number, frame in enumerate(frames):
        report.run(f"{path.name} frame {number}",
                   lambda: check_frame(bytes.fromhex(frame), shapes))


# MARK: links and requests (Protocol/charter.md#links)

LINK_RULES = {
    "region": "region-link", "join": "join-request", "device": "device-request",
    "council": "council-member",
}
# The places of the keys and the domain; the first key has signed, but for a region link.
LINK_KEYS = {"region": [4], "join": [2, 4], "device": [2, 3], "council": [1]}
LINK_NAMES = {
    "region": {3: "address", 4: "node"}, "device": {1: "region", 2: "officer", 3: "node"},
    "council": {1: "council", 2: "successor"},
    "join": {1: "region", 2: "root", 3: "successor", 4: "node", 5: "address", 6: "code", 7: "name"},
}
# The kinds of failure that an error of a link vector may show here, beside those of an operation.
LINK_REJECTIONS = {
    "link-prefix": {"prefix"}, "link-alphabet": {"alphabet"}, "link-checksum": {"checksum"},
    "link-version": {"version"}, "link-key": {"key"}, "not-founding": {"founding"},
}


def link_bytes(line, kind):
    compact = "".join(line.split()).replace(">", "")
    prefix, colon, text = compact.partition(":")
    if prefix != f"sprida-{kind}" or not colon:
        raise Failure("prefix", f"line: does not begin with sprida-{kind}:")
    if not re.fullmatch("[A-Za-z0-9_-]*", text):
        raise Failure("alphabet", "line: a character outside base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Failure("checksum", f"line: {error}") from error
    content, checksum = data[:-4], data[-4:]
    again = base64.urlsafe_b64encode(data).decode().rstrip("=")
    if len(data) < 5 or again != text or hashlib.sha256(content).digest()[:4] != checksum:
        raise Failure("checksum", "line: the checksum does not hold")
    return content


def read_link(vector, shapes):
    """What a line says; throws the first failure in the order of Protocol/charter.md#links."""
    kind = vector.text("kind")
    data = link_bytes(vector.text("line"), kind)
    payload = data if kind == "region" else open_envelope(data)[0]
    item = decode_profile(payload, "link")
    if type(item) is not list or not item or type(item[0]) is not int:
        raise Failure("shape", "link: not an array with a version in front")
    if item[0] != 1:
        raise Failure("version", f"link: version {item[0]}")
    shapes.check(LINK_RULES[kind], payload, "link")
    for place in LINK_KEYS[kind]:
        check_key(item[place], f"key {place}")
    if kind == "region":
        check_founding(item[1], item[2], shapes)
        return item, operation_id(item[1])
    if kind == "council":
        # Made before there is a region.
        verify(data, item[1], ZERO_REGION, "sprida/1/council-member")
        return item, ZERO_REGION
    verify(data, item[2], item[1], f"sprida/1/{kind}-request")
    return item, item[1]


def check_founding(envelope, body, shapes):
    payload, _ = open_envelope(envelope)
    header = decode_profile(payload, "payload")
    verify(envelope, author_of(header), ZERO_REGION)
    check_header(shapes, header, payload)
    if body:
        check_digest(header, body)
        decode_profile(body, "body")
        check_body(shapes, body)
    else:
        check_no_body(header)
    check_values(header, body)
    act = header[8]
    if header[1] != 0 or act[0] != 0 or header[3] or header[4] or header[2] not in [
        key for key, _ in act[1]
    ]:
        raise Failure("founding", "link: not a founding operation of one of its keys")


def check_link(vector, shapes):
    item, region = read_link(vector, shapes)
    for place, name in LINK_NAMES[vector.text("kind")].items():
        said = item[place].hex() if type(item[place]) is bytes else item[place]
        if vector.text(name) != said:
            raise Failure("content", f"{name}: {said}, expected {vector.text(name)}")
    if vector.hex("region") != region:
        raise Failure("content", f"region: {region.hex()}")


def reject_link(vector, shapes):
    code = vector.text("error")
    expected = LINK_REJECTIONS.get(code) or expected_rejection(code)
    try:
        read_link(vector, shapes)
    except Failure as failure:
        if failure.group not in expected:
            raise Failure("file", f"expected {code}, but the first failure is: {failure}") from None
    else:
        raise Failure("file", f"expected {code}, but nothing fails here")


def check_links(folder, shapes, report):
    for kind, check in (("accept", check_link), ("reject", reject_link)):
        paths = sorted((folder / kind).glob("*.txt"))
        if not paths:
            report.fail(f"link/{kind}", "no vectors here")
        for path in paths:
            report.run(f"link/{kind}/{path.name}", lambda: check(Vector(path), shapes))


def check_vectors(root):
    folder = root / "Protocol" / "vectors" / "operation"
    files = {kind: sorted((folder / kind).glob("*.txt")) for kind in ("accept", "reject")}
    report = Report()
    for kind, paths in files.items():
        if not paths:
            report.fail(str(folder / kind), "no vectors here")
    schema = root / "Protocol" / "sprida.cddl"
    if not schema.is_file():
        report.fail(str(schema), "no such file")
        return report.close()
    shapes = Shapes(schema)
    for kind, paths in files.items():
        for path in paths:
            name = f"{kind}/{path.name}"
            try:
                vector = Vector(path)
                if kind == "accept":
                    check_accept(vector, name, shapes, report)
                else:
                    check_reject(vector, name, shapes, report)
            except Failure as failure:
                report.fail(name, failure)
    check_links(root / "Protocol" / "vectors" / "link", shapes, report)
    folds = sorted((root / "Protocol" / "vectors" / "fold").glob("*.txt"))
    if not folds:
        report.fail("fold", "no vectors here")
    for path in folds:
        check_fold(path, shapes, report)
    sessions = sorted((root / "Protocol" / "vectors" / "session").glob("*.txt"))
    if not sessions:
        report.fail("session", "no vectors here")
    for path in sessions:
        check_session(path, shapes, report)
    report.run("delta", lambda: check_delta(root / "Protocol" / "session.md"))
    return report.close()


# MARK: one exported operation


def verify_cose(region_hex, data):
    if not re.fullmatch(r"[0-9a-fA-F]{64}", region_hex):
        sys.exit("check.py: --region: expected 64 hexadecimal digits")
    if not data.strip():
        sys.exit("check.py: nothing on standard input")
    if re.fullmatch(rb"[0-9a-fA-F\s]+", data):
        try:
            data = bytes.fromhex(data.decode("ascii"))
        except ValueError as error:
            sys.exit(f"check.py: standard input looks like hexadecimal, but: {error}")
    region, identity = bytes.fromhex(region_hex), operation_id(data)
    if identity == region:
        region = ZERO_REGION  # the founding operation is signed before the region has an id
    try:
        payload, _ = open_envelope(data)
        verify(data, author_of(decode_profile(payload, "payload")), region)
    except Failure as failure:
        print(f"check.py: {failure}", file=sys.stderr)
        return 1
    print(identity.hex())
    return 0


def main():
    if sys.argv[1:2] == ["verify-cose"]:
        parser = argparse.ArgumentParser(prog="check.py verify-cose")
        parser.add_argument("--region", required=True, help="the region id, 64 hexadecimal digits")
        arguments = parser.parse_args(sys.argv[2:])
        return verify_cose(arguments.region, sys.stdin.buffer.read())
    parser = argparse.ArgumentParser(prog="check.py", usage="check.py ROOT | verify-cose --region HEX")
    parser.add_argument("root", type=Path, help="the folder that holds Package.swift")
    return check_vectors(parser.parse_args().root)


if __name__ == "__main__":
    sys.exit(main())
