/**
 * The devices of this browser. Each tab is one, and a lock says that it is open. A tab that comes takes over the device of a tab that was
 * closed, and what other closed tabs have left is sent and removed: so there are never more devices than tabs that were open at once.
 *
 * @module
 */

import { Book, CheckCodes, IndexedDbStore, Synchroniser } from '../js/contact-sync/index.js';
import { PhoneBook } from '../js/contact-sync/phone-book.js';
import { AddressBook } from './address-book.js';
import { sendFile } from './imports.js';
import { deviceKnown, rememberDevice } from './session.js';

const STORE = 'contact-sync:';
const BOOK = 'contact-sync-page:';
const REMOVED = 'removed';
const DEVICE = /^page-[0-9a-f]{8}$/;

/** Milliseconds: a page that is loaded again waits for its own lock, which the page before gives back when it is gone. */
const OWN_LOCK = 1_000;

/** Milliseconds that a person who leaves waits for the service. */
const FORGET = 2_000;

/** Milliseconds until a device that this page has in hand is given back. */
const REMOVAL = 5_000;

/** Closed tabs that are finished in one go. */
const MOST_LEFT = 10;

/** Name of the databases of a person's device. */
export function accountOf({ issuer, kind, user }, device) {
  return `${issuer ?? kind} ${user} ${device}`;
}

/** The device of this tab: the one that it had, one of this person whose tab is closed, or a new one. Nobody else has it while the tab is open. */
export async function deviceOfTab(session) {
  const device = await deviceHeld(session);
  await finishRemoval(accountOf(session, device));
  return rememberDevice(device);
}

async function deviceHeld(session) {
  const known = deviceKnown();
  if (known !== undefined && (await isHeld(known, { signal: AbortSignal.timeout(OWN_LOCK) }))) {
    return known;
  }
  for (const device of (await devicesOf(session)).withBook) {
    if (await isHeld(device, { ifAvailable: true })) {
      return device;
    }
  }
  const device = `page-${crypto.randomUUID().slice(0, 8)}`;
  await isHeld(device, { ifAvailable: true });
  return device;
}

/**
 * How many changes of a person the service does not have yet: contacts that are other ones here than they were when both agreed, and those of
 * files that are to be imported.
 */
export async function unsent(addressBook, store) {
  const waiting = await addressBook.contactsToImport();
  const agreement = await store.get('agreement');
  if (agreement === undefined) {
    return addressBook.cards.size + waiting;
  }
  const known = await store.known();
  const phone = await PhoneBook.read([...addressBook.cards].map(([uid, card]) => ({ uid, card })));
  const { contacts } = await phone.hashed(agreement.checkKey, await CheckCodes.of(agreement.checkKey));
  const isSent = ([uid, { contentHash }]) => known.get(uid)?.sent === contentHash || known.get(uid)?.onServer === contentHash;
  const changed = [...contacts].filter((contact) => !isSent(contact)).length;
  const deleted = [...known].filter(([uid, { sent, onServer }]) => sent !== undefined && onServer !== undefined && !addressBook.cards.has(uid)).length;
  return changed + deleted + phone.invalid.length + waiting;
}

/**
 * Removes what this browser has of a device. It is noted first: half of it would be taken for an address book from which everything was
 * deleted, or to which everything was added.
 */
export async function removeDevice(account) {
  const store = await IndexedDbStore.open(account);
  await store.write({ values: { [REMOVED]: true } });
  await store.close();
  await AddressBook.remove(account);
  await AddressBook.removeDatabase(STORE + account);
}

async function finishRemoval(account) {
  const store = await IndexedDbStore.open(account);
  const isRemoved = (await store.get(REMOVED)) === true;
  await store.close();
  if (isRemoved) {
    await removeDevice(account);
  }
}

/** Has the service forget a device, if it can be asked; it forgets it in time by itself. */
export async function forgetDevice(token, device) {
  const forget = async () => {
    const headers = { Authorization: `Bearer ${await token({ refused: false })}` };
    await fetch(`/v1/devices/${device}`, { method: 'DELETE', headers, credentials: 'omit' });
  };
  await Promise.race([forget().catch(() => {}), pause(FORGET)]);
}

/** The work with closed tabs that this page has begun: one after the other. */
let finishing = Promise.resolve(0);

/** Devices of closed tabs that this page is working with. */
const inHand = new Set();

/**
 * Sends what closed tabs of this person have left, and removes their devices.
 *
 * @param {AbortSignal} signal ends it early
 * @returns {Promise<number>} changes that could not be sent, such as conflicts: the next tab takes them over
 */
export async function finishClosedTabs(session, token, signal) {
  finishing = finishing.catch(() => {}).then(() => finishAll(session, token, signal));
  return finishing;
}

async function finishAll(session, token, signal) {
  const { withBook, withoutBook } = await devicesOf(session);
  for (const device of withoutBook) {
    await alone(device, () => AddressBook.removeDatabase(STORE + accountOf(session, device)));
  }
  let left = 0;
  let finished = 0;
  for (const device of withBook) {
    if (signal.aborted || finished === MOST_LEFT) {
      break;
    }
    const number = await alone(device, () => finish(session, token, device, signal));
    left += number ?? 0;
    finished += number === undefined ? 0 : 1;
  }
  return left;
}

async function finish(session, token, device, signal) {
  const account = accountOf(session, device);
  await finishRemoval(account);
  const addressBook = await AddressBook.open(account);
  const store = await IndexedDbStore.open(account);
  let number;
  try {
    number = await unsent(addressBook, store);
    if (number > 0) {
      // What cannot be sent, without a network or without a decision, stays for the next tab; it holds nothing else up.
      const book = new Book({ token, device });
      await new Synchroniser({ book, store, account }).sync(addressBook, { signal }).catch(() => {});
      for (const file of await addressBook.files()) {
        await sendFile(addressBook, book, file, { signal }).catch(() => {});
      }
      number = await unsent(addressBook, store);
    }
  } finally {
    addressBook.close();
    await store.close();
  }
  if (number === 0) {
    await removeDevice(account);
    await forgetDevice(token, device);
  }
  return number;
}

/** Devices of this person's closed tabs of which this browser still has contacts. */
export async function closedTabs(session) {
  const closed = [];
  for (const device of (await devicesOf(session)).withBook) {
    if (inHand.has(device) || (await isFree(device))) {
      closed.push(device);
    }
  }
  return closed;
}

/** Removes what this browser has of closed tabs, sent or not. @throws if one of them is in use again */
export async function removeClosedTabs(session, token, devices) {
  for (const device of devices) {
    await navigator.locks.request(lockOf(device), { signal: AbortSignal.timeout(REMOVAL) }, async () => {
      await removeDevice(accountOf(session, device));
      await forgetDevice(token, device);
    });
  }
}

/** Devices of a person that have databases here. A store without an address book is what a removal has left that was interrupted. */
async function devicesOf(session) {
  const names = ((await indexedDB.databases?.()) ?? []).map(({ name }) => name);
  const ofPerson = (kind) => {
    const begin = kind + accountOf(session, '');
    return names.filter((name) => name.startsWith(begin) && DEVICE.test(name.slice(begin.length))).map((name) => name.slice(begin.length));
  };
  const withBook = ofPerson(BOOK);
  return { withBook, withoutBook: ofPerson(STORE).filter((device) => !withBook.includes(device)) };
}

/** Takes the lock of a device for as long as the tab is open. */
async function isHeld(device, options) {
  return new Promise((resolve) => {
    const held = (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    };
    navigator.locks.request(lockOf(device), options, held).catch(() => resolve(false));
  });
}

/** Does some work with a device whose tab is closed; nothing if it is not. */
async function alone(device, work) {
  return navigator.locks.request(lockOf(device), { ifAvailable: true }, async (lock) => {
    if (lock === null) {
      return undefined;
    }
    inHand.add(device);
    try {
      return await work();
    } finally {
      inHand.delete(device);
    }
  });
}

async function isFree(device) {
  return navigator.locks.request(lockOf(device), { ifAvailable: true }, (lock) => lock !== null);
}

function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function lockOf(device) {
  return `contact-sync-device:${device}`;
}
