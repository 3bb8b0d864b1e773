/**
 * The card profile and canonical bytes (protocol 2.1, 2.2 and 2.3.2).
 *
 * @module
 */

import { utf8 } from './bytes.js';
import { parseJson } from './json.js';

/** Levels of objects and arrays; the card is the first. */
export const MAX_DEPTH = 8;

/** Canonical bytes of one card. */
export const MAX_CARD_BYTES = 262_144;

/** Bytes of a uid in UTF-8. */
export const MAX_UID_BYTES = 255;

/** Flaws that are listed of one contact; more do not help anybody. */
const MOST_FLAWS = 1_000;

/** Characters of a pointer; a longer one points to what encloses the value. */
const LONGEST_POINTER = 1_000;

/** Of a text: a control character other than TAB and LF, or a surrogate without its partner. */
const BAD_CHARACTER = /[\u0000-\u0008\u000b-\u001f]|[\ud800-\udfff]/u;

const DETAILS = {
  'null-value': 'a card contains no null; leave the member out',
  'not-an-integer': 'numbers are integers, written without fraction, exponent or minus zero',
  'integer-too-large': 'integers are at most 2^53 - 1 away from zero',
  'control-character': 'only TAB and LF are allowed of the characters below U+0020',
  'lone-surrogate': 'the text is not well-formed Unicode: a surrogate stands alone',
  'key-not-ascii': 'member names are printable ASCII',
  'duplicate-key': 'a member name occurs twice in the same object',
  'too-deep': `objects and arrays are nested at most ${MAX_DEPTH} levels deep`,
  'uid-in-card': 'the uid is beside the card, not in it',
  'contact-too-large': `a card has at most ${MAX_CARD_BYTES} canonical bytes`,
  'uid-length': `a uid has 1 to ${MAX_UID_BYTES} bytes in UTF-8`,
  'uid-missing': 'each contact has a uid',
  'member-missing': 'this member is required',
  'unknown-member': 'this member is not known here; leave it out',
  'wrong-type': 'a value of another type is expected',
};

/** A contact or card breaks rules of the profile. Message and flaws contain no contact data except member names in pointers. */
export class InvalidContact extends Error {
  constructor(flaws) {
    super(flaws.map((flaw) => `${flaw.pointer || 'the value'}: ${flaw.code}: ${flaw.detail}`).slice(0, 5).join('; '));
    this.name = 'InvalidContact';
    /** `{ pointer, code, detail }` of each broken rule; codes of protocol 5.5. */
    this.flaws = flaws;
  }
}

/** The first rule that `uid` breaks, or `undefined`. */
export function uidFlaw(uid) {
  if (typeof uid !== 'string') {
    return flaw('wrong-type', '');
  }
  if (uid === '' || uid.length > MAX_UID_BYTES || utf8(uid).length > MAX_UID_BYTES) {
    return flaw('uid-length', '');
  }
  if (/[\u0000-\u001f]/.test(uid)) {
    return { pointer: '', code: 'control-character', detail: 'a uid contains no control characters' };
  }
  return BAD_CHARACTER.test(uid) ? flaw('lone-surrogate', '') : undefined;
}

/** @throws {InvalidContact} unless `uid` is one */
export function requireUid(uid) {
  const found = uidFlaw(uid);
  if (found !== undefined) {
    throw new InvalidContact([{ ...found, pointer: '/uid' }]);
  }
  return uid;
}

/**
 * The canonical text of a card; its UTF-8 bytes are the canonical bytes. The card is read once and not changed.
 *
 * @param {object} card JSON values: plain objects, arrays, strings, booleans, integers
 * @throws {InvalidContact} with every rule that it breaks
 */
export function canonicalText(card) {
  const { text, flaws } = written(card);
  if (flaws.length > 0) {
    throw new InvalidContact(flaws);
  }
  return text;
}

/** The canonical bytes of a card, as {@link canonicalText}. */
export function canonicalBytes(card) {
  return utf8(canonicalText(card));
}

/** Every rule that a card breaks, at most 1,000; empty if it is valid. */
export function cardFlaws(card) {
  return written(card).flaws;
}

/**
 * Reads one contact, `{"uid":…,"card":{…}}`, from JSON text with everything that `JSON.parse` would lose.
 *
 * @param {string | Uint8Array} source
 * @returns {{ uid: string, card: object }}
 * @throws {MalformedJson} if it is not JSON
 * @throws {InvalidContact} with every rule that it breaks
 */
export function readContact(source) {
  const found = new Flaws();
  const contact = parseJson(source, { deepest: MAX_DEPTH + 1, onFlaw: (code, path) => found.addAt(code, path) });
  if (!isObject(contact)) {
    throw new InvalidContact([flaw('wrong-type', '')]);
  }
  for (const name of Object.keys(contact)) {
    if (name !== 'uid' && name !== 'card') {
      found.addAt('unknown-member', [name]);
    }
  }
  if (!Object.hasOwn(contact, 'uid')) {
    found.add('uid-missing', '/uid');
  } else {
    const uid = uidFlaw(contact.uid);
    if (uid !== undefined) {
      found.list.push({ ...uid, pointer: '/uid' });
    }
  }
  if (!Object.hasOwn(contact, 'card')) {
    found.add('member-missing', '/card');
  } else {
    findCardFlaws(contact.card, found);
  }
  if (found.list.length > 0) {
    throw new InvalidContact(found.list);
  }
  return { uid: contact.uid, card: contact.card };
}

/** What the parser has found in the card already stands there as a value that passes. */
function findCardFlaws(card, found) {
  const tooDeep = new Set(found.list.filter((each) => each.code === 'too-deep').map((each) => each.pointer));
  for (const each of written(card).flaws) {
    const pointer = `/card${each.pointer}`;
    if (!tooDeep.has(pointer)) {
      found.list.push({ ...each, pointer });
    }
  }
}

function written(card) {
  const writer = new CardWriter();
  const text = isObject(card) ? writer.value(card, 1) : writer.flaws.add('wrong-type', '');
  if (isObject(card) && Object.hasOwn(card, 'uid')) {
    writer.flaws.add('uid-in-card', '/uid');
  }
  if (writer.flaws.list.length === 0 && (writer.isFull() || utf8(text).length > MAX_CARD_BYTES)) {
    writer.flaws.add('contact-too-large', '');
  }
  return { text, flaws: writer.flaws.list };
}

/** Writes canonical text and collects flaws. It stops when the text is too long: shared values may repeat without end. */
class CardWriter {
  flaws = new Flaws();
  #path = [];
  #characters = 0;

  isFull() {
    return this.#characters > MAX_CARD_BYTES;
  }

  value(value, depth) {
    if (this.isFull()) {
      return '';
    }
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return this.#number(value);
      case 'boolean':
        return this.#wrote(String(value));
      default:
        return this.#container(value, depth);
    }
  }

  #container(value, depth) {
    if (value === null) {
      return this.#flaw('null-value');
    }
    const isList = Array.isArray(value);
    if (!isList && !isObject(value)) {
      return this.#flaw('wrong-type');
    }
    if (depth > MAX_DEPTH) {
      return this.#flaw('too-deep');
    }
    this.#characters += 2;
    return isList ? this.#items(value, depth) : this.#members(value, depth);
  }

  #items(items, depth) {
    const parts = [];
    for (let i = 0; i < items.length && !this.isFull(); i++) {
      this.#path.push(i);
      parts.push(this.value(items[i], depth + 1));
      this.#path.pop();
      this.#characters += i > 0 ? 1 : 0;
    }
    return `[${parts.join(',')}]`;
  }

  #members(members, depth) {
    const parts = [];
    for (const name of Object.keys(members).sort()) {
      const isGood = /^[\x20-\x7e]*$/.test(name);
      if (!isGood) {
        this.#flaw('key-not-ascii');
      }
      this.#path.push(isGood ? name : undefined);
      parts.push(`${this.#wrote(JSON.stringify(name))}:${this.value(members[name], depth + 1)}`);
      this.#path.pop();
      this.#characters += parts.length > 1 ? 2 : 1;
      if (this.isFull()) {
        break;
      }
    }
    return `{${parts.join(',')}}`;
  }

  #string(text) {
    const bad = BAD_CHARACTER.exec(text);
    if (bad !== null) {
      return this.#flaw(bad[0] < ' ' ? 'control-character' : 'lone-surrogate');
    }
    // Of a text without those, JSON.stringify escapes what RFC 8785 escapes, in the same way.
    return this.#wrote(JSON.stringify(text));
  }

  #number(number) {
    if (!Number.isInteger(number) || Object.is(number, -0)) {
      return this.#flaw('not-an-integer');
    }
    return Number.isSafeInteger(number) ? this.#wrote(String(number)) : this.#flaw('integer-too-large');
  }

  #wrote(text) {
    this.#characters += text.length;
    return text;
  }

  #flaw(code) {
    return this.flaws.addAt(code, this.#path);
  }
}

class Flaws {
  list = [];

  add(code, pointer) {
    if (this.list.length < MOST_FLAWS) {
      this.list.push(flaw(code, pointer));
    }
    return '';
  }

  /** @param path names and indexes; `undefined` for a name that cannot be shown */
  addAt(code, path) {
    let pointer = '';
    for (const step of path) {
      const name = String(step ?? '').replaceAll('~', '~0').replaceAll('/', '~1');
      if (step !== undefined && /^[\x20-\x7e]*$/.test(name) && pointer.length + name.length < LONGEST_POINTER) {
        pointer += `/${name}`;
      }
    }
    return this.add(code, pointer);
  }
}

function flaw(code, pointer) {
  return { pointer, code, detail: DETAILS[code] };
}

/** A plain object, also of another window; no instance of a class, whose JSON form is its own matter. */
function isObject(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty'));
}
