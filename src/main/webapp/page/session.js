/**
 * Who is signed in in this tab, and as which device. A tab is a device of its own (`devices.js`): what it remembers is in
 * `sessionStorage`, never in a place that other tabs see.
 *
 * @module
 */

const SESSION = 'contact-sync-session';
const DEVICE = 'contact-sync-device';

/** Name of the device that this tab was before it was loaded again; a copy of a tab has it, too. */
export function deviceKnown() {
  return sessionStorage.getItem(DEVICE) ?? undefined;
}

export function rememberDevice(device) {
  sessionStorage.setItem(DEVICE, device);
  return device;
}

/** `{ kind: 'development' | 'pasted' | 'oidc', user, token, … }`, or `undefined` while nobody is signed in. */
export function savedSession() {
  try {
    return JSON.parse(sessionStorage.getItem(SESSION)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function saveSession(session) {
  sessionStorage.setItem(SESSION, JSON.stringify(session));
}

export function forgetSession() {
  sessionStorage.removeItem(SESSION);
}

/** Subject of a token, to show and to keep the books of two users apart; the service alone decides what it is worth. */
export function subjectOf(token) {
  try {
    const text = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
    return String(JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)))).sub);
  } catch {
    return '';
  }
}
