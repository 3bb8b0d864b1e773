/**
 * Requests to one service: token, time limits, repetitions, problems. A request is repeated unchanged, which is safe: the service
 * recognises repeated writes (protocol §7).
 *
 * @module
 */

import { ServerAddress } from './address.js';
import { Answer, AnswerSize, bytesOf } from './answer.js';
import { ServerUnreachable } from './problem.js';

/** Statuses after which the same request may succeed (protocol 5.2 and 5.3). */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** Milliseconds until the head of an answer; above the longest `Prefer: wait`, 60 s. */
const HEAD_MILLIS = 90_000;

/** Milliseconds until the end of an answer. */
const WHOLE_MILLIS = 180_000;

/** Before the first answer a wrong address should be told soon; afterwards the service may be starting again. */
const FIRST_ATTEMPTS = 3;
const LATER_ATTEMPTS = 12;
const SHORTEST_PAUSE_MILLIS = 300;
const LONGEST_PAUSE_MILLIS = 8_000;

/** Seconds; a service that asks for a longer pause is not waited for. */
const LONGEST_ASKED = 300;

/** Sends requests to one service as one user. */
export class Http {
  #address;
  #token;
  #device;
  #fetch;
  #sleep;
  #random;
  #onRetry;
  #hasAnswered = false;

  /**
   * @param {object} options
   * @param {string | URL} [options.server] address of the service; by default the page's own origin
   * @param {string | ((why: { refused: boolean }) => string | Promise<string>)} options.token bearer token, or a function that gets one;
   *   it is called for each request and should keep its token until `refused` is true
   * @param {string} [options.device] name of this installation (protocol 3.3)
   * @param {typeof fetch} [options.fetch]
   * @param {(millis: number, signal?: AbortSignal) => Promise<void>} [options.sleep]
   * @param {() => number} [options.random] from 0 to 1
   * @param {(retry: { attempt: number, millis: number, reason: string }) => void} [options.onRetry]
   */
  constructor({ server, token, device, fetch, sleep = pause, random = Math.random, onRetry }) {
    this.#address = new ServerAddress(server ?? globalThis.location?.origin);
    this.#token = typeof token === 'function' ? token : () => token;
    this.#device = device;
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.#sleep = sleep;
    this.#random = random;
    this.#onRetry = onRetry;
  }

  /** The path that a link of an answer names (protocol 12.9). */
  follow(link) {
    return this.#address.path(link);
  }

  /**
   * Sends a request until its answer is not one that passes.
   *
   * @param {string} method
   * @param {string} path with its slash and query
   * @param {object} [request]
   * @param {Record<string, string>} [request.headers]
   * @param {string | Uint8Array} [request.body]
   * @param {number} [request.size] bytes of the answer that are read at most
   * @param {boolean} [request.anonymous] without token and device
   * @param {AbortSignal} [request.signal]
   * @returns {Promise<Answer>} an answer of any status
   * @throws {ServerUnreachable} if there is none; the reason of `signal` when it is aborted
   */
  async send(method, path, request = {}) {
    let refused = false;
    for (let attempt = 1; ; attempt++) {
      request.signal?.throwIfAborted();
      const isLast = attempt >= (this.#hasAnswered ? LATER_ATTEMPTS : FIRST_ATTEMPTS);
      const outcome = await this.#attempt(method, path, request, refused);
      if (outcome instanceof Answer) {
        this.#hasAnswered = true;
        if (outcome.status === 401 && !refused && !request.anonymous) {
          refused = true;
          continue;
        }
        if (isLast || !PASSING.has(outcome.status) || (outcome.retryAfter ?? 0) > LONGEST_ASKED) {
          return outcome;
        }
      } else if (isLast) {
        throw new ServerUnreachable(`no answer from ${this.#address}`, outcome);
      }
      const reason = outcome instanceof Answer ? `status ${outcome.status}` : 'no answer';
      await this.wait(attempt, outcome.retryAfter, reason, request.signal);
    }
  }

  /** As {@link Http.send}, for an answer that has to be JSON with a status of 200 to 299. @throws {ServerProblem} for any other */
  async json(method, path, request) {
    const answer = await this.send(method, path, request);
    answer.requireSuccess();
    return answer.json();
  }

  /**
   * Waits before a repetition: `Retry-After` or longer, each time longer, varied at random by up to half (protocol 7.4).
   *
   * @param {number} attempt the one that has failed, from 1
   * @param {number} [retryAfter] seconds
   */
  async wait(attempt, retryAfter, reason, signal) {
    const own = Math.min(SHORTEST_PAUSE_MILLIS * 2 ** Math.min(attempt - 1, 20), LONGEST_PAUSE_MILLIS);
    const least = Math.max(own, 1_000 * Math.min(retryAfter ?? 0, LONGEST_ASKED));
    const millis = Math.round(least * (1 + this.#random() / 2));
    this.#onRetry?.({ attempt, millis, reason });
    await this.#sleep(millis, signal);
  }

  /**
   * Opens an answer that does not end by itself; the caller reads it and sets its time limits.
   *
   * @param {string} path
   * @param {{ headers?: Record<string, string>, signal: AbortSignal }} request
   * @returns {Promise<Response>} with a status of 200 to 299
   * @throws {ServerProblem} for any other; the error of `fetch` if there is no answer
   */
  async open(path, { headers, signal }) {
    let response = await this.#fetched('GET', path, { headers: await this.#headers({ headers }, false) }, signal);
    if (response.status === 401) {
      await response.body?.cancel();
      response = await this.#fetched('GET', path, { headers: await this.#headers({ headers }, true) }, signal);
    }
    if (!response.ok) {
      throw new Answer(response, await bytesOf(response, AnswerSize.USUAL)).problem();
    }
    return response;
  }

  /** Waits, up to half longer at random; ends early, with an error, when the signal is aborted. */
  async pause(millis, signal) {
    await this.#sleep(Math.round(millis * (1 + this.#random() / 2)), signal);
  }

  /** An answer, or the error of the connection. */
  async #attempt(method, path, request, refused) {
    const headers = await this.#headers(request, refused);
    const time = new TimeLimit(request.signal);
    try {
      const response = await this.#fetched(method, path, { headers, body: request.body }, time.signal);
      time.extend();
      return new Answer(response, await bytesOf(response, request.size ?? AnswerSize.USUAL));
    } catch (error) {
      request.signal?.throwIfAborted();
      return error;
    } finally {
      time.end();
    }
  }

  async #headers(request, refused) {
    const headers = { Accept: 'application/json, application/problem+json', ...request.headers };
    if (!request.anonymous) {
      headers.Authorization = `Bearer ${await this.#token({ refused })}`;
      if (this.#device !== undefined) {
        headers['Device-Id'] = this.#device;
      }
    }
    return headers;
  }

  #fetched(method, path, { headers, body }, signal) {
    return this.#fetch(this.#address.of(path), {
      method,
      headers,
      body,
      signal,
      redirect: 'manual', // the token would go with it
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
  }
}

/** Ends a request with the caller's signal, or when its time is over. */
class TimeLimit {
  #controller = new AbortController();
  #outer;
  #timer;
  #abort = () => this.#controller.abort(this.#outer.reason);

  constructor(outer) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#abort, { once: true });
    if (outer?.aborted) {
      this.#abort();
    }
    this.#start(HEAD_MILLIS);
  }

  get signal() {
    return this.#controller.signal;
  }

  /** The head is there: the whole answer has its own limit. */
  extend() {
    clearTimeout(this.#timer);
    this.#start(WHOLE_MILLIS);
  }

  end() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }

  #start(millis) {
    this.#timer = setTimeout(() => this.#controller.abort(new DOMException('no answer in time', 'TimeoutError')), millis);
  }
}

function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, millis);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
