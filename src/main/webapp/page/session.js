/**
 * Who is signed in in this tab, and as which device. A tab is a device of its own: what it remembers is in `sessionStorage`, never in a
 * place that other tabs see, and a tab that was duplicated gets another device.
 *
 * @module
 */

const SESSION = 'contact-sync-session';
const DEVICE = 'contact-sync-device';

/** Name of this tab's device; a copy of a tab does not get the name of the first one. */
export async function deviceOfTab() {
  const known = sessionStorage.getItem(DEVICE);
  if (known !== null && (await isFree(known))) {
    return known;
  }
  const device = `page-${crypto.randomUUID().slice(0, 8)}`;
  sessionStorage.setItem(DEVICE, device);
  await isFree(device);
  return device;
}

/** Takes the lock of a device for as long as the tab is open. */
async function isFree(device) {
  return new Promise((resolve) => {
    void navigator.locks.request(`contact-sync-device:${device}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
  });
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
