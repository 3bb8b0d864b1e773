/**
 * What a book was: its tasks, the versions of its contacts, its trash, and the way back (protocol 4.16 to 4.19).
 *
 * @module
 */

import { AnswerSize } from './answer.js';
import { jsonRequest } from './requests.js';

/** Pages of the trash that are read at most: a page may be empty and lead on. */
const MOST_PAGES = 1_000;

/** The history of one book. */
export class History {
  #http;
  #tasks;

  /**
   * @param {Http} http
   * @param {Tasks} tasks
   */
  constructor(http, tasks) {
    this.#http = http;
    this.#tasks = tasks;
  }

  /**
   * The tasks that changed the book, the latest first.
   *
   * @param {{ limit?: number, before?: number, signal?: AbortSignal }} [options] `before`: only those with a lower seq
   * @returns {Promise<{ changes: Array<object>, hasMore: boolean }>}
   */
  async changes({ limit = 50, before, signal } = {}) {
    const from = before === undefined ? '' : `&before=${before}`;
    const page = await this.#page(`/v1/book/history?limit=${limit}${from}`, signal);
    return { changes: page.changes, hasMore: page.next !== undefined };
  }

  /** What a contact was before it was replaced or deleted, the latest first. */
  async versions(uid, { limit = 50, signal } = {}) {
    return (await this.#page(`/v1/book/contacts/${encodeURIComponent(uid)}/versions?limit=${limit}`, signal)).versions;
  }

  /** Deleted contacts, the latest first. */
  async trash({ most = 200, signal } = {}) {
    const contacts = [];
    let path = `/v1/book/trash?limit=${Math.min(most, 200)}`;
    for (let pages = 0; path !== undefined && contacts.length < most && pages < MOST_PAGES; pages++) {
      const page = await this.#page(path, signal);
      contacts.push(...page.contacts);
      path = page.next === undefined ? undefined : this.#http.follow(page.next);
    }
    return contacts.slice(0, most);
  }

  /** Puts a deleted contact back; resolves with the result of the task. */
  async undelete(uid, { key = crypto.randomUUID(), signal } = {}) {
    const path = `/v1/book/trash/${encodeURIComponent(uid)}/restore`;
    return this.#tasks.finished(await this.#tasks.start(path, { key, signal }), { signal });
  }

  /**
   * What a restore would change.
   *
   * @param {{ seq: number } | { checkCode: string } | { time: string }} state
   * @returns {Promise<{ count: number, checkCode: string, applied: { put: number, deleted: number } }>}
   */
  async plan(state, { signal } = {}) {
    const { body, headers } = await jsonRequest(JSON.stringify({ ...state, dryRun: true }));
    return this.#http.json('POST', '/v1/book/restore', { body, headers, signal });
  }

  /** Makes the book again what it was; resolves with the result of the task. */
  async restore(state, { key = crypto.randomUUID(), signal, onWaiting } = {}) {
    const { body, headers } = await jsonRequest(JSON.stringify(state));
    const task = await this.#tasks.start('/v1/book/restore', { key, body, headers, signal });
    return this.#tasks.finished(task, { signal, onWaiting });
  }

  async #page(path, signal) {
    return this.#http.json('GET', path, { size: AnswerSize.PAGE, signal });
  }
}
