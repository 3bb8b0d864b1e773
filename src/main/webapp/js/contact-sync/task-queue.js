/**
 * The client's own tasks (protocol 11.3): one runs, later ones wait in order, equal waiting ones merge, a person's goes first. The queue is
 * in the store: it survives the end of the page at any moment, and all tabs of an account share it.
 *
 * @module
 */

import { withLock } from './locks.js';
import { ServerProblem, ServerUnreachable } from './problem.js';

const QUEUE = 'queue';

/** Waiting tasks of one account; equal ones merge, so that a program that reaches this repeats itself in ever new words. */
const MOST_TASKS = 100;

/** Milliseconds; protocol 7.4. */
const SHORTEST_PAUSE = 1_000;
const LONGEST_PAUSE = 300_000;

/** After these another attempt may help, later; after 401 when a person has signed in again. */
const PASSING = new Set([401, 408, 429, 500, 502, 503, 504]);

/**
 * @typedef {object} QueuedTask
 * @property {string} id
 * @property {string} kind e.g. `push`; what it means is up to `run`
 * @property {object} options JSON; equal kind and options make equal tasks
 * @property {'user' | 'background'} priority
 * @property {'waiting' | 'running'} state
 * @property {number} attempts that failed
 * @property {number} notBefore milliseconds since 1970; 0: now
 * @property {string} [reason] code of the last failure
 */

/** The queue of one account. */
export class TaskQueue {
  #store;
  #account;
  #run;
  #newId;
  #now;
  #random;
  #onChange;
  #wake = () => {};

  /**
   * @param {object} options
   * @param {MemoryStore | IndexedDbStore} options.store of this account
   * @param {string} options.account
   * @param {(task: QueuedTask, context: { signal?: AbortSignal }) => Promise<any>} options.run carries a task out. It is called again after
   *   a crash, so it must find out by itself what was done already, as `Synchroniser.push` does. A result of the kind `refused` counts as
   *   its problem; a failure that may pass is tried again later
   * @param {(event: { kind: 'added' | 'started' | 'done' | 'later' | 'failed', task: QueuedTask, result?: any, error?: Error }) => void}
   *   [options.onChange]
   */
  constructor({ store, account, run, newId = () => crypto.randomUUID(), now = Date.now, random = Math.random, onChange }) {
    this.#store = store;
    this.#account = account;
    this.#run = run;
    this.#newId = newId;
    this.#now = now;
    this.#random = random;
    this.#onChange = onChange;
  }

  /**
   * Adds a task, or merges it with an equal one that waits. One that runs is no equal: it may have read the address book already.
   *
   * @returns {Promise<QueuedTask>} as it waits now, stored
   * @throws {RangeError} if too many tasks wait
   */
  async add({ kind, options = {}, priority = 'background' }) {
    const task = { id: this.#newId(), kind, options, priority, state: 'waiting', attempts: 0, notBefore: 0 };
    let added = task;
    await this.#update((tasks) => {
      const equal = tasks.find((each) => each.state === 'waiting' && isEqual(each, task));
      if (equal === undefined) {
        if (tasks.length >= MOST_TASKS) {
          throw new RangeError(`at most ${MOST_TASKS} tasks wait`);
        }
        return [...tasks, task];
      }
      added = { ...equal, priority: priority === 'user' ? 'user' : equal.priority, notBefore: priority === 'user' ? 0 : equal.notBefore };
      return tasks.map((each) => (each.id === equal.id ? added : each));
    });
    this.#onChange?.({ kind: 'added', task: added });
    this.#wake();
    return added;
  }

  /** What is unfinished, in the order in which it will run. @returns {Promise<QueuedTask[]>} */
  async list() {
    return ((await this.#store.get(QUEUE)) ?? []).sort(byTurn);
  }

  /** Takes a waiting task back. @returns {Promise<boolean>} whether it was waiting */
  async cancel(id) {
    let isCancelled = false;
    await this.#update((tasks) => {
      const rest = tasks.filter((each) => each.id !== id || each.state !== 'waiting');
      isCancelled = rest.length < tasks.length;
      return rest;
    });
    return isCancelled;
  }

  /**
   * Runs what is due, one after the other.
   *
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<number | undefined>} milliseconds until another task is due; `undefined`: none waits
   */
  async drain({ signal } = {}) {
    return withLock(`queue:${this.#account}`, () => this.#drainAlone(signal), { signal });
  }

  /** Runs tasks as they come, until the signal is aborted. */
  async work({ signal }) {
    while (!signal.aborted) {
      const woken = new Promise((resolve) => (this.#wake = resolve));
      const millis = await this.drain({ signal }).catch((error) => (signal.aborted ? 0 : Promise.reject(error)));
      await rest(woken, signal, millis);
    }
  }

  /** With the lock: a task that is said to run was left by a program that has ended. */
  async #drainAlone(signal) {
    await this.#update((tasks) => tasks.map((each) => ({ ...each, state: 'waiting' })));
    for (let task = await this.#take(); task !== undefined; task = await this.#take()) {
      signal?.throwIfAborted();
      this.#onChange?.({ kind: 'started', task });
      await this.#runOne(task, signal);
    }
    const waiting = await this.list();
    return waiting.length === 0 ? undefined : Math.max(0, Math.min(...waiting.map(({ notBefore }) => notBefore)) - this.#now());
  }

  /** The next task that is due, marked as running. */
  async #take() {
    let taken;
    await this.#update((tasks) => {
      const now = this.#now();
      // Far in the future means that the clock was set back.
      const isDue = ({ notBefore }) => notBefore <= now || notBefore > now + 2 * LONGEST_PAUSE;
      const next = tasks.filter(isDue).sort(byTurn)[0];
      taken = next === undefined ? undefined : { ...next, state: 'running' };
      return tasks.map((each) => (each.id === taken?.id ? taken : each));
    });
    return taken;
  }

  async #runOne(task, signal) {
    try {
      const result = await this.#run(task, { signal });
      if (result?.kind === 'refused') {
        throw result.problem;
      }
      await this.#remove(task);
      this.#onChange?.({ kind: 'done', task, result });
    } catch (error) {
      if (signal?.aborted) {
        await this.#replace({ ...task, state: 'waiting' });
        throw error;
      }
      if (!(error instanceof ServerUnreachable) && !(error instanceof ServerProblem && PASSING.has(error.status))) {
        await this.#remove(task);
        this.#onChange?.({ kind: 'failed', task, error });
        return;
      }
      const notBefore = this.#now() + this.#pause(task, error);
      const later = { ...task, state: 'waiting', attempts: task.attempts + 1, notBefore, reason: error.code ?? 'unreachable' };
      await this.#replace(later);
      this.#onChange?.({ kind: 'later', task: later, error });
    }
  }

  #pause({ attempts }, { retryAfter = 0 }) {
    const least = Math.min(Math.max(SHORTEST_PAUSE * 2 ** Math.min(attempts, 20), 1_000 * retryAfter), LONGEST_PAUSE);
    return Math.round(least * (1 + this.#random() / 2));
  }

  async #remove({ id }) {
    await this.#update((tasks) => tasks.filter((each) => each.id !== id));
  }

  /** A waiting task that has become equal meanwhile is merged into it. */
  async #replace(task) {
    await this.#update((tasks) => {
      const equals = tasks.filter((each) => each.id !== task.id && isEqual(each, task));
      const priority = [task, ...equals].some((each) => each.priority === 'user') ? 'user' : 'background';
      const rest = tasks.filter((each) => !equals.includes(each));
      return rest.map((each) => (each.id === task.id ? { ...task, priority } : each));
    });
  }

  async #update(change) {
    await this.#store.update(QUEUE, (tasks = []) => change(tasks));
  }
}

function isEqual(one, other) {
  return one.kind === other.kind && JSON.stringify(one.options) === JSON.stringify(other.options);
}

/** Running first, then those of a person; the sort keeps the order in which they came. */
function byTurn(one, other) {
  const rank = ({ state, priority }) => (state === 'running' ? 0 : priority === 'user' ? 1 : 2);
  return rank(one) - rank(other);
}

/** Resolves when woken, after a time if there is one, or when the signal is aborted. */
function rest(woken, signal, millis) {
  return new Promise((resolve) => {
    let timer;
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    timer = millis === undefined ? undefined : setTimeout(end, millis);
    signal.addEventListener('abort', end);
    woken.then(end);
    if (signal.aborted) {
      end();
    }
  });
}
