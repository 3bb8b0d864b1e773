/**
 * Sync tasks of one user: send, ask, wait, cancel (protocol 4.3 and 4.8 to 4.13). Refusals are thrown as `ServerProblem`.
 *
 * @module
 */

import { AnswerSize } from './answer.js';
import { ServerProblem } from './problem.js';
import { jsonRequest, patchText } from './requests.js';

const TASKS = '/v1/sync-tasks';

/** Long polls for one task: 55 s each, so more than the lease of another device's upload. */
const MOST_POLLS = 24;

/** Repetitions of a first chunk, or of a commit, that waits for its turn; `Retry-After` is in between. */
const MOST_TURNS = 500;

const FINISHED = new Set(['done', 'failed', 'cancelled', 'superseded', 'expired']);

/** Whether a task has ended; an unknown state is unfinished (protocol 4.11.2). */
export function isFinished(task) {
  return FINISHED.has(task.state);
}

/** The tasks of one user on one service. */
export class Tasks {
  #http;
  #capabilities;

  /**
   * @param {Http} http
   * @param {() => Promise<object>} capabilities
   */
  constructor(http, capabilities) {
    this.#http = http;
    this.#capabilities = capabilities;
  }

  /**
   * Sends changes in one request.
   *
   * @param {object} request
   * @param {Array<object>} request.changes made by `put` and `remove`
   * @param {string} request.checkBefore the first check code
   * @param {string} [request.checkAfter] the second check code that this client predicts
   * @param {'refuse' | 'rebase'} [request.onMismatch]
   * @param {boolean} [request.confirmDeletes] a person has agreed
   * @param {string} request.key idempotency key, a UUID; store it with the request before it is sent (protocol 7.3)
   * @param {'user' | 'background'} [request.priority]
   * @returns {Promise<object>} the task, perhaps not finished: `await` {@link Tasks.finished}
   */
  async patch({ checkBefore, key, priority, signal, ...said }) {
    const { body, headers } = await jsonRequest(patchText(said));
    headers['If-Match'] = `"${checkBefore}"`;
    headers['Idempotency-Key'] = `"${key}"`;
    if (priority === 'user') {
      headers.Priority = 'u=2';
    }
    return this.#started(await this.#http.send('PATCH', '/v1/book/contacts', { body, headers, signal }), signal);
  }

  /**
   * Sends a request that starts a task without changes of its own: a restore, or the import of a file.
   *
   * @param {string} path
   * @param {object} request
   * @param {string} request.key idempotency key
   * @param {string | Uint8Array} [request.body] with its headers
   * @param {Record<string, string>} [request.headers]
   * @returns {Promise<object>} the task, perhaps not finished; the result of an import has `imported`
   */
  async start(path, { key, body, headers = {}, signal }) {
    const all = { ...headers, 'Idempotency-Key': `"${key}"` };
    return this.#started(await this.#http.send('POST', path, { body, headers: all, size: AnswerSize.PAGE, signal }), signal);
  }

  /**
   * Opens an upload.
   *
   * @param {object} plan body of the request (protocol 4.8.1)
   * @param {string} key idempotency key
   */
  async open(plan, key, signal) {
    const { body, headers } = await jsonRequest(JSON.stringify(plan));
    headers['Idempotency-Key'] = `"${key}"`;
    return this.#started(await this.#http.send('POST', TASKS, { body, headers, signal }), signal);
  }

  /**
   * Sends one chunk; waits while other tasks are ahead.
   *
   * @param {string} id of the upload
   * @param {number} number from 1
   * @param {string} text body of the request
   * @param {{ signal?: AbortSignal, onWaiting?: (position: number) => void }} [options]
   * @returns {Promise<{ chunk: number, nextChunk: number, received: number, checkCode: string }>} the acknowledgement
   */
  async chunk(id, number, text, { signal, onWaiting } = {}) {
    const { body, headers } = await jsonRequest(text, true);
    const answer = await this.#inTurn('PUT', `${path(id)}/chunks/${number}`, { body, headers, signal }, onWaiting);
    answer.requireSuccess();
    return answer.json();
  }

  /**
   * Makes an upload the content of the book; the task that comes back may not be finished. An upload without chunks waits here while other
   * tasks are ahead.
   */
  async commit(id, { checkAfter, confirmDeletes, signal, onWaiting } = {}) {
    const { body, headers } = await jsonRequest(JSON.stringify({ checkAfter, confirmDeletes: confirmDeletes || undefined }));
    return this.#started(await this.#inTurn('POST', `${path(id)}/commit`, { body, headers, signal }, onWaiting), signal);
  }

  /** Sends a request again while it is answered that other tasks are ahead. */
  async #inTurn(method, target, request, onWaiting) {
    for (let turn = 1; ; turn++) {
      const answer = await this.#http.send(method, target, request);
      const problem = answer.isSuccess ? undefined : answer.problem();
      if (problem?.code !== 'task-waiting' || turn === MOST_TURNS) {
        return answer;
      }
      onWaiting?.(problem.members.position ?? 0);
      await this.#http.wait(1, problem.retryAfter, problem.code, request.signal);
    }
  }

  /**
   * The task, or `undefined` if the service does not know it.
   *
   * @param {string} id
   * @param {{ wait?: number, signal?: AbortSignal }} [options] `wait`: seconds until it may be finished
   */
  async task(id, { wait, signal } = {}) {
    const headers = wait === undefined ? {} : { Prefer: `wait=${wait}` };
    const answer = await this.#http.send('GET', path(id), { headers, size: AnswerSize.USUAL, signal });
    if (answer.status === 404) {
      return undefined;
    }
    answer.requireSuccess();
    return answer.json();
  }

  /** The user's unfinished tasks in their order. */
  async unfinished(signal) {
    return (await this.#http.json('GET', TASKS, { signal })).tasks;
  }

  /** Cancels a task; it does not matter if it has ended or is forgotten. */
  async cancel(id, signal) {
    const answer = await this.#http.send('DELETE', path(id), { signal });
    if (!answer.isSuccess && ![404, 409, 410].includes(answer.status)) {
      throw answer.problem();
    }
  }

  /**
   * Waits until a task is finished, by long polls.
   *
   * @param {object} task as it came back
   * @returns {Promise<object>} the result of a task that is done: `task`, `checkCode`, `seq`, `count`, `applied`, `rebased`, `missed`
   * @throws {ServerProblem} why it ended in any other way
   */
  async finished(task, { signal, onWaiting } = {}) {
    let current = task;
    for (let poll = 0; poll < MOST_POLLS && !isFinished(current); poll++) {
      onWaiting?.(current.position ?? 0);
      const { waitSecondsMax } = await this.#capabilities();
      current = (await this.task(current.id, { wait: waitSecondsMax, signal })) ?? { ...current, state: 'expired' };
    }
    if (current.state === 'done' && current.result !== undefined) {
      return current.result;
    }
    throw (
      ServerProblem.ofTask(current.problem) ??
      new ServerProblem({ status: 0, code: `task-${current.state}`, detail: `The task is ${current.state} on the service`, isOfTask: true })
    );
  }

  /** The task that a write has started, now or when it was sent before (protocol 7.2). */
  async #started(answer, signal) {
    if (!answer.isSuccess) {
      const problem = answer.problem();
      const known = /^\/v1\/sync-tasks\/([A-Za-z0-9-]{1,64})$/.exec(problem.members.task ?? '')?.[1];
      const task =
        problem.code === 'idempotency-key-in-progress' && known !== undefined ? await this.task(known, { signal }) : undefined;
      if (task === undefined) {
        throw problem;
      }
      return task;
    }
    const body = answer.json();
    return body.id === undefined ? { id: body.task, state: body.state, result: body } : body;
  }
}

function path(id) {
  return `${TASKS}/${encodeURIComponent(id)}`;
}
