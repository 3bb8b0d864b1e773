/** The service is killed between two chunks and started again; `JavaScriptRestartIT` does that and runs this. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Book } from '../../../main/webapp/js/contact-sync/book.js';
import { CheckCodes } from '../../../main/webapp/js/contact-sync/check-code.js';
import { MemoryStore } from '../../../main/webapp/js/contact-sync/store.js';
import { Synchroniser } from '../../../main/webapp/js/contact-sync/synchroniser.js';
import { TaskQueue } from '../../../main/webapp/js/contact-sync/task-queue.js';
import { developmentToken } from '../../../main/webapp/js/contact-sync/tokens.js';
import { bigContact } from '../vectors.js';

const server = process.env.CONTACT_SYNC_SERVER;
const signs = process.env.SIGNS;
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Before the third chunk: waits until the service is gone. */
let isFirst = true;
async function fetchAroundTheEnd(address, init) {
  if (isFirst && address.endsWith('/chunks/3')) {
    isFirst = false;
    writeFileSync(join(signs, 'reached'), '');
    while (!existsSync(join(signs, 'killed'))) {
      await pause(50);
    }
  }
  return fetch(address, init);
}

test('a push goes on after the service was killed', async () => {
  const token = await developmentToken(server, `javascript-${crypto.randomUUID()}`);
  const book = new Book({ server, token, fetch: fetchAroundTheEnd });
  const contacts = Array.from({ length: 2_500 }, (_, n) => bigContact(n));
  const store = new MemoryStore();
  const acknowledged = [];
  const events = [];
  const onProgress = ({ kind, chunk }) => kind === 'acknowledged' && acknowledged.push(chunk);
  const synchroniser = new Synchroniser({ book, store, account: 'restart', onProgress });
  const stop = new AbortController();
  const queue = new TaskQueue({
    store,
    account: 'restart',
    run: () => synchroniser.push(contacts),
    onChange: (event) => {
      events.push(event.kind);
      if (event.kind === 'done' || event.kind === 'failed') {
        stop.abort();
      }
    },
  });

  await queue.add({ kind: 'push' });
  await queue.work({ signal: stop.signal });

  assert.deepEqual(acknowledged, [1, 2, 3, 4, 5]);
  assert.equal(events.at(-1), 'done');
  const { checkKey, count } = await book.head();
  assert.equal(count, 2_500);
  assert.equal((await book.contents(await CheckCodes.of(checkKey))).contacts.length, 2_500);
});
