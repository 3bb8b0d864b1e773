/**
 * The book of one user on one service (protocol §4): read it, compare it, send changes. Refusals are thrown as `ServerProblem`, a missing
 * answer as `ServerUnreachable`.
 *
 * @module
 */

import { AnswerSize } from './answer.js';
import { toHex } from './bytes.js';
import { digestOf } from './check-code.js';
import { bookEvents } from './events.js';
import { History } from './history.js';
import { Http } from './http.js';
import { ServerProblem } from './problem.js';
import { Tasks } from './tasks.js';
import { mapInSlices } from './turns.js';

/** Milliseconds for which the limits of a service are kept (protocol 4.1.1). */
const CAPABILITIES_MILLIS = 300_000;

/** Contacts of one page; a page ends earlier when it is large. */
const PAGE = 1_000;

/** Entries of one page. */
const ENTRIES_PAGE = 5_000;

/** Prefixes in one request: a path of some 400 characters. */
const PREFIXES = 128;

/** Ten times the largest book; a listing without an end is not read further. */
const MOST_CONTACTS = 2_000_000;

/** One user's book. */
export class Book {
  #http;
  #limits;
  #limitsUntil = 0;
  #now;

  /** @param {object} options of {@link Http}, and `now`: milliseconds of a clock that never goes back */
  constructor({ now = () => performance.now(), ...options }) {
    this.#http = options.http ?? new Http(options);
    this.#now = now;
    /** The user's sync tasks. */
    this.tasks = new Tasks(this.#http, () => this.capabilities());
    /** What the book was, and the way back. */
    this.history = new History(this.#http, this.tasks);
  }

  /** Listens to what the book is, until the signal is aborted: see `events.js`. */
  events(options) {
    return bookEvents(this.#http, options);
  }

  /** Limits of the service (protocol 4.1); kept for five minutes. */
  async capabilities(signal) {
    if (this.#limits === undefined || this.#now() >= this.#limitsUntil) {
      this.#limits = await this.#http.json('GET', '/v1/capabilities', { anonymous: true, signal });
      this.#limitsUntil = this.#now() + CAPABILITIES_MILLIS;
    }
    return this.#limits;
  }

  /** `count`, `seq`, `checkCode`, `checkKey` and `queue` (protocol 4.2). */
  async head(signal) {
    return this.#http.json('GET', '/v1/book', { signal });
  }

  /** Whether the book has this check code: a request and an answer without bodies. */
  async isAt(checkCode, signal) {
    const answer = await this.#http.send('HEAD', '/v1/book', { headers: { 'If-None-Match': `"${checkCode}"` }, signal });
    if (answer.status !== 304) {
      answer.requireSuccess();
    }
    return answer.status === 304;
  }

  /** One contact with its content hash, or `undefined`. */
  async contact(uid, signal) {
    const answer = await this.#http.send('GET', `/v1/book/contacts/${encodeURIComponent(uid)}`, { size: AnswerSize.PAGE, signal });
    if (answer.status === 404) {
      return undefined;
    }
    answer.requireSuccess();
    return answer.json();
  }

  /**
   * The pages of all contacts, as one book.
   *
   * @returns {AsyncGenerator<{ contacts: Array<object>, checkCode: string }>}
   * @throws {ServerProblem} `check-code-mismatch` if the book changes meanwhile: begin again
   */
  async *pages({ limit = PAGE, signal } = {}) {
    let checkCode;
    let contacts = 0;
    for (let path = `/v1/book/contacts?limit=${limit}`; path !== undefined; ) {
      const page = await this.#http.json('GET', path, { headers: matching(checkCode), size: AnswerSize.PAGE, signal });
      checkCode ??= page.checkCode;
      contacts += listOf(page, 'contacts').length;
      path = this.#next(page.next, page.contacts.length, contacts);
      yield { contacts: page.contacts, checkCode };
    }
  }

  /**
   * All contacts, if they are what the service says: their check code is computed here. A listing that was cut short has another one.
   *
   * @param {CheckCodes} codes of the book
   * @returns {Promise<{ contacts: Array<{ uid, card, contentHash }>, checkCode: string } | undefined>} `undefined` if the book changed
   *   meanwhile
   * @throws {ServerProblem} `listing-incomplete` if the contacts have another code
   */
  async contents(codes, { signal } = {}) {
    const contacts = [];
    let checkCode;
    try {
      for await (const page of this.pages({ signal })) {
        contacts.push(...page.contacts);
        checkCode = page.checkCode;
      }
    } catch (error) {
      if (error instanceof ServerProblem && error.status === 412) {
        return undefined;
      }
      throw error;
    }
    const hashed = await codes.hashes(contacts, { signal });
    if ((await codes.checkCode(digestOf(hashed))) !== checkCode) {
      throw found('listing-incomplete', 'The list of contacts does not have the check code that the service says');
    }
    const listed = await mapInSlices(hashed.entries(), ([i, { uid, contentHash }]) => ({ uid, card: contacts[i].card, contentHash }), signal);
    return { contacts: listed, checkCode };
  }

  /**
   * All changes since a seq (protocol 4.6), or `undefined` if the service no longer has them: then compare the tree.
   *
   * @returns {Promise<{ changes: Array<object>, checkCode: string, seq: number } | undefined>}
   */
  async changes(since, { signal } = {}) {
    const changes = [];
    for (let path = `/v1/book/changes?since=${since}&limit=${PAGE}`; ; ) {
      const answer = await this.#http.send('GET', path, { size: AnswerSize.PAGE, signal });
      if (answer.status === 410) {
        return undefined;
      }
      answer.requireSuccess();
      const page = answer.json();
      changes.push(...listOf(page, 'changes'));
      if (!page.hasMore) {
        return { changes, checkCode: page.checkCode, seq: page.seq };
      }
      path = this.#next(page.next, page.changes.length, changes.length);
    }
  }

  /**
   * The nodes of the digest tree `depth` levels below `prefix` (protocol 4.7).
   *
   * @returns {Promise<{ checkCode: string, nodes: Map<string, string> }>} nodes as 32 hexadecimal digits by prefix
   */
  async nodes({ prefix = '', depth = 2, signal } = {}) {
    const path = `/v1/book/digests?prefix=${prefix}&depth=${depth}`;
    const answer = await this.#http.send('GET', path, { headers: { Accept: 'application/octet-stream, application/problem+json' }, signal });
    answer.requireSuccess();
    const bytes = answer.bytes();
    const width = 16;
    if (bytes.length !== width * 16 ** depth || answer.tag === undefined) {
      throw answer.unreadable();
    }
    const nodes = new Map();
    for (let i = 0; i < 16 ** depth; i++) {
      const name = prefix + (depth === 0 ? '' : i.toString(16).padStart(depth, '0'));
      nodes.set(name, toHex(bytes.subarray(width * i, width * (i + 1))));
    }
    return { checkCode: answer.tag, nodes };
  }

  /**
   * Uids and content hashes under prefixes, all of one book (protocol 4.7.3).
   *
   * @param {string[]} prefixes each of 0 to 4 hexadecimal digits
   * @returns {Promise<{ checkCode: string, entries: Map<string, string> } | undefined>} `undefined` if the book changed meanwhile
   */
  async entries(prefixes, { signal } = {}) {
    const entries = new Map();
    let checkCode;
    for (let i = 0; i < prefixes.length; i += PREFIXES) {
      const some = prefixes.slice(i, i + PREFIXES).join(',');
      for (let path = `/v1/book/digests/entries?prefix=${some}&limit=${ENTRIES_PAGE}`; path !== undefined; ) {
        const answer = await this.#http.send('GET', path, { headers: matching(checkCode), size: AnswerSize.ENTRIES, signal });
        if (answer.status === 412) {
          return undefined;
        }
        answer.requireSuccess();
        const page = answer.json();
        checkCode ??= page.checkCode;
        for (const [uid, contentHash] of listOf(page, 'entries')) {
          entries.set(uid, contentHash);
        }
        path = this.#next(page.next, page.entries.length, entries.size);
      }
    }
    return { checkCode, entries };
  }

  /** The next page, or `undefined`; a listing that leads to no end is left. */
  #next(link, received, total) {
    if (link === undefined) {
      return undefined;
    }
    if (received === 0 || total > MOST_CONTACTS) {
      throw found('endless-listing', 'The pages of the service lead to no end');
    }
    return this.#http.follow(link);
  }
}

function matching(checkCode) {
  return checkCode === undefined ? {} : { 'If-Match': `"${checkCode}"` };
}

function listOf(page, member) {
  if (!Array.isArray(page[member])) {
    throw found('unreadable-answer', 'The answer does not follow the protocol');
  }
  return page[member];
}

function found(code, detail) {
  return new ServerProblem({ status: 0, code, detail, next: "Check the server's address, then try again." });
}
