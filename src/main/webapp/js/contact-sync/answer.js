/**
 * One answer of a service, read up to a number of bytes.
 *
 * @module
 */

import { ServerProblem, retryAfterOf } from './problem.js';

/** Bytes of an answer that are read, so that no service fills the memory. */
export const AnswerSize = Object.freeze({ USUAL: 4 << 20, PAGE: 16 << 20, ENTRIES: 96 << 20 });

/** Status, headers and body of one answer. */
export class Answer {
  #bytes;

  constructor(response, bytes) {
    /** 0 for a redirect that a browser hides. */
    this.status = response.status;
    this.headers = response.headers;
    this.#bytes = bytes;
  }

  get isSuccess() {
    return this.status >= 200 && this.status < 300;
  }

  /** Seconds, or `undefined`. */
  get retryAfter() {
    return retryAfterOf(this.headers);
  }

  /** Value of `ETag` without its quotes, or `undefined`. */
  get tag() {
    return /^"([^"]*)"$/.exec(this.headers.get('ETag') ?? '')?.[1];
  }

  /** @throws {ServerProblem} unless the status is 200 to 299 */
  requireSuccess() {
    if (!this.isSuccess) {
      throw this.problem();
    }
  }

  /** The refusal that this answer is. */
  problem() {
    return ServerProblem.ofAnswer(this.status, this.headers, this.#parsed());
  }

  /** The JSON object of the body. @throws {ServerProblem} `unreadable-answer` if it is none: something else has answered */
  json() {
    const value = this.#parsed();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.unreadable();
    }
    return value;
  }

  /** The bytes of the body. @throws {ServerProblem} `unreadable-answer` if there are too many */
  bytes() {
    if (this.#bytes === undefined) {
      throw this.unreadable();
    }
    return this.#bytes;
  }

  unreadable() {
    return new ServerProblem({
      status: this.status,
      code: 'unreadable-answer',
      detail: 'The answer does not follow the protocol',
      next: "Check the server's address, or try again later.",
      requestId: this.headers.get('X-Request-Id') ?? undefined,
    });
  }

  #parsed() {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(this.bytes()));
    } catch {
      return undefined;
    }
  }
}

/** The body, or `undefined` if it has more bytes than `most`. */
export async function bytesOf(response, most) {
  if (response.body === null) {
    return new Uint8Array(0);
  }
  const parts = [];
  let length = 0;
  const reader = response.body.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
