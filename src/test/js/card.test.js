/** Protocol 2.1, 2.2 and 5.5: which contacts are refused, with which code, at which place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../main/webapp/js/contact-sync/bytes.js';
import { InvalidContact, canonicalText, cardFlaws, readContact, uidFlaw } from '../../main/webapp/js/contact-sync/card.js';
import { MalformedJson, parseJson } from '../../main/webapp/js/contact-sync/json.js';
import { moreVectors, textOf } from './vectors.js';

/** `code pointer` of each flaw. */
function flawsOf(source) {
  try {
    readContact(source);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidContact, String(error));
    return error.flaws.map((flaw) => `${flaw.code} ${flaw.pointer}`);
  }
}

function codesOf(card) {
  return cardFlaws(card).map((flaw) => `${flaw.code} ${flaw.pointer}`);
}

for (const { what, contact, code, pointer } of moreVectors.invalid) {
  test(`invalid: ${what}`, () => {
    assert.deepEqual(flawsOf(textOf(contact)), [`${code} ${pointer}`]);
  });
}

for (const { what, hex } of moreVectors.malformed) {
  test(`malformed: ${what}`, () => {
    assert.throws(() => readContact(fromHex(hex)), MalformedJson);
  });
}

test('every flaw of a contact is listed', () => {
  const found = flawsOf('{"uid":7,"card":{"a":null,"b":[1.5,{"c":1,"c":2}],"uid":"x"},"more":1}');

  assert.deepEqual(found.sort(), [
    'duplicate-key /card/b/1/c',
    'not-an-integer /card/b/0',
    'null-value /card/a',
    'uid-in-card /card/uid',
    'unknown-member /more',
    'wrong-type /uid',
  ]);
});

test('a value of a program is checked as one of a text', () => {
  assert.deepEqual(codesOf({ a: null }), ['null-value /a']);
  assert.deepEqual(codesOf({ a: -0, b: 1.5, c: NaN, d: Infinity, e: 2 ** 53, f: -(2 ** 53) }), [
    'not-an-integer /a',
    'not-an-integer /b',
    'not-an-integer /c',
    'not-an-integer /d',
    'integer-too-large /e',
    'integer-too-large /f',
  ]);
  assert.deepEqual(codesOf({ a: 'x\ud800', b: 'x\u0000', c: '\udc00\ud800' }), [
    'lone-surrogate /a',
    'control-character /b',
    'lone-surrogate /c',
  ]);
  assert.deepEqual(codesOf({ 'a/b~c': null }), ['null-value /a~1b~0c']);
  assert.deepEqual(codesOf({ ключ: 1 }), ['key-not-ascii ']);
});

test('what JSON does not have is no card', () => {
  class Card {}
  for (const value of [undefined, () => 1, Symbol('x'), 1n, new Date(), new Map(), new Card(), new String('x'), [, 1]]) {
    assert.deepEqual(codesOf({ a: value }).map((each) => each.split(' ')[0]), ['wrong-type']);
  }
  for (const value of [null, undefined, 'card', 7, [], new Card()]) {
    assert.deepEqual(codesOf(value), ['wrong-type ']);
  }
});

test('a card that contains itself ends', () => {
  const circle = {};
  circle.a = circle;
  assert.deepEqual(codesOf(circle), ['too-deep /a/a/a/a/a/a/a/a']);

  let wide = ['x'];
  for (let level = 0; level < 6; level++) {
    wide = Array(1000).fill(wide);
  }
  assert.deepEqual(codesOf({ wide }), ['contact-too-large ']);
});

test('a member named __proto__ is content like any other', () => {
  const { card } = readContact('{"uid":"u","card":{"__proto__":{"a":1},"constructor":2}}');

  assert.equal(canonicalText(card), '{"__proto__":{"a":1},"constructor":2}');
  assert.equal(canonicalText(JSON.parse('{"__proto__":1}')), '{"__proto__":1}');
  assert.deepEqual(flawsOf('{"uid":"u","card":{"__proto__":1,"__proto__":2}}'), ['duplicate-key /card/__proto__']);
});

test('an error quotes no contact data', () => {
  const secret = 'Grace Hopper';
  for (const text of [`{"uid":"u","card":{"a":"${secret}\\u0000"}}`, `{"uid":"u","card":{"a":"${secret}"`]) {
    assert.throws(
      () => readContact(text),
      (error) => !`${error.message}${JSON.stringify(error.flaws)}`.includes('Hopper'),
    );
  }
});

test('flaws and pointers are bounded', () => {
  const long = 'k'.repeat(990);

  assert.equal(cardFlaws({ a: Array(5_000).fill(null) }).length, 1_000);
  assert.equal(codesOf({ [long]: { [long]: null } })[0], `null-value /${long}`);
});

test('parsed JSON is what JSON.parse makes of it', () => {
  for (const text of ['{}', '[]', '0', '-0', '1.5e3', '"\\u00e9\\ud83d\\ude00"', ' [1, {"a": [true, false, null]}, "x"] ', '1e999']) {
    assert.deepEqual(parseJson(text), JSON.parse(text), text);
  }
  for (const text of ['', ' ', '{', '{"a"}', '{"a":1 "b":2}', '[1 2]', 'nul', '01', '1.', '.5', '"\u0007"', '"\\x"', '{"a":1,"a":1}', '\ufeff1']) {
    assert.throws(() => parseJson(text), MalformedJson, text);
  }
});

test('depth costs no stack', () => {
  const deep = 1_000_000;
  const contact = `{"uid":"u","card":{"a":${'[{"b":'.repeat(deep)}1${'}]'.repeat(deep)}}}`;

  assert.deepEqual(flawsOf(contact), ['too-deep /card/a/0/b/0/b/0/b/0']);
  assert.throws(() => readContact('['.repeat(deep)), MalformedJson);
  assert.throws(() => parseJson('['.repeat(25) + ']'.repeat(25)), MalformedJson);
});

test('uids', () => {
  assert.equal(uidFlaw('urn:uuid:1'), undefined);
  assert.equal(uidFlaw('é'.repeat(127)), undefined);
  assert.equal(uidFlaw('').code, 'uid-length');
  assert.equal(uidFlaw('é'.repeat(128)).code, 'uid-length');
  assert.equal(uidFlaw('a\tb').code, 'control-character');
  assert.equal(uidFlaw('\ud800').code, 'lone-surrogate');
  assert.equal(uidFlaw(7).code, 'wrong-type');
});
