/** What a person has changed in the web page is never lost: signing out, an expired sign-in, closed tabs, deletions and an erased account. */
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { bounded, closeTab, isAccessible, isEqual, openContact, openContext, openTab, rename, renameWhilePaused, search, shot, signIn, step, until } from './browser.js';

const USER = `keep-${crypto.randomUUID()}`;
const STRANGE = [`<img src=x onerror="document.title='bad'">`, `\u202eabc مرحبا`, `${'long '.repeat(60)}`, "'; --"];
let context;
let first;
let second;

before(async () => {
  context = await openContext();
});

async function add(page, name) {
  await page.click('nav [data-view="contacts"]');
  await page.click('#add');
  await page.fill('#field-name', name);
  await page.fill('#phones input', '+44 20 7946 0958');
  await page.fill('#emails input', 'a@example.com');
  await page.click('#save');
}

async function arrives(page, name) {
  await search(page, name);
  await page.waitForSelector(`#list .row:has-text("${name}")`);
  await isEqual(page);
}

/** Devices of which the browser has contacts. */
async function devicesHere(page) {
  const names = await bounded('the databases', page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)));
  return names.filter((name) => name.startsWith('contact-sync-page:')).map((name) => name.split(' ').at(-1));
}

async function devicesThere(page) {
  const asked = page.evaluate(async () => {
    const { token } = JSON.parse(sessionStorage.getItem('contact-sync-session'));
    return (await (await fetch('/v1/devices', { headers: { Authorization: `Bearer ${token}` } })).json()).devices.map(({ id }) => id);
  });
  return bounded('the devices of the service', asked);
}

step('names are text, in any script and of any length', async () => {
  first = await openTab(context, USER);
  for (const name of STRANGE) {
    await add(first, name);
  }
  await isEqual(first, { count: STRANGE.length });
  assert.ok(await first.isVisible('#delete-contact'), 'a contact that was just made can be deleted');
  await shot(first, 'desktop-light-strange-names');

  assert.equal(await first.title(), 'contact-sync');
  assert.equal(await first.locator('#list img').count(), 0);
});

step('a contact that was deleted elsewhere while somebody edits it comes back whole', async () => {
  await add(first, 'Ada Lovelace');
  second = await openTab(context, USER);
  await openContact(second, 'Ada Lovelace');
  await second.fill('#field-organisation', 'Analytical Engines');
  await openContact(first, 'Ada Lovelace');
  await first.click('#delete-contact');
  await search(first, '');
  await isEqual(first, { count: STRANGE.length });
  await until(second, 'news of the deletion', () => /deleted/.test(document.querySelector('#form-news').textContent));
  await isAccessible(second, 'a contact that is gone');

  await second.click('#save');
  await openContact(first, 'Ada Lovelace');

  const fields = ['#field-organisation', '#phones input', '#emails input'];
  const values = await Promise.all(fields.map((field) => first.inputValue(field)));
  assert.deepEqual(values, ['Analytical Engines', '+44 20 7946 0958', 'a@example.com']);
});

step('two people add a number to one contact: both numbers stay', async () => {
  await openContact(second, 'Ada Lovelace');
  await second.click('#add-phones');
  await second.fill('#phones .entry:nth-child(2) input', '2');
  await first.click('#add-phones');
  await first.fill('#phones .entry:nth-child(2) input', '1');
  await first.click('#save');
  await until(second, 'news of the change', () => /changed/.test(document.querySelector('#form-news').textContent));
  await second.click('#save');
  await until(first, 'three numbers', () => document.querySelectorAll('#phones .entry').length === 3);
});

step('what is typed is not lost by choosing another contact', async () => {
  await first.fill('#field-name', 'Ada typed');
  await first.click('#add');
  await first.waitForSelector('#discard[open]');
  await first.click('#discard-cancel');
  assert.equal(await first.inputValue('#field-name'), 'Ada typed');
  await first.click('#close-contact');
  await first.click('#discard-go');
  await first.waitForSelector('#detail', { state: 'hidden' });
});

step('signing out with changes that are not sent asks, keeps them, and they are sent after the next sign-in', async () => {
  await second.click('#pause');
  await rename(second, 'Ada Lovelace', 'Ada Kept');
  const who = await second.textContent('#who');
  await second.click('#sign-out');
  await second.waitForSelector('#leave[open]');
  assert.match(await second.textContent('#leave-text'), /only this browser has: 1\./);
  await isAccessible(second, 'signing out');
  await shot(second, 'desktop-light-leave');
  await second.click('#leave-keep');
  await second.waitForSelector('#sign-in-development:not([hidden])');

  await signIn(second, USER);

  assert.equal(await second.textContent('#who'), who);
  await arrives(first, 'Ada Kept');
});

step('a sign-in that expires loses nothing', async () => {
  await second.route('**/v1/**', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{}' }));
  await second.route('**/dev/tokens', (route) => route.fulfill({ status: 403, body: '{}' }));
  await rename(second, 'Ada Kept', 'Ada Expired');
  await second.waitForSelector('#lost:not([hidden])');
  assert.equal(await second.textContent('#status'), 'Sign in again to sync');
  assert.doesNotMatch(await second.textContent('#log'), /[{}]/);
  await isAccessible(second, 'expired');
  await shot(second, 'desktop-light-expired');
  await second.unroute('**/v1/**');
  await second.unroute('**/dev/tokens');
  await second.click('#sign-in-again');

  await signIn(second, USER);
  await arrives(first, 'Ada Expired');
});

step('closed tabs leave no devices, and no changes', async () => {
  const [third, fourth] = [await openTab(context, USER), await openTab(context, USER)];
  await renameWhilePaused(third, 'Ada Expired', 'Ada Closed');
  await closeTab(third, first);
  await closeTab(fourth, first);
  assert.equal((await devicesHere(first)).length, 4);

  const fifth = await openTab(context, USER);
  await arrives(first, 'Ada Closed');
  await until(fifth, 'three devices here', async () => (await indexedDB.databases()).filter(({ name }) => name.startsWith('contact-sync-page:')).length === 3);
  const here = await devicesHere(fifth);
  assert.ok((await devicesThere(fifth)).every((id) => here.includes(id)));
  const sixth = await openTab(context, USER);
  await closeTab(sixth, fifth);
  await fifth.click('#sign-out');
  await fifth.waitForSelector('#sign-in-development:not([hidden])');
  assert.equal((await devicesHere(fifth)).length, 2);
  await fifth.close();
});

step('a copy of a tab is another device', async () => {
  const [copy] = await Promise.all([context.waitForEvent('page'), first.evaluate(() => void window.open(location.href))]);
  await isEqual(copy);
  assert.notEqual(await copy.textContent('#who'), await first.textContent('#who'));
  await closeTab(copy, first);
});

step('an account that was erased gets nothing back unless a person says so', async () => {
  await second.click('#sign-out');
  await second.waitForSelector('#sign-in-development:not([hidden])');
  const erased = first.evaluate(async () => {
    const { token } = JSON.parse(sessionStorage.getItem('contact-sync-session'));
    return (await fetch('/v1/account', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } })).status;
  });
  assert.equal(await bounded('the erasure', erased), 204);
  await first.click('#sync-now');
  await first.waitForSelector('#anew:not([hidden])');
  await isAccessible(first, 'an erased account');
  await first.click('#anew-fill');
  await search(first, '');
  await isEqual(first, { count: STRANGE.length + 1 });
});

step('nothing complained, and nothing went elsewhere', async () => {
  assert.deepEqual(first.complaints.concat(second.complaints), []);
});
