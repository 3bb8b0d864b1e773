/**
 * A book of many contacts in the page, measured: seconds, long tasks (PerformanceObserver), the processor time of the longest task, and the
 * memory of the page's JavaScript after a collection. `PageIT` runs this only with `-Dpage.contacts=NUMBER`; nothing is asserted of times.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { bounded, isEqual, openContact, openContext, longestTask, openTab, search, startTrace, step, until } from './browser.js';

const NUMBER = Number(process.env.CONTACTS);
const MINUTES = 4 * 60_000;
const LONG = 100;
let context;
let page;
let session;
let directory;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'large-'));
  context = await openContext();
  page = await openTab(context, `large-${crypto.randomUUID()}`);
  page.setDefaultTimeout(MINUTES);
  session = await context.newCDPSession(page);
});

after(() => rmSync(directory, { recursive: true }));

function cardOf(n) {
  const lines = [
    'BEGIN:VCARD', 'VERSION:3.0', `UID:urn:uuid:${crypto.randomUUID()}`, `FN:Contact ${n} Lovelace`, `N:Lovelace;Contact ${n};;;`,
    `ORG:Analytical Engines ${n % 97}`, `TEL;TYPE=CELL:+44 7700 ${String(900_000 + n)}`, `TEL;TYPE=WORK:+44 20 7946 ${String(n % 1_000).padStart(4, '0')}`,
    `EMAIL:contact-${n}@example.com`, `NOTE:Met at the fair of ${1990 + (n % 36)}.`, 'END:VCARD',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Does something and prints a row: what, seconds, long tasks, those over 100 ms, the longest, the most processor time of one, MiB of the page's heap. */
async function measure(what, work) {
  await startTrace(page);
  await page.evaluate(() => void (globalThis.longTasks.length = 0));
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const tasks = await page.evaluate(() => globalThis.longTasks);
  const processor = await longestTask(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const over = tasks.filter((millis) => millis > LONG).length;
  console.log(`large: | ${what} | ${seconds.toFixed(1)} | ${tasks.length} | ${over} | ${Math.max(0, ...tasks)} | ${processor} | ${Math.round(usedSize / 2 ** 20)} |`);
}

step('a book of many contacts', async () => {
  const count = NUMBER.toLocaleString('en');
  const cards = Array.from({ length: NUMBER }, (_, n) => cardOf(n)).join('');
  console.log(`large: ${count} contacts, ${cards.length} bytes`);
  const file = join(directory, 'contacts.vcf'); // bytes that Playwright hands over itself are decoded in the page's thread
  writeFileSync(file, cards);
  await measure('open the file, import, receive', async () => {
    await page.setInputFiles('#file', file);
    await isEqual(page, { count: NUMBER });
  });
  await measure('search', async () => {
    for (const words of ['9', '99', '999', 'contact 999 ', '']) {
      await search(page, words);
      await until(page, 'the rows', () => document.querySelectorAll('#list .row').length > 0);
    }
  });
  await measure('scroll', async () => {
    for (let at = 0; at <= 20; at++) {
      await page.evaluate((part) => new Promise((resolve) => {
        const list = document.querySelector('#list');
        list.scrollTop = (list.scrollHeight * part) / 20;
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }), at);
    }
  });
  await measure('edit one', async () => {
    const since = await page.evaluate(() => document.querySelector('#codes-service code').title);
    await openContact(page, 'contact-777@');
    await page.fill('#field-name', 'Ada King');
    await page.click('#save');
    await isEqual(page, { since });
    await search(page, '');
  });
  await measure('load the page again', async () => {
    await page.reload();
    await isEqual(page, { count: NUMBER });
  });
  const erased = page.evaluate(async () => {
    const { token } = JSON.parse(sessionStorage.getItem('contact-sync-session'));
    await fetch('/v1/account', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
  });
  await bounded('the erasure', erased);
  await page.click('#sync-now');
  await page.waitForSelector('#anew:not([hidden])');
  await measure('first upload of all in chunks', async () => {
    await page.click('#anew-fill');
    await until(page, 'all chunks', (text) => document.querySelector('#chunks-text').textContent.startsWith(text), `${count} of ${count}`);
    await isEqual(page, { count: NUMBER });
  });
});
