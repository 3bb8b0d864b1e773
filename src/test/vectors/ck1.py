#!/usr/bin/env python3
"""An implementation of the check code ck1 that shares nothing with the Java one, and the maker of more-vectors.json.

    python3 src/test/vectors/ck1.py           checks that both vector files say what this script computes
    python3 src/test/vectors/ck1.py --write   checks vectors.json, then writes more-vectors.json anew

Only the standard library is used: hmac and hashlib for H, json for reading and for the canonical form. The result is
the same on every run. Where a vector and an implementation differ, first read docs/protocol.md, then decide which of
the two is wrong; never change a vector to make code pass.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "resources" / "check-code"
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 8
MAX_UID_BYTES = 255
MAX_CARD_BYTES = 256 * 1024


# --- the check code ------------------------------------------------------------------------------------------------


class Ck1:
    """Hashes, nodes and check codes under the key of one book."""

    def __init__(self, key):
        self.key = key

    def h(self, tag, *parts):
        return hmac.new(self.key, bytes([tag]) + b"".join(parts), hashlib.sha256).digest()

    def content_hash(self, card):
        return self.h(1, canonical(card))

    def entry(self, uid, card):
        name = uid.encode()
        return int.from_bytes(self.h(2, bytes([len(name)]), name, self.content_hash(card)), "big")

    def position(self, uid):
        return self.h(3, uid.encode())[:2].hex()

    def node(self, prefix, count, total):
        name = prefix.encode("ascii")
        return self.h(4, bytes([len(name)]), name, count.to_bytes(8, "big"), total.to_bytes(32, "big"))

    def check_code(self, book):
        """book: a dict of uid to card."""
        root = self.node("", len(book), self.total(book))
        return "ck1." + base64.urlsafe_b64encode(root).decode().rstrip("=")

    def total(self, book):
        return sum(self.entry(uid, card) for uid, card in book.items()) % 2**256

    def tree(self, book, prefixes):
        """The nodes of these prefixes; those below the root are cut to 16 bytes."""
        places = [(self.position(uid), self.entry(uid, card)) for uid, card in book.items()]
        for prefix in prefixes:
            entries = [entry for position, entry in places if position.startswith(prefix)]
            node = self.node(prefix, len(entries), sum(entries) % 2**256)[:16]
            yield {"prefix": prefix, "count": len(entries), "node": node.hex()}


def canonical(card):
    """RFC 8785 over the card profile: ASCII keys, no fractions. There json.dumps does just that."""
    return json.dumps(card, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# --- the card profile ----------------------------------------------------------------------------------------------


class Pairs(list):
    """An object as it was written: (key, value) in order, a key perhaps twice."""


class Number(str):
    """A number as it was written."""


def flaws(text):
    """Every (code, pointer) that is wrong with the contact {"uid":…,"card":…} written as JSON in text."""
    try:
        contact = json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number)
    except RecursionError:
        # Deeper than Python reads: in these vectors always nested as {"uid":…,"card":{"a":[[[…]]]}}.
        return [("too-deep", "/card/a" + "/0" * (MAX_DEPTH - 1))]
    found = []
    members = dict(contact)
    found += [("unknown-member", "/" + key) for key in members if key not in ("uid", "card")]
    if "uid" not in members:
        found.append(("uid-missing", "/uid"))
    elif not type(members["uid"]) is str:
        found.append(("wrong-type", "/uid"))
    else:
        found += uid_flaws(members["uid"])
    if "card" not in members:
        found.append(("member-missing", "/card"))
    elif not type(members["card"]) is Pairs:
        found.append(("wrong-type", "/card"))
    else:
        found += value_flaws(members["card"], "/card", 1)
        found += [("uid-in-card", "/card/uid") for key, _ in members["card"] if key == "uid"]
        if not found and len(canonical(plain(members["card"]))) > MAX_CARD_BYTES:
            found.append(("contact-too-large", "/card"))
    return found


def uid_flaws(uid):
    if any(ord(c) < 0x20 for c in uid):
        return [("control-character", "/uid")]
    if any(0xD800 <= ord(c) < 0xE000 for c in uid):
        return [("lone-surrogate", "/uid")]
    return [] if 1 <= len(uid.encode()) <= MAX_UID_BYTES else [("uid-length", "/uid")]


def value_flaws(value, pointer, depth):
    if isinstance(value, (Pairs, list)) and depth > MAX_DEPTH:
        return [("too-deep", pointer)]
    if isinstance(value, Pairs):
        keys = [key for key, _ in value]
        found = [("duplicate-key", below(pointer, key)) for key in sorted(set(keys)) if keys.count(key) > 1]
        # Of the object: the key itself may be nothing that can be written.
        found += [("key-not-ascii", pointer) for k in keys if any(not " " <= c <= "~" for c in k)]
        return found + [f for key, child in value for f in value_flaws(child, below(pointer, key), depth + 1)]
    if isinstance(value, list):
        return [f for i, child in enumerate(value) for f in value_flaws(child, below(pointer, str(i)), depth + 1)]
    if isinstance(value, Number):
        if value == "-0" or not value.lstrip("-").isdigit():
            return [("not-an-integer", pointer)]
        return [("integer-too-large", pointer)] if abs(int(value)) > MAX_INTEGER else []
    if isinstance(value, str):
        if any(ord(c) < 0x20 and c not in "\t\n" for c in value):
            return [("control-character", pointer)]
        return [("lone-surrogate", pointer)] if any(0xD800 <= ord(c) < 0xE000 for c in value) else []
    return [("null-value", pointer)] if value is None else []


def below(pointer, key):
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1")


def plain(value):
    """The value as json.loads gives it without hooks."""
    if isinstance(value, Pairs):
        return {key: plain(child) for key, child in value}
    if isinstance(value, list):
        return [plain(child) for child in value]
    return int(value) if isinstance(value, Number) else value


def whole(parts):
    """A text given as a string, or as a list of strings and [string, times]."""
    if isinstance(parts, str):
        return parts
    return "".join(part if isinstance(part, str) else part[0] * part[1] for part in parts)


# --- vectors.json, which is given ----------------------------------------------------------------------------------


def check_given():
    given = json.loads((FOLDER / "vectors.json").read_text())
    ck1 = Ck1(bytes.fromhex(given["keyHex"]))
    book = {}
    for step in given["book"]:
        if step["op"] == "put":
            book[step["uid"]] = step["card"]
            check_contact(ck1, step)
            same(f"{ck1.entry(step['uid'], step['card']):064x}", step["entry"])
            same(ck1.position(step["uid"]), step["position"])
        elif step["op"] == "delete":
            del book[step["uid"]]
        same([len(book), f"{ck1.total(book):064x}", ck1.check_code(book)], [step[k] for k in ("count", "sum", "checkCode")])
    check_contact(ck1, given["decomposedUnicode"])
    tree = {f"c-{n:04}": small_card(n) for n in range(1000)}
    same(ck1.check_code(tree), given["tree"]["checkCode"])
    nodes = given["tree"]["nodes"]
    same(list(ck1.tree(tree, [node["prefix"] for node in nodes])), nodes)


def small_card(n):
    phones = {"k1": {"number": f"+1 555 {n:04}"}}
    return {"@type": "Card", "version": "1.0", "name": {"full": f"Contact {n}"}, "phones": phones}


def check_contact(ck1, vector):
    same(canonical(vector["card"]).hex(), vector["canonicalHex"])
    same(ck1.content_hash(vector["card"]).hex(), vector["contentHash"])


def same(computed, given):
    if computed != given:
        sys.exit(f"computed {computed}\nbut given {given}")


# --- more-vectors.json, made here ----------------------------------------------------------------------------------

NAME = '{"name":{"full":"Ada"}}'
NESTED_8 = '{"a":' * 7 + "{}" + "}" * 7
MIXED_8 = '{"a":[' * 4 + "]}" * 4

# what, uid, the card as it may come over the wire
VALID = [
    ("an empty card", "u", "{}"),
    ("empty strings, objects, arrays and an empty key", "u", '{"":"","a":{},"b":[],"c":[[],{}]}'),
    ("white space between tokens is not content", "u", ' { "b" : [ 1 , 2 ] ,\r\n\t"a" : true } '),
    ("members in code-unit order: digits, capitals, underscore, small letters", "u", '{"b":1,"a":2,"_":3,"B":4,"A":5,"10":6,"9":7,"@type":8,"~":9," ":10,"!":11}'),
    ("a key that starts another key", "u", '{"aa":1,"a":2,"a/b":3,"a b":4,"a~":5}'),
    ("keys with quote and backslash", "u", '{"\\"":1,"\\\\":2,"\\u0041":3}'),
    ("every escape that JSON has for what a card may hold", "u", '{"a":"\\" \\\\ \\/ \\n \\t \\u0022 \\u005c \\u002f \\u000A \\u0009 \\u0041"}'),
    ("\\u escapes of two, three and four bytes become the characters", "u", '{"a":"\\u00e9 \\u5218 \\ud83d\\ude00 \\uD83D\\uDE00"}'),
    ("what JavaScript once had to escape stays as it is: U+2028, U+2029, DEL, C1, <, &, /", "u", '{"a":"\u2028\u2029\u007f\u0080\u009f</&>"}'),
    ("non-characters and private use are well-formed", "u", '{"a":"\ufffe\uffff\ue000\U0010ffff"}'),
    ("byte order mark and replacement character inside a string", "u", '{"a":"\ufeff\ufffd"}'),
    ("combining marks, right-to-left, joiners and a flag are not normalised", "u", '{"a":"e\u0301 \u00e9 \u05d3\u05d5\u05d3 \u0639\u0645\u0631 \U0001f468\u200d\U0001f469 \U0001f1e9\U0001f1ea"}'),
    ("the ligature and the letters are two contents", "u", '{"a":"\ufb01 fi"}'),
    ("spaces at the ends of a string", "u", '{"a":"  Ada  "}'),
    ("the integers at the limits", "u", f'{{"a":{MAX_INTEGER},"b":{-MAX_INTEGER},"c":0,"d":-1,"e":{2**31},"f":{2**32},"g":{-2**31 - 1}}}'),
    ("ten to the fifteenth has no exponent", "u", '{"a":1000000000000000}'),
    ("arrays keep their order, and true is not 1", "u", '{"a":[3,1,2,true,false,"1",1]}'),
    ("depth 8, objects", "u", NESTED_8),
    ("depth 8, objects and arrays in turn", "u", MIXED_8),
    ("depth 8 twice, with text in the innermost", "u", '{"a":[[[[[[["x"]]]]]]],"b":[[[[[[[1,true]]]]]]]}'),
    ("a name like uid deeper in the card", "u", '{"relatedTo":{"uid":{"uid":"x"}},"Uid":1}'),
    ("uid of 1 byte, a space", " ", NAME),
    ("uid with quote, backslash and slash", '"\\/%2F', NAME),
    ("uid of 255 bytes ASCII", "x" * 255, NAME),
    ("uid of 255 bytes, 85 characters of 3", "\u5218" * 85, NAME),
    ("uid of 255 bytes, 63 characters of 4 and one of 3", "\U0001f600" * 63 + "\u5218", NAME),
    ("uid of 254 bytes, 127 characters of 2", "\u00e9" * 127, NAME),
    ("uid precomposed", "Zo\u00eb", NAME),
    ("uid decomposed is another contact", "Zoe\u0308", NAME),
    ("a card of exactly 256 KiB", "u", ['{"a":"', ["x", MAX_CARD_BYTES - 8], '"}']),
    ("a card of exactly 256 KiB in characters of 4 bytes", "u", ['{"a":"', ["\U0001f600", MAX_CARD_BYTES // 4 - 2], '"}']),
]


def contact(card=NAME, uid='"u"'):
    return f'{{"uid":{uid},"card":{card}}}'


# what, the code of the flaw, the contact as it may come over the wire
INVALID = [
    ("no uid", "uid-missing", '{"card":{}}'),
    ("no card", "member-missing", '{"uid":"u"}'),
    ("a member that a contact does not have", "unknown-member", '{"uid":"u","card":{},"etag":"x"}'),
    ("uid is a number", "wrong-type", contact(uid="1")),
    ("card is an array", "wrong-type", contact("[]")),
    ("card is a string", "wrong-type", contact('"{}"')),
    ("uid is empty", "uid-length", contact(uid='""')),
    ("uid of 256 bytes ASCII", "uid-length", contact(uid='"' + "x" * 256 + '"')),
    ("uid of 256 bytes, 128 characters of 2", "uid-length", contact(uid='"' + "\u00e9" * 128 + '"')),
    ("uid of 256 bytes, 64 characters of 4", "uid-length", contact(uid='"' + "\U0001f600" * 64 + '"')),
    ("uid of 258 bytes, 86 characters of 3", "uid-length", contact(uid='"' + "\u5218" * 86 + '"')),
    ("uid with U+0000", "control-character", contact(uid='"a\\u0000b"')),
    ("uid with TAB", "control-character", contact(uid='"a\\tb"')),
    ("uid with LF at the end", "control-character", contact(uid='"a\\n"')),
    ("uid with a lone surrogate", "lone-surrogate", contact(uid='"a\\ud800"')),
    ("uid in the card", "uid-in-card", contact('{"uid":"u","name":{}}')),
    *[(f"U+{c:04X} in a string", "control-character", contact(f'{{"a":"x\\u{c:04x}y"}}')) for c in range(0x20) if c not in (9, 10)],
    ("short escape of CR", "control-character", contact('{"name":{"full":"a\\r\\n"}}')),
    ("a high surrogate alone", "lone-surrogate", contact('{"a":"x\\ud83dy"}')),
    ("a low surrogate alone", "lone-surrogate", contact('{"a":"\\ude00"}')),
    ("a high surrogate at the end", "lone-surrogate", contact('{"a":["ok","x\\uD83D"]}')),
    ("surrogates in the wrong order", "lone-surrogate", contact('{"a":"\\ude00\\ud83d"}')),
    ("two high surrogates before a low one", "lone-surrogate", contact('{"a":"\\ud83d\\ud83d\\ude00"}')),
    ("a key of two bytes", "key-not-ascii", contact('{"name":{"caf\u00e9":true}}')),
    ("a key of two bytes, escaped", "key-not-ascii", contact('{"caf\\u00e9":true}')),
    ("a key with a control character", "key-not-ascii", contact('{"a":[{"x\\u0001":true}]}')),
    ("a key with DEL", "key-not-ascii", contact('{"name":{"\u007f":true}}')),
    ("a key with a lone surrogate", "key-not-ascii", contact('{"\\ud800":true}')),
    ("a key of four bytes", "key-not-ascii", contact('{"\U0001f600":1}')),
    ("2^53", "integer-too-large", contact(f'{{"a":{2**53}}}')),
    ("-2^53", "integer-too-large", contact(f'{{"a":{-2**53}}}')),
    ("2^63", "integer-too-large", contact(f'{{"a":{2**63}}}')),
    ("2^64, which wraps to 0", "integer-too-large", contact(f'{{"a":{2**64}}}')),
    ("an integer of 100 digits", "integer-too-large", contact(f'{{"a":[{"9" * 100}]}}')),
    ("a fraction", "not-an-integer", contact('{"a":1.5}')),
    ("a fraction of zero", "not-an-integer", contact('{"a":1.0}')),
    ("an exponent", "not-an-integer", contact('{"a":1e2}')),
    ("an exponent with sign and capital", "not-an-integer", contact('{"a":[1,10E-1]}')),
    ("an exponent of zero", "not-an-integer", contact('{"a":1e0}')),
    ("an exponent out of every range", "not-an-integer", contact('{"a":1e999999999}')),
    ("minus zero", "not-an-integer", contact('{"a":-0}')),
    ("minus zero with fraction", "not-an-integer", contact('{"a":-0.0}')),
    ("null in an object", "null-value", contact('{"name":{"full":null}}')),
    ("null in an array", "null-value", contact('{"a":[1,null]}')),
    ("a key twice", "duplicate-key", contact('{"a":1,"a":2}')),
    ("a key twice with the same value", "duplicate-key", contact('{"name":{"full":"x","full":"x"}}')),
    ("a key twice, once escaped", "duplicate-key", contact('{"a":1,"b":2,"\\u0061":3}')),
    ("a key twice in an object in an array", "duplicate-key", contact('{"a":[{},{"k/1":{"b":1,"b":2}}]}')),
    ("depth 9, objects", "too-deep", contact('{"a":' * 8 + "{}" + "}" * 8)),
    ("depth 9, arrays", "too-deep", contact('{"a":' + "[" * 8 + "]" * 8 + "}")),
    ("depth 9, objects and arrays in turn", "too-deep", contact('{"a":[' * 4 + "{}" + "]}" * 4)),
    ("depth 100,000", "too-deep", ['{"uid":"u","card":{"a":', ["[", 99_999], ["]", 99_999], "}}"]),
    ("one byte over 256 KiB", "contact-too-large", ['{"uid":"u","card":{"a":"', ["x", MAX_CARD_BYTES - 7], '"}}']),
    ("one byte over 256 KiB once canonical: LF takes two", "contact-too-large", ['{"uid":"u","card":{"a":"', ["\\n", MAX_CARD_BYTES // 2 - 4], 'x"}}']),
]

# what, bytes in place of a contact that are no JSON text or no UTF-8: the request is refused, whatever else it holds
MALFORMED = [
    ("no value", b'{"uid":"u","card":{"a":}}'),
    ("a line feed inside a string", b'{"uid":"u","card":{"a":"x\ny"}}'),
    ("a tab inside a string", b'{"uid":"u","card":{"a":"x\ty"}}'),
    ("a zero byte inside a string", b'{"uid":"u","card":{"a":"x\0y"}}'),
    ("a leading zero", b'{"uid":"u","card":{"a":01}}'),
    ("a plus sign", b'{"uid":"u","card":{"a":+1}}'),
    ("no digit after the point", b'{"uid":"u","card":{"a":1.}}'),
    ("hexadecimal", b'{"uid":"u","card":{"a":0x10}}'),
    ("NaN", b'{"uid":"u","card":{"a":NaN}}'),
    ("a comma at the end of an object", b'{"uid":"u","card":{"a":1,}}'),
    ("a comma at the end of an array", b'{"uid":"u","card":{"a":[1,]}}'),
    ("a key without quotes", b'{"uid":"u","card":{a:1}}'),
    ("single quotes", b"{'uid':'u','card':{}}"),
    ("a comment", b'{"uid":"u","card":{}/**/}'),
    ("an unknown escape", b'{"uid":"u","card":{"a":"\\x41"}}'),
    ("an escape of three digits", b'{"uid":"u","card":{"a":"\\u041"}}'),
    ("cut off", b'{"uid":"u","card":{"a":1}'),
    ("something after the end", b'{"uid":"u","card":{}}]'),
    ("ISO 8859-1", b'{"uid":"u","card":{"a":"Zo\xeb"}}'),
    ("a surrogate in UTF-8 (CESU-8)", b'{"uid":"u","card":{"a":"\xed\xa0\xbd\xed\xb8\x80"}}'),
    ("U+0000 in two bytes", b'{"uid":"u","card":{"a":"\xc0\x80"}}'),
    ("a slash in two bytes", b'{"uid":"u","card":{"a":"\xc0\xaf"}}'),
    ("beyond U+10FFFF", b'{"uid":"u","card":{"a":"\xf4\x90\x80\x80"}}'),
    ("a character cut in the middle", b'{"uid":"u","card":{"a":"\xe5\x88"}}'),
]


def big_card(n):
    """The card of contact n of the big book; its formula stands in words in the file."""
    return {
        "@type": "Card",
        "version": "1.0",
        "name": {"full": f"Kontakt \u5218 {n}"},
        "phones": {"k1": {"number": f"+49 30 {n:07}", "pref": n % 100 + 1}},
        "emails": {"k1": {"address": f"c{n}@example.com"}},
        "keywords": {"odd" if n % 2 else "even": True},
    }


def more_vectors():
    key = bytes(range(32))
    ck1 = Ck1(key)
    return {
        "scheme": "ck1",
        "note": "made by src/test/vectors/ck1.py. A text that is too long to be written out stands as a list of strings"
        " and [string, times]. Cards and contacts are texts because they hold what a parser would lose. Pointers start"
        " at the contact; one to a key that is not printable ASCII ends at the object that has it.",
        "keyHex": key.hex(),
        "valid": [valid(ck1, *vector) for vector in VALID],
        "otherKeys": [other_key(bytes.fromhex(key)) for key in ("00" * 32, "ff" * 32, "5a" * 32)],
        "invalid": [invalid(*vector) for vector in INVALID],
        "malformed": [malformed(*vector) for vector in MALFORMED],
        "downToEmpty": down_to_empty(ck1),
        "bigBook": big_book(ck1),
    }


def valid(ck1, what, uid, text):
    card = json.loads(whole(text))
    same(flaws(contact(whole(text), json.dumps(uid))), [])
    form = {"canonicalHex": canonical(card).hex()} if isinstance(text, str) else {"canonicalBytes": len(canonical(card))}
    return {
        "what": what,
        "uid": uid,
        "card": text,
        **form,
        "contentHash": ck1.content_hash(card).hex(),
        "entry": f"{ck1.entry(uid, card):064x}",
        "position": ck1.position(uid),
        "checkCode": ck1.check_code({uid: card}),
    }


def other_key(key):
    ck1 = Ck1(key)
    card = json.loads(NAME)
    return {
        "keyHex": key.hex(),
        "keyBase64url": base64.urlsafe_b64encode(key).decode().rstrip("="),
        "empty": ck1.check_code({}),
        "uid": "u",
        "card": NAME,
        "contentHash": ck1.content_hash(card).hex(),
        "position": ck1.position("u"),
        "checkCode": ck1.check_code({"u": card}),
    }


def invalid(what, code, text):
    found = flaws(whole(text))
    same([found[0][0], len(set(found))], [code, 1])
    return {"what": what, "contact": text, "code": code, "pointer": found[0][1]}


def malformed(what, data):
    try:
        json.loads(data.decode(), parse_constant=lambda name: int(name))
    except ValueError:
        return {"what": what, "hex": data.hex()}
    sys.exit(f"not malformed: {what}")


def down_to_empty(ck1):
    """Twenty contacts come, then go in another order; the last code is that of the empty book."""
    book, steps = {}, []
    for n in range(20):
        book[f"c-{n:04}"] = small_card(n)
        steps.append({"op": "put", "n": n, "count": len(book), "checkCode": ck1.check_code(book)})
    for n in sorted(range(20), key=lambda n: n * 7 % 20):
        del book[f"c-{n:04}"]
        steps.append({"op": "delete", "n": n, "count": len(book), "checkCode": ck1.check_code(book)})
    same(steps[-1]["checkCode"], ck1.check_code({}))
    return {"formula": 'contact n is {"uid": "c-NNNN"} with the card of "tree" in vectors.json', "steps": steps}


def big_book(ck1):
    book = {f"big-{n:05}": big_card(n) for n in range(10_000)}
    prefixes = [f"{n:x}" for n in range(16)] + ["00", "7f", "ff", "a3f", "fff", "0000", ck1.position("big-00000"), "ffff"]
    return {
        "formula": 'uid big-NNNNN, n = 0 … 9999; card {"@type":"Card","version":"1.0","name":{"full":"Kontakt 刘 n"},'
        '"phones":{"k1":{"number":"+49 30 nnnnnnn","pref":n mod 100 + 1}},"emails":{"k1":{"address":"cn@example.com"}},'
        '"keywords":{"even" or "odd":true}} with n without, NNNNN and nnnnnnn (five and seven digits) with leading zeros',
        "count": len(book),
        "canonicalBytes": sum(len(canonical(card)) for card in book.values()),
        "sum": f"{ck1.total(book):064x}",
        "checkCode": ck1.check_code(book),
        "nodes": list(ck1.tree(book, prefixes)),
    }


def main():
    check_given()
    text = json.dumps(more_vectors(), indent=1, ensure_ascii=True) + "\n"
    file = FOLDER / "more-vectors.json"
    if "--write" in sys.argv[1:]:
        file.write_text(text)
    elif file.read_text() != text:
        sys.exit(f"{file.name} is not what this script makes; run it with --write and look at the difference")
    print("vectors.json and more-vectors.json agree with this implementation")


if __name__ == "__main__":
    main()
