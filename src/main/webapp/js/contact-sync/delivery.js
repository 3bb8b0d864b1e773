/**
 * Sends one task. It is stored first, so that a client that is stopped at any moment sends exactly the same task again (protocol 7.3).
 *
 * @module
 */

import { sha256, toHex, utf8 } from './bytes.js';
import { CodesDiffer, ServerProblem } from './problem.js';
import { changeText, patchText } from './requests.js';
import { isFinished } from './tasks.js';
import { mapInSlices } from './turns.js';
import { planUpload, sendUpload } from './upload.js';

/** The service's book is not what this client thought. */
const MOVED = new Set([
  'check-code-mismatch', 'result-code-mismatch', 'contact-conflict', 'book-not-empty', 'chunk-conflict', 'task-expired', 'task-finished',
  'not-found', 'idempotency-key-reused',
]);

/** About the token, the connection or the rate, not about the task, which an earlier attempt may have brought there. */
const NOT_LOOKED_AT = new Set([401, 408, 429]);

/** Whether changes are sent in one request (protocol 6.1). */
export function fitsOneRequest(changes, limits) {
  if (changes.length > limits.oneShotContacts) {
    return false;
  }
  return changes.reduce((bytes, change) => bytes + utf8(changeText(change)).length + 1, 0) <= limits.oneShotBytes;
}

/**
 * What became of a task: `done` with its result; `moved`: the book is another one, compare and try again; `stopped`: refused for good, or
 * not decided yet.
 *
 * @typedef {{ done: object } | { moved: true, missed?: object } | { stopped: ServerProblem }} Outcome
 */

/** Sends the tasks of one push. */
export class Delivery {
  #book;
  #memory;
  #newKey;
  #onProgress;
  #signal;
  #hasStartedAgain = false;

  constructor(book, memory, { newKey = () => crypto.randomUUID(), onProgress, signal } = {}) {
    this.#book = book;
    this.#memory = memory;
    this.#newKey = newKey;
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  /**
   * All changes in one request.
   *
   * @param {State} state whose check code is the first check code
   * @param {{ changes: Array<object>, outcome: Map<string, string | undefined>, checkAfter: string }} shipment
   * @param {{ onMismatch: 'refuse' | 'rebase', confirmDeletes?: boolean, priority?: string }} options
   * @returns {Promise<Outcome>}
   */
  async sendInOneRequest(state, { changes, outcome, checkAfter }, { onMismatch, confirmDeletes, priority }) {
    const said = { changes, checkAfter, onMismatch, confirmDeletes };
    const pending = await this.#announce(state, patchText(said), checkAfter, outcome);
    try {
      let task = await this.#earlierTask(pending);
      if (task === undefined) {
        const request = { ...said, checkBefore: state.checkCode, key: pending.key, priority, signal: this.#signal };
        task = await this.#book.tasks.patch(request);
        if (!isFinished(task)) {
          // Whoever is stopped while it waits asks for this task, and does not send the changes again.
          await this.#memory.save({ ...state, pending: { ...pending, task: task.id } });
        }
      }
      return { done: await this.#book.tasks.finished(task, this.#waiting()) };
    } catch (error) {
      return this.#handle(error, state);
    }
  }

  /**
   * All changes in chunks; goes on with an upload that was begun before, if it is the same.
   *
   * @param {{ kind: string, checkBefore: string, known?: Map<string, string>, changes, outcome }} shipment
   */
  async sendInChunks(state, { kind, checkBefore, known, changes, outcome }, { confirmDeletes }) {
    const limits = await this.#book.capabilities(this.#signal);
    const plan = await planUpload({ codes: state.codes, kind, checkBefore, changes, known, limits, signal: this.#signal });
    let pending = await this.#announce(state, JSON.stringify(plan.request), plan.request.checkAfter, outcome);
    const { chunks, contacts, checkAfter } = plan.request;
    this.#onProgress?.({ kind: 'planned', chunks, contacts, checkBefore, checkAfter });
    try {
      const result = await sendUpload(this.#book, plan, {
        key: pending.key,
        task: pending.task,
        confirmDeletes, // with the commit: the upload is opened and sent before a person has agreed
        onOpened: async (id) => {
          pending = { ...pending, task: id };
          await this.#memory.save({ ...state, pending });
        },
        onAcknowledged: (sent) => this.#onProgress?.({ kind: 'acknowledged', ...sent }),
        ...this.#waiting(),
      });
      return { done: result };
    } catch (error) {
      return this.#handle(error, state, pending.task);
    }
  }

  #waiting() {
    return { signal: this.#signal, onWaiting: (position) => this.#onProgress?.({ kind: 'waiting', position }) };
  }

  /** Stores what is about to be sent. The key of an earlier run is kept only for the very same request. */
  async #announce(state, text, checkAfter, outcome) {
    const request = toHex(await sha256(utf8(`${state.checkCode}\n${text}`)));
    const earlier = state.pending;
    if (earlier?.request === request) {
      return earlier;
    }
    if (earlier?.task !== undefined) {
      // It would hold the queue until its lease ends, and this task would wait behind it.
      await this.#book.tasks.cancel(earlier.task, this.#signal);
    }
    const listed = await mapInSlices(outcome, ([uid, hash]) => [uid, hash ?? null]);
    const pending = { key: this.#newKey(), request, checkAfter, outcome: listed };
    await this.#memory.save({ ...state, pending });
    return pending;
  }

  /** The task of an earlier run for the very same request, if the service still knows it. */
  async #earlierTask({ task }) {
    return task === undefined ? undefined : this.#book.tasks.task(task, { signal: this.#signal });
  }

  async #handle(error, state, task) {
    if (error instanceof CodesDiffer) {
      return this.#giveUp(state);
    }
    if (!(error instanceof ServerProblem) || (!error.isOfService && !error.isOfTask)) {
      throw error; // not known what became of it: the same key finds out at the next push
    }
    if (error.code === 'mass-delete-suspected') {
      return { stopped: error }; // an upload stays open, and is committed once a person has agreed
    }
    if (error.isOfTask && (error.status >= 500 || error.status === 0)) {
      return this.#giveUp(state); // a finished task stays as it is: only a new one helps
    }
    if (error.status >= 500 || NOT_LOOKED_AT.has(error.status) || error.code === 'idempotency-key-in-progress') {
      return { stopped: error }; // it may have been applied
    }
    if (error.code === 'task-failed' && !this.#hasStartedAgain) {
      this.#hasStartedAgain = true;
      return this.#giveUp(state, task);
    }
    if (MOVED.has(error.code)) {
      return this.#giveUp(state, task, error.members.missed);
    }
    await this.#memory.save({ ...state, pending: undefined });
    return { stopped: error };
  }

  /** Nothing was applied: the task is given up, on both sides, and its key with it. */
  async #giveUp(state, task, missed) {
    if (task !== undefined) {
      await this.#book.tasks.cancel(task, this.#signal);
    }
    await this.#memory.save({ ...state, pending: undefined });
    return { moved: true, missed };
  }
}
