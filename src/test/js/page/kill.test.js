/** The service is killed while the page uploads; `PageIT` runs this alone, and kills the service when it is told to. The tests build on each other. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before } from 'node:test';
import { PATIENCE, codes, isEqual, openContext, openTab, step, until } from './browser.js';

const USER = `kill-${crypto.randomUUID()}`;
const SIGNS = process.env.SIGNS;
let first;
let second;

before(async () => {
  const context = await openContext();
  first = await openTab(context, USER);
  second = await openTab(context, USER);
});

/** Waits until the service was killed. */
async function isKilled() {
  for (const end = Date.now() + 2 * PATIENCE; Date.now() < end && !existsSync(join(SIGNS, 'killed')); ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

step('an upload goes on after the service was killed in the middle', async () => {
  await first.click('#add');
  await first.fill('#field-name', 'Ada Lovelace');
  await first.click('#save');
  await isEqual(first, { count: 1 });
  let isHeld = true;
  await first.route('**/chunks/3', async (route) => {
    if (isHeld) {
      isHeld = false;
      writeFileSync(join(SIGNS, 'reached'), '');
      await isKilled();
    }
    await route.continue();
  });
  const [, since] = await codes(first);
  await first.click('#samples');
  await until(first, 'the end of the upload', () => document.querySelector('#count').textContent === '2,001 contacts');
  await isKilled();
  assert.ok(existsSync(join(SIGNS, 'killed')), 'the service was killed in time');
  first.setDefaultTimeout(3 * PATIENCE); // the service has to start
  await isEqual(first, { count: 2_001, since });
  first.setDefaultTimeout(PATIENCE);

  assert.equal(isHeld, false);
  const [own, service] = await codes(first);
  assert.equal(own, service);
  await isEqual(second, { count: 2_001 });
});

step('a tab that is loaded again is the same device and has everything; signing out forgets it', async () => {
  const who = await first.textContent('#who');
  await first.reload();
  await isEqual(first, { count: 2_001 });
  assert.equal(await first.textContent('#who'), who);
  await first.click('#sign-out');
  await first.waitForSelector('#sign-in-development');
  const names = await first.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  assert.equal(names.length, 2, names.join()); // those of the second tab
});

step('nothing complained, and nothing went elsewhere', async () => {
  assert.deepEqual(first.complaints.concat(second.complaints), []);
});
