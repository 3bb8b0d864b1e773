/** What closed tabs, interrupted imports and persons who sign out leave behind; and what only some people see: the operator's Drop, plain http. */
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { SERVER, bounded, closeTab, isAccessible, isEqual, openContact, openContext, openTab, rename, renameWhilePaused, search, shot, signIn, step, until } from './browser.js';

const USER = `left-${crypto.randomUUID()}`;
const PLAIN = 'http://contacts.example';
let context;
let first;
let second;

before(async () => {
  context = await openContext();
});

async function arrives(page, name) {
  await search(page, name);
  await page.waitForSelector(`#list .row:has-text("${name}")`);
}

/** Keeps a part of a file as a tab does that is closed before the import is queued. */
async function leaveFile(page, name) {
  const kept = page.evaluate(async (full) => {
    const device = sessionStorage.getItem('contact-sync-device');
    const isOwn = (each) => each.startsWith('contact-sync-page:') && each.endsWith(` ${device}`);
    const request = indexedDB.open((await indexedDB.databases()).map((each) => each.name).find(isOwn));
    await new Promise((resolve, reject) => Object.assign(request, { onsuccess: resolve, onerror: reject }));
    const bytes = new TextEncoder().encode(`BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${crypto.randomUUID()}\r\nFN:${full}\r\nEND:VCARD\r\n`);
    const transaction = request.result.transaction('files', 'readwrite');
    transaction.objectStore('files').put({ contacts: 1, bytes, idempotencyKey: crypto.randomUUID() }, [crypto.randomUUID(), 0]);
    await new Promise((resolve, reject) => Object.assign(transaction, { oncomplete: resolve, onabort: reject }));
    request.result.close();
  }, name);
  await bounded('a kept part', kept);
}

/** Waits until the browser has contacts of so many devices. */
async function devicesHere(page, number) {
  const isSo = async (count) => (await indexedDB.databases()).filter(({ name }) => name.startsWith('contact-sync-page:')).length === count;
  await until(page, `${number} devices in the browser`, isSo, number);
}

step('a file whose import was never queued is imported, and holds no other change up', async () => {
  first = await openTab(context, USER, { isOperator: true });
  await first.click('#add');
  await first.fill('#field-name', 'Ada Lovelace');
  await first.click('#save');
  await isEqual(first, { count: 1 });
  second = await openTab(context, USER);
  await isEqual(second, { count: 1 });
  const third = await openTab(context, USER);
  await isEqual(third, { count: 1 });
  await renameWhilePaused(third, 'Ada Lovelace', 'Ada Later');
  await leaveFile(third, 'Left by a closed tab');
  await closeTab(third, first);
  await leaveFile(first, 'Left by this tab');

  await first.reload();

  for (const name of ['Ada Later', 'Left by a closed tab', 'Left by this tab']) {
    await arrives(first, name);
  }
  await search(first, '');
  await isEqual(first, { count: 3 });
  await devicesHere(first, 2);
});

step('changes of a closed tab that wait for a decision are told, and a new tab has them', async () => {
  const third = await openTab(context, USER);
  await isEqual(third, { count: 3 });
  await renameWhilePaused(third, 'Ada Later', 'Ada Mine');
  await isEqual(second, { since: await rename(second, 'Ada Later', 'Ada Theirs') });
  await closeTab(third, first);
  await first.reload();
  await first.waitForSelector('#left:not([hidden])');
  assert.match(await first.textContent('#left-text'), /could not be sent: 1\./);
  await isAccessible(first, 'changes of a closed tab');
  await shot(first, 'desktop-light-closed-tab');

  const [next] = await Promise.all([context.waitForEvent('page'), first.click('#left-open')]);
  await next.click('#conflicts button');
  await next.waitForSelector('#conflict[open]');

  assert.match(await next.textContent('#conflict-sides'), /Ada Mine[\s\S]*Ada Theirs/);
  assert.equal(await first.isVisible('#left'), false);
  await closeTab(next, second);
});

step('who signs out is told of closed tabs that have something left, and keeps or discards it', async () => {
  await second.click('#sign-out');
  await second.waitForSelector('#leave[open]');
  assert.equal(await second.textContent('#leave-text'), '');
  assert.match(await second.textContent('#leave-tabs'), /could be sent: 1\./);
  await isAccessible(second, 'signing out with a closed tab');
  await second.click('#leave-cancel');
  await search(second, 'Ada Theirs'); // nothing has happened
  await second.click('#sign-out');
  await second.click('#leave-keep');
  await second.waitForSelector('#sign-in-development:not([hidden])');
  await devicesHere(second, 2);

  await first.click('#sign-out');
  await first.click('#leave-discard');
  await first.waitForSelector('#sign-in-development:not([hidden])');
  await devicesHere(first, 0);

  await signIn(first, USER, { isOperator: true });
  await signIn(second, USER);
  await arrives(first, 'Ada Theirs');
});

step('what is typed when a person signs out is asked for, and nothing more can be typed then', async () => {
  await openContact(second, 'Ada Theirs');
  await second.fill('#field-name', 'Ada Typed');
  await second.click('#sign-out');
  await second.waitForSelector('#discard[open]');
  await second.click('#discard-cancel');
  assert.equal(await second.inputValue('#field-name'), 'Ada Typed');
  let goOn;
  const isHeld = new Promise((resolve) => (goOn = resolve));
  await second.route('**/v1/devices/*', (route) => isHeld.then(() => route.continue()));
  await second.click('#sign-out');
  const [asked] = await Promise.all([second.waitForRequest('**/v1/devices/*'), second.click('#discard-go')]);
  await second.focus('#search');
  await second.keyboard.type('lost');

  assert.equal(asked.method(), 'DELETE');
  assert.equal(await second.inputValue('#search'), 'Ada Theirs');
  assert.equal(await second.textContent('#said'), 'Signing out …');
  goOn();
  await second.waitForSelector('#sign-in-development:not([hidden])');
});

step('an operator drops a failed task only after saying so twice', async () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const asked = [];
  let tasks = [{ id, owner: 'a'.repeat(64), state: 'failed', attempts: 5, createdAt: '2026-01-02T03:00:00Z', givenUpAt: '2026-01-02T03:04:05Z' }];
  await first.route('**/admin/v1/failed-tasks**', async (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(`${route.request().method()} ${pathname}`);
    if (route.request().method() === 'DELETE') {
      tasks = [];
      await route.fulfill({ status: 204 });
    } else {
      await route.fulfill({ json: { tasks } });
    }
  });
  await first.click('#nav-operator');
  await first.click('#failed-rows button:has-text("Drop")');
  await first.waitForSelector('#drop[open]');
  assert.match(await first.textContent('#drop-text'), new RegExp(id));
  await isAccessible(first, 'dropping a task');
  await first.click('#drop-cancel');
  assert.ok(!asked.some((line) => line.startsWith('DELETE')), asked.join());

  await first.click('#failed-rows button:has-text("Drop")');
  await first.click('#drop-go');
  await until(first, 'no failed task', () => !document.querySelector('#failed-none').hidden && document.querySelectorAll('#failed-rows tr').length === 0);

  assert.deepEqual(asked.filter((line) => line.startsWith('DELETE')), [`DELETE /admin/v1/failed-tasks/${id}`]);
});

step('plain http is explained, with the address that works', async () => {
  const page = await context.newPage();
  await page.route(`${PLAIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, SERVER).href }) });
  });
  await page.goto(`${PLAIN}/`);
  await until(page, 'the explanation', () => document.querySelector('#start').textContent !== '');

  assert.match(await page.textContent('#start'), /only with https.*Try https:\/\/contacts\.example\./);
  assert.equal(await page.isVisible('#sign-in'), false);
  await page.close();
});

step('nothing complained, and nothing went elsewhere', async () => {
  assert.deepEqual(first.complaints.concat(second.complaints), []);
});
