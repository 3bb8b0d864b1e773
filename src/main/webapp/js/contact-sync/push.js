/**
 * One push: compare – send the difference – compare the second check code – if it differs, compare again, and as a last resort a full
 * upload.
 *
 * @module
 */

import { compareCarefully, compareExactly } from './comparison.js';
import { fitsOneRequest } from './delivery.js';
import { KnownBook } from './known-book.js';
import { agreed } from './memory.js';
import { put, putText } from './requests.js';
import { isComplete } from './survey.js';
import { forEachInSlices, sortInSlices } from './turns.js';

/** The first incremental sync, the second one that the protocol names, and one more for a device that came between. */
const INCREMENTAL_ATTEMPTS = 3;

/** The book is read so often for a full upload before the client gives in to devices that keep changing it. */
const READ_ATTEMPTS = 5;

/** The service's own rule (protocol 4.3.8): from this size on, deleting more than half needs a person. */
const GUARDED_BOOK = 20;

/** Whether a deletion of so many of so many contacts needs a person. */
export function isMassDelete(deleted, size) {
  return size >= GUARDED_BOOK && 2 * deleted > size;
}

/** Brings one address book, as it was read, to the service. */
export class Push {
  #parts;
  #phone;
  #options;

  constructor(parts, phone, options) {
    this.#parts = parts;
    this.#phone = phone;
    this.#options = options;
  }

  /** @param {State} from where client and service stand */
  async run(from) {
    const { memory, delivery, keeper, book, onProgress } = this.#parts;
    const { replace, onConflict, isTwoWay, confirmDeletes, priority, signal } = this.#options;
    let state = from;
    if (replace) {
      return this.#fullUpload(state);
    }
    let sent;
    for (let attempt = 1; attempt <= INCREMENTAL_ATTEMPTS; attempt++) {
      const difference = await compareCarefully(await this.#hashed(state), state.known, onConflict, { isTwoWay, signal });
      if (difference.changes.length === 0 && !this.#isHeldUp(difference)) {
        await this.#settle(state, difference);
        return sent ?? this.#summary('agreed', difference, state.checkCode, 'nothing');
      }
      const stop = this.#stopBefore(difference, state.known, state.checkCode);
      if (stop !== undefined) {
        return stop;
      }
      if (onConflict === 'keep' && !(await keeper.keep(difference.conflicts, state.codes))) {
        state = await this.#upToDate(state);
        continue;
      }
      const after = await difference.before.withOurs(difference.outcome);
      const isOneRequest = fitsOneRequest(difference.changes, await book.capabilities(signal));
      const shipment = { changes: difference.changes, outcome: difference.outcome, checkAfter: await after.checkCode() };
      const way = isOneRequest ? 'one-request' : 'chunks';
      onProgress?.({ kind: 'sending', changes: shipment.changes.length, way, checkBefore: state.checkCode, checkAfter: shipment.checkAfter });
      const outcome = isOneRequest
        ? await delivery.sendInOneRequest(state, shipment, { onMismatch: attempt === 1 ? 'refuse' : 'rebase', confirmDeletes, priority })
        : await delivery.sendInChunks(state, { ...shipment, ...(await this.#upload(state, difference)) }, { confirmDeletes });
      if (outcome.stopped !== undefined) {
        return { kind: 'refused', problem: outcome.stopped };
      }
      if (outcome.moved) {
        state = await this.#upToDate({ ...state, pending: undefined }, outcome.missed);
        continue;
      }
      keeper.markApplied(difference.conflicts);
      const assumed = await assuming(state, after, difference.outcome, outcome.done);
      const summary = await this.#summary('agreed', difference, assumed.checkCode, isOneRequest ? 'one-request' : 'chunks');
      if (assumed.checkCode === outcome.done.checkCode) {
        await memory.save(assumed);
        return summary;
      }
      state = await this.#upToDate(assumed);
      sent = { ...summary, checkCode: state.checkCode };
    }
    return this.#fullUpload(state);
  }

  async #upload(state, { before }) {
    return { kind: state.known.size === 0 ? 'initial' : 'changes', checkBefore: state.checkCode, known: await before.hashes() };
  }

  async #hashed({ checkKey, codes }) {
    return this.#phone.hashed(checkKey, codes, this.#options.signal);
  }

  async #upToDate(state, missed) {
    return upToDate(this.#parts, this.#phone, state, missed);
  }

  /** Nothing is left to send: a task of an earlier run is taken back, and what was found equal is stored. */
  async #settle(state, difference) {
    if (this.#options.dryRun) {
      return;
    }
    if (state.pending?.task !== undefined) {
      await this.#parts.book.tasks.cancel(state.pending.task, this.#options.signal);
    }
    await this.#parts.memory.save(agreed(state, state.checkCode, state.seq, difference.before));
  }

  /** What ends the push before anything is sent: a conflict, a dry run, or deletions that a person has to confirm. */
  #stopBefore(difference, server, checkCode) {
    if (this.#isHeldUp(difference)) {
      return { kind: 'conflicting', conflicts: this.#parts.keeper.all(difference.conflicts) };
    }
    if (this.#options.dryRun) {
      return this.#summary('planned', difference, checkCode, 'nothing');
    }
    const { deleted } = difference.counts;
    const { size } = server;
    const isAll = deleted > 0 && this.#phone.texts.size === 0;
    return (isMassDelete(deleted, size) || isAll) && !this.#options.confirmDeletes ? { kind: 'needs-confirmation', deletes: deleted, count: size } : undefined;
  }

  #isHeldUp({ conflicts }) {
    return this.#options.onConflict === 'stop' && conflicts.size > 0;
  }

  /**
   * The whole book in one upload. Unless it is to replace everything, what only the service has goes into it as well: it is read first,
   * what was read must have the service's check code, and the upload is refused if the book changes in between.
   */
  async #fullUpload(from) {
    const { memory, delivery, keeper, book, onProgress } = this.#parts;
    const { replace, onConflict, isTwoWay, confirmDeletes, signal } = this.#options;
    let state = from;
    for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
      const contents = await book.contents(state.codes, { signal });
      if (contents === undefined) {
        continue;
      }
      const phone = await this.#hashed(state);
      const server = await knownOf(contents, state);
      const difference = replace
        ? await compareExactly(phone, server, signal)
        : await compareCarefully(phone, server, onConflict, { isTwoWay, signal });
      const stop = this.#stopBefore(difference, server, contents.checkCode);
      if (stop !== undefined) {
        return stop;
      }
      if (onConflict === 'keep' && !(await keeper.keep(difference.conflicts, state.codes, contents.contacts))) {
        continue;
      }
      const after = await difference.before.withOurs(difference.outcome);
      const shipment = await wholeBook(contents, difference, after);
      onProgress?.({ kind: 'sending', changes: shipment.changes.length, way: 'replace' });
      const outcome = await delivery.sendInChunks(state, shipment, { confirmDeletes });
      if (outcome.stopped !== undefined) {
        return { kind: 'refused', problem: outcome.stopped };
      }
      if (outcome.done !== undefined) {
        const checkAfter = await after.checkCode();
        if (outcome.done.checkCode !== checkAfter) {
          return { kind: 'disagreed', server: outcome.done.checkCode, own: checkAfter };
        }
        await memory.save(agreed(state, checkAfter, outcome.done.seq, after));
        keeper.markApplied(difference.conflicts);
        return this.#summary('agreed', difference, checkAfter, 'replace');
      }
      state = { ...state, pending: undefined };
    }
    return { kind: 'disagreed', server: (await book.head(signal)).checkCode, own: state.checkCode };
  }

  #summary(kind, { counts, theirs, conflicts }, checkCode, way) {
    const { survey, keeper } = this.#parts;
    return { kind, ...counts, theirs, conflicts: keeper.all(conflicts), invalid: this.#phone.invalid, checkCode, way, repairs: survey.number };
  }
}

/** The stored state if the service's book is still what it says: one HEAD request. Otherwise what the service has. */
export async function whereWeStand(parts, phone) {
  const { memory, survey, book, signal } = parts;
  const saved = await memory.load();
  if (saved === undefined) {
    return survey.readInitialState();
  }
  return (await book.isAt(saved.checkCode, signal)) ? saved : upToDate(parts, phone, saved);
}

/** A state brought to what the service has now. */
export async function upToDate({ survey, signal }, phone, state, missed) {
  const { contacts } = await phone.hashed(state.checkKey, state.codes, signal);
  const hashes = new Map([...contacts].map(([uid, { contentHash }]) => [uid, contentHash]));
  return survey.bringUpToDate(state, missed, hashes);
}

/**
 * The state if the service applied just this difference on top of what it says that others did before. Its check code is computed, not
 * taken from the service: the two are compared.
 */
async function assuming(state, after, outcome, result) {
  const theirs = (isComplete(result.missed) ? result.missed.changes : []).filter(({ uid }) => !outcome.has(uid));
  const known = await after.withTheirs(theirs);
  const checkCode = await known.checkCode();
  return agreed(state, checkCode, checkCode === result.checkCode ? result.seq : state.seq, known);
}

/** The service's book as it was just read, with what this client remembers of having sent. */
async function knownOf({ contacts }, state) {
  const before = [...state.known.contacts].filter(([, { sent }]) => sent !== undefined).map(([uid, { sent }]) => [uid, { sent }]);
  const known = contacts.map(({ uid, contentHash }) => [uid, { onServer: contentHash, sent: state.known.contacts.get(uid)?.sent }]);
  return KnownBook.of(state.codes, new Map([...before, ...known]));
}

/** The whole book as it is to be: what the service has, and the difference. */
async function wholeBook({ contacts, checkCode }, difference, after) {
  const puts = new Map();
  await forEachInSlices(contacts, ({ uid, card }) => puts.set(uid, put(uid, card)));
  await forEachInSlices(difference.changes, (change) => {
    if (change.op === 'put') {
      puts.set(change.uid, putText(change.uid, change.cardText));
    } else {
      puts.delete(change.uid);
    }
  });
  const outcome = new Map([...difference.outcome, ...(await after.hashes())]);
  const changes = await sortInSlices([...puts.values()], (a, b) => (a.uid < b.uid ? -1 : 1));
  return { kind: contacts.length === 0 ? 'initial' : 'replace', checkBefore: checkCode, changes, outcome };
}
