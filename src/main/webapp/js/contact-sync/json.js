/**
 * A strict JSON parser (RFC 8259) for text that comes from elsewhere: `JSON.parse` keeps the last of two members with one name
 * and forgets how a number was written, so that `1.0`, `-0` and `1e2` would become integers.
 *
 * @module
 */

const RUN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS = { t: ['true', true], f: ['false', false], n: ['null', null] };

/** Levels of objects and arrays: a card has 8 and is in a change, in a list, in an answer, in a task, in a list. */
const DEEPEST = 24;

/** The text is not JSON. Its message says where, and quotes nothing of the text. */
export class MalformedJson extends Error {
  constructor(reason, position) {
    super(`not JSON: ${reason} at character ${position}`);
    this.name = 'MalformedJson';
    /** Index of the character, from 0. */
    this.position = position;
  }
}

/**
 * Parses a whole text. Members become own properties, `__proto__` too. The work is proportional to the length of the text,
 * however deep it is nested.
 *
 * @param {string | Uint8Array} source text, or its UTF-8 bytes
 * @param {object} [options]
 * @param {number} [options.deepest] levels of objects and arrays; 24 by default
 * @param {(code: string, path: Array<string | number>) => void} [options.onFlaw] told of `duplicate-key`, `too-deep`,
 *   `not-an-integer` and `integer-too-large` with the path of the value, instead of an error; the value is then not the one that was
 *   written
 * @throws {MalformedJson} also for invalid UTF-8 and, without `onFlaw`, for a name that occurs twice or too many levels
 */
export function parseJson(source, options = {}) {
  return new Parser(textOf(source), options.deepest ?? DEEPEST, options.onFlaw).document();
}

function textOf(source) {
  if (typeof source === 'string') {
    return source;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source);
  } catch {
    throw new MalformedJson('invalid UTF-8', 0);
  }
}

class Parser {
  #text;
  #deepest;
  #onFlaw;
  #at = 0;
  #path = [];

  constructor(text, deepest, onFlaw) {
    this.#text = text;
    this.#deepest = deepest;
    this.#onFlaw = onFlaw;
  }

  document() {
    const value = this.#value(1);
    this.#space();
    if (this.#at < this.#text.length) {
      this.#fail('something after the end');
    }
    return value;
  }

  #value(depth) {
    this.#space();
    const first = this.#text[this.#at];
    if (first !== '{' && first !== '[') {
      return this.#scalar(first);
    }
    if (depth > this.#deepest) {
      this.#flaw('too-deep');
      this.#skip();
      return undefined;
    }
    this.#at++;
    return first === '{' ? this.#members(depth) : this.#items(depth);
  }

  #members(depth) {
    const members = {};
    if (this.#isNext('}')) {
      return members;
    }
    do {
      const name = this.#memberName();
      this.#path.push(name);
      const value = this.#value(depth + 1);
      if (Object.hasOwn(members, name)) {
        this.#flaw('duplicate-key');
      } else if (name === '__proto__') {
        Object.defineProperty(members, name, { value, writable: true, enumerable: true, configurable: true });
      } else {
        members[name] = value;
      }
      this.#path.pop();
    } while (this.#isNext(','));
    this.#expect('}');
    return members;
  }

  #items(depth) {
    const items = [];
    if (this.#isNext(']')) {
      return items;
    }
    do {
      this.#path.push(items.length);
      items.push(this.#value(depth + 1));
      this.#path.pop();
    } while (this.#isNext(','));
    this.#expect(']');
    return items;
  }

  #memberName() {
    this.#space();
    if (this.#text[this.#at] !== '"') {
      this.#fail('a member name is expected');
    }
    const name = this.#string();
    this.#expect(':');
    return name;
  }

  #scalar(first) {
    if (first === '"') {
      return this.#string();
    }
    const word = Object.hasOwn(WORDS, first ?? '') ? WORDS[first] : undefined;
    if (word !== undefined && this.#text.startsWith(word[0], this.#at)) {
      this.#at += word[0].length;
      return word[1];
    }
    return this.#number();
  }

  #number() {
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) {
      this.#fail('a value is expected');
    }
    this.#at += digits.length;
    const number = Number(digits);
    if (this.#onFlaw === undefined) {
      return number;
    }
    if (digits === '-0' || /[.eE]/.test(digits)) {
      this.#flaw('not-an-integer');
      return 0;
    }
    if (!Number.isSafeInteger(number)) {
      this.#flaw('integer-too-large');
      return 0;
    }
    return number;
  }

  #string() {
    let text = '';
    this.#at++;
    for (;;) {
      RUN.lastIndex = this.#at;
      text += RUN.exec(this.#text)[0];
      this.#at = RUN.lastIndex;
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at++;
        return text;
      }
      if (next !== '\\') {
        this.#fail(next === undefined ? 'a string without an end' : 'a control character in a string');
      }
      text += this.#escape();
    }
  }

  #escape() {
    const letter = this.#text[this.#at + 1];
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
        this.#fail('an escape without four digits');
      }
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (letter === undefined || !Object.hasOwn(ESCAPES, letter)) {
      this.#fail('an unknown escape');
    }
    this.#at += 2;
    return ESCAPES[letter];
  }

  /** Passes over a value of any depth without recursion. */
  #skip() {
    const closings = [];
    do {
      this.#space();
      const first = this.#text[this.#at];
      if (first === '{' || first === '[') {
        const closing = first === '{' ? '}' : ']';
        this.#at++;
        if (!this.#isNext(closing)) {
          closings.push(closing);
          this.#nameIn(closing);
          continue;
        }
      } else {
        this.#skipScalar(first);
      }
      while (closings.length > 0 && !this.#isNext(',')) {
        this.#expect(closings.pop());
      }
      if (closings.length > 0) {
        this.#nameIn(closings.at(-1));
      }
    } while (closings.length > 0);
  }

  #nameIn(closing) {
    if (closing === '}') {
      this.#memberName();
    }
  }

  /** What is too deep is one flaw, whatever its numbers are. */
  #skipScalar(first) {
    const onFlaw = this.#onFlaw;
    this.#onFlaw = () => {};
    this.#scalar(first);
    this.#onFlaw = onFlaw;
  }

  #isNext(character) {
    this.#space();
    const found = this.#text[this.#at] === character;
    this.#at += found ? 1 : 0;
    return found;
  }

  #expect(character) {
    if (!this.#isNext(character)) {
      this.#fail(`${character} is expected`);
    }
  }

  #space() {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #flaw(code) {
    if (this.#onFlaw === undefined) {
      this.#fail(code === 'duplicate-key' ? 'a member name occurs twice in one object' : 'too many levels');
    }
    this.#onFlaw(code, this.#path.slice());
  }

  #fail(reason) {
    throw new MalformedJson(reason, this.#at);
  }
}
