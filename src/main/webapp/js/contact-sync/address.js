/**
 * The only server that gets the token, and which of its paths are requested (protocol 12.1 and 12.9).
 *
 * @module
 */

import { ServerProblem } from './problem.js';

/** A uid of 255 bytes has 765 characters when it is percent-encoded; a link has one, and little else. */
const LONGEST_LINK = 4_096;

const BELOW_V1 = /^\/v1\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$/;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

/** Base address of a service, without a slash at its end. */
export class ServerAddress {
  #base;

  /**
   * @param {string | URL} server e.g. `https://contacts.example.com`; `http` only for a server on this machine
   * @throws {TypeError} for an address that a token must not be sent to
   */
  constructor(server) {
    const url = new URL(server);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
      throw new TypeError('server: an address with https; http is for a server on this machine');
    }
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
      throw new TypeError('server: an address without user, ? and #');
    }
    this.#base = url.origin + url.pathname.replace(/\/+$/, '');
  }

  /** The whole address of a path of this client's own making. */
  of(path) {
    return this.#base + path;
  }

  /**
   * The path that a link of an answer names.
   *
   * @throws {ServerProblem} `foreign-link` if it leads anywhere but below `/v1` of this server
   */
  path(link) {
    if (typeof link === 'string' && link.length <= LONGEST_LINK) {
      const path = link.startsWith(`${this.#base}/`) ? link.slice(this.#base.length) : link;
      if (BELOW_V1.test(path) && !DOT_SEGMENT.test(path.split('?')[0])) {
        return path;
      }
    }
    throw new ServerProblem({
      status: 0,
      code: 'foreign-link',
      detail: 'An answer contains a link to another place; it was not followed',
      next: "Check the server's address. If it is right, report this to whoever runs the server.",
    });
  }

  toString() {
    return this.#base;
  }
}
