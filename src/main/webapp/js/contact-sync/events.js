/**
 * Listens to what the book is (protocol 4.15), over `fetch`: the `EventSource` of browsers cannot send a token.
 *
 * @module
 */

import { ServerProblem, retryAfterOf } from './problem.js';

/** Milliseconds without a line after which a connection counts as dead (protocol 4.15.4). */
const SILENCE_MILLIS = 60_000;

/** Milliseconds until the next connection if the service has not said how many. */
const USUAL_PAUSE = 5_000;
const LONGEST_PAUSE = 60_000;

/** Characters of one event; those of a book have about 150. */
const LONGEST_EVENT = 65_536;

/** Statuses after which another attempt may help. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * What the book is now, and again after each change of any device; it connects again by itself until the signal is aborted.
 *
 * @param {Http} http
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {number} [options.since] seq that is known: the service says nothing until there is another one
 * @param {(isConnected: boolean) => void} [options.onConnection]
 * @returns {AsyncGenerator<{ seq: number, checkCode: string, device?: string }>} a state, never a change: read the feed, or sync
 * @throws {ServerProblem} if no repetition mends it, e.g. `unauthorized`
 */
export async function* bookEvents(http, { signal, since, onConnection }) {
  let last = since;
  let failures = 0;
  while (!signal.aborted) {
    const stream = new EventStream(http, signal);
    const begun = performance.now();
    try {
      await stream.open(last);
      onConnection?.(true);
      for await (const event of stream.events()) {
        failures = 0;
        if (event.name === 'book') {
          const state = stateOf(event.data);
          last = state.seq;
          yield state;
        }
      }
      failures = performance.now() - begun > SILENCE_MILLIS ? 1 : failures + 1;
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof ServerProblem && !PASSING.has(error.status)) {
        throw error;
      }
      failures++;
      stream.retryAfter = error.retryAfter;
    } finally {
      stream.close();
      onConnection?.(false);
    }
    if (signal.aborted) {
      return;
    }
    const own = Math.min((stream.retryMillis ?? USUAL_PAUSE) * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE);
    await http.pause(Math.max(own, 1_000 * (stream.retryAfter ?? 0)), signal).catch(() => {});
  }
}

/** One connection. */
class EventStream {
  #http;
  #outer;
  #controller = new AbortController();
  #abort = () => this.#controller.abort(this.#outer.reason);
  #timer;
  #response;
  /** Milliseconds that the service asks to wait before the next connection. */
  retryMillis;
  /** Seconds, of a refusal. */
  retryAfter;

  constructor(http, outer) {
    this.#http = http;
    this.#outer = outer;
    outer.addEventListener('abort', this.#abort, { once: true });
  }

  async open(last) {
    this.#heard();
    const headers = { Accept: 'text/event-stream, application/problem+json' };
    if (last !== undefined) {
      headers['Last-Event-ID'] = String(last);
    }
    this.#response = await this.#http.open('/v1/events', { headers, signal: this.#controller.signal });
    if (!/^text\/event-stream\b/.test(this.#response.headers.get('Content-Type') ?? '')) {
      throw new ServerProblem({ status: this.#response.status, code: 'unreadable-answer', retryAfter: retryAfterOf(this.#response.headers) });
    }
  }

  /** Events as `{ name, data }`, by the rules of the HTML standard. */
  async *events() {
    let text = '';
    let event = { name: 'message', data: [] };
    const decoder = new TextDecoder();
    const reader = this.#response.body.getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      this.#heard();
      text += decoder.decode(value, { stream: true });
      if (text.length > LONGEST_EVENT) {
        throw new ServerProblem({ status: 0, code: 'unreadable-answer', detail: 'An event of the service is too long' });
      }
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      text = lines.pop();
      for (const line of lines) {
        if (line !== '') {
          this.#field(line, event);
          continue;
        }
        if (event.data.length > 0) {
          yield { name: event.name, data: event.data.join('\n') };
        }
        event = { name: 'message', data: [] };
      }
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
    this.#controller.abort();
  }

  #field(line, event) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === 'event') {
      event.name = value;
    } else if (name === 'data' && event.data.length < 100) {
      event.data.push(value);
    } else if (name === 'retry' && /^[0-9]{1,6}$/.test(value)) {
      this.retryMillis = Number(value);
    }
  }

  #heard() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new DOMException('nothing was heard', 'TimeoutError')), SILENCE_MILLIS);
  }
}

function stateOf(data) {
  try {
    const { seq, checkCode, device } = JSON.parse(data);
    if (Number.isSafeInteger(seq) && typeof checkCode === 'string') {
      return { seq, checkCode, device };
    }
  } catch {
    // as any other that is no event
  }
  throw new ServerProblem({ status: 0, code: 'unreadable-answer', detail: 'An event does not follow the protocol' });
}
