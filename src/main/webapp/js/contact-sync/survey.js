/**
 * Finds out the state of the service's book as cheaply as possible: from what a refusal contains, from the feed of changes, or from the
 * digest tree, whose cost depends on the difference and not on the size (protocol §10). What is found is used only if its check code is
 * the service's.
 *
 * @module
 */

import { CheckCodes } from './check-code.js';
import { DigestTree, differingPrefixes } from './digest-tree.js';
import { KnownBook } from './known-book.js';
import { agreed, outcomeOf } from './memory.js';
import { ServerProblem } from './problem.js';
import { afterRestore } from './restored-book.js';
import { forEachInSlices } from './turns.js';

/** The book may change between two requests; one that changes so often is looked at later. */
const ATTEMPTS = 5;

const TREE_DEPTH = 2;

/** Looks at one book. */
export class Survey {
  #book;
  #onProgress;
  #signal;
  #mayFill;
  #isTwoWay;

  /**
   * @param {boolean} [told.mayFill] whether a book that began anew gets everything again
   * @param {boolean} [told.isTwoWay] whether the address book gets what others changed
   */
  constructor(book, { onProgress, signal, mayFill = false, isTwoWay = false } = {}) {
    this.#book = book;
    this.#onProgress = onProgress;
    this.#signal = signal;
    this.#mayFill = mayFill;
    this.#isTwoWay = isTwoWay;
    /** How often the books were compared. */
    this.number = 0;
  }

  /** The state of a client that meets this book for the first time: it knows the contacts and has sent none. */
  async readInitialState() {
    const head = await this.#book.head(this.#signal);
    const codes = await CheckCodes.of(head.checkKey);
    const known = KnownBook.empty(codes);
    const nothing = { checkKey: head.checkKey, codes, checkCode: await known.checkCode(), seq: 0, known };
    return head.checkCode === nothing.checkCode ? agreed(nothing, head.checkCode, head.seq, known) : this.#compare(nothing, head);
  }

  /**
   * The state brought to what the service has now. A task that was under way and turns out to be applied is taken over.
   *
   * A service that was restored from a backup has lost what came after it; `restored-book.js` says what that means. It is found out by a
   * lower seq, by another code at the same seq, or by a whole feed that does not lead from the state to the book (protocol 10.2).
   *
   * @param {State} state
   * @param {object} [missed] of a refusal or an answer: all that others changed since the state's code
   * @param {Map<string, string>} phone content hashes of the address book by uid, with the state's key
   * @throws {ServerProblem} if the account was erased, and no person has decided that it is filled again (protocol 4.23.4)
   */
  async bringUpToDate(state, missed, phone) {
    const head = await this.#book.head(this.#signal);
    if (head.checkKey !== state.checkKey) {
      if (!this.#mayFill && head.count === 0 && [...state.known.contacts.values()].some(({ sent }) => sent !== undefined)) {
        throw new ServerProblem({
          status: 0,
          code: 'account-began-anew',
          detail: 'The book is empty and new: the account was erased, or the service has lost it',
          next: 'If the contacts are to be there again, push or sync with beginAnew.',
        });
      }
      const met = await this.readInitialState();
      if (this.#isTwoWay) {
        return met; // what differs was put there since the book began anew: a conflict, and not older (protocol 10.2)
      }
      return { ...met, known: await afterRestore(state.known, met.known, phone, false) };
    }
    if (head.checkCode === state.checkCode) {
      return state;
    }
    const arrived = await this.#arrived(state, head);
    if (arrived !== undefined) {
      return arrived;
    }
    this.number++;
    this.#onProgress?.({ kind: 'comparing' });
    if (head.seq <= state.seq) {
      // Set back, also if others have gone on since: its feed tells nothing of what it lost. The book itself is compared.
      return this.#restored(state, head, phone);
    }
    const told = isComplete(missed) ? await this.#withChanges(state, missed.changes, head) : undefined;
    if (told !== undefined) {
      return told;
    }
    const feed = await this.#book.changes(state.seq, { signal: this.#signal });
    // The feed is compared with the code of its own last page: the book may have gone on since it was looked at.
    const fed = feed === undefined ? undefined : await this.#withChanges(state, feed.changes, feed);
    if (fed !== undefined) {
      return fed;
    }
    const isAnother = feed !== undefined && state.seq > 0;
    return isAnother ? this.#restored(state, head, phone) : this.#compare(state, head);
  }

  /** The pending task, if the service's book is what it leads to. */
  async #arrived(state, head) {
    if (state.pending?.checkAfter !== head.checkCode) {
      return undefined;
    }
    const after = await state.known.withOurs(outcomeOf(state.pending));
    return (await after.checkCode()) === head.checkCode ? agreed(state, head.checkCode, head.seq, after) : undefined;
  }

  /** The service's book, if it does not come from the state: whatever is missing or older there was lost, and nobody has deleted it. */
  async #restored(state, head, phone) {
    const compared = await this.#compare(state, head);
    return { ...compared, known: await afterRestore(state.known, compared.known, phone, true) };
  }

  async #withChanges(state, changes, head) {
    const known = await state.known.withTheirs(changes);
    return (await known.checkCode()) === head.checkCode ? remembering(state, head.checkCode, head.seq, known) : undefined;
  }

  async #compare(state, first) {
    let head = first;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const tree = await this.#book.nodes({ depth: TREE_DEPTH, signal: this.#signal });
      const changes = await this.#differences(state, tree.nodes);
      if (changes !== undefined && tree.checkCode === head.checkCode) {
        const known = await state.known.withTheirs(changes);
        if ((await known.checkCode()) === head.checkCode) {
          return remembering(state, head.checkCode, head.seq, known);
        }
      }
      head = await this.#book.head(this.#signal);
    }
    throw new ServerProblem({
      status: 0,
      code: 'book-keeps-changing',
      detail: 'The book changed at every look, or its digest tree does not fit its check code',
      next: 'Push again when the other devices are done.',
    });
  }

  /** What the service has under the nodes that differ, as changes; `undefined` if the book changed meanwhile. */
  async #differences({ codes, known }, theirs) {
    const hashes = await known.hashes();
    const uids = [...hashes.keys()];
    const positions = await codes.positions(uids, { signal: this.#signal });
    const entries = await codes.entries([...hashes].map(([uid, contentHash]) => ({ uid, contentHash })), { signal: this.#signal });
    const own = new DigestTree();
    await forEachInSlices(positions.entries(), ([i, position]) => own.add(position, entries[i]), this.#signal);
    const differing = new Set(await differingPrefixes(codes, own.nodes('', TREE_DEPTH), theirs));
    if (differing.size === 0) {
      return [];
    }
    const there = await this.#book.entries([...differing], { signal: this.#signal });
    if (there === undefined) {
      return undefined;
    }
    const gone = uids.filter((uid, i) => differing.has(positions[i].slice(0, TREE_DEPTH)) && !there.entries.has(uid));
    return [...[...there.entries].map(([uid, contentHash]) => ({ uid, contentHash })), ...gone.map((uid) => ({ uid }))];
  }
}

/** Whether an answer has told all that others changed (protocol 5.4). */
export function isComplete(missed) {
  return missed?.complete === true && Array.isArray(missed.changes);
}

/** What was under way is remembered: its contacts count as this client's where the service has, or lacks, them as was sent. */
async function remembering(state, checkCode, seq, known) {
  if (state.pending === undefined) {
    return agreed(state, checkCode, seq, known);
  }
  const arrived = [...outcomeOf(state.pending)].filter(([uid, hash]) => known.contacts.get(uid)?.onServer === hash);
  return { ...agreed(state, checkCode, seq, await known.withOurs(new Map(arrived))), pending: state.pending };
}
