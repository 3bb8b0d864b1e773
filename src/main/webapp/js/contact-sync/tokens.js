/**
 * Tokens of the default run (protocol 4.14). A service with an issuer gives none.
 *
 * @module
 */

import { Http } from './http.js';

/**
 * A token of a service that has no issuer configured, for trying things out on one machine.
 *
 * @param {string | URL | undefined} server
 * @param {string} user subject of the token, 1 to 128 characters
 * @returns {Promise<string | undefined>} `undefined` if the service gives no such tokens
 */
export async function developmentToken(server, user, options = {}) {
  const http = new Http({ ...options, server, token: '' });
  const answer = await http.send('POST', '/dev/tokens', {
    anonymous: true,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ user }).toString(),
  });
  if (answer.status === 404) {
    return undefined;
  }
  answer.requireSuccess();
  return answer.json().token;
}
