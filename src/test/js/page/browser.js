/**
 * A real Chromium with tabs that are devices; what the tests of `PageIT` share. Every wait has an end and says what it was for: `step` ends a
 * test, `until` a wait for something in a page, and a timer the whole program.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';

const modules = createRequire(join(process.env.NODE_MODULES, 'playwright-core', 'package.json'));
const { chromium } = modules('playwright-core');
const AXE = readFileSync(join(process.env.NODE_MODULES, 'axe-core', 'axe.min.js'), 'utf8');

export const SERVER = process.env.CONTACT_SYNC_SERVER;

/** Milliseconds: of one wait, of one test, and of a whole file. */
export const PATIENCE = 30_000;
const TEST = 180_000;
const FILE = 300_000;

/** Lines of the browser that are printed if a test fails. */
const MOST_LINES = 60;

const lines = [];
let browser;
let failed;

after(async () => {
  await bounded('the end of the browser', browser?.close());
});

/** Opens the browser, which ends after the tests, with an empty context. */
export async function openContext(options = {}) {
  setTimeout(() => {
    report('the whole file');
    process.exit(1);
  }, FILE).unref();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: PATIENCE });
  return browser.newContext({ locale: 'en-GB', viewport: { width: 1400, height: 950 }, ...options });
}

/** A test. They build on each other: after one that fails the others are not tried. */
export function step(name, work) {
  test(name, { timeout: TEST + PATIENCE }, async () => {
    if (failed !== undefined) {
      throw new Error(`not tried after: ${failed}`);
    }
    try {
      await bounded(name, work(), TEST);
    } catch (error) {
      failed = name;
      report(name);
      throw error;
    }
  });
}

/** Ends a wait that Playwright does not end: of an evaluation in a page that does not answer. */
export async function bounded(what, work, millis = PATIENCE) {
  let timer;
  const end = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${millis} ms for: ${what}`)), millis);
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}

/** Waits for something in a page. */
export async function until(page, what, isTrue, arg) {
  await page.waitForFunction(isTrue, arg).catch((error) => {
    throw new Error(`waited for: ${what}`, { cause: error });
  });
}

/** A change that the page keeps, and does not send. */
export async function renameWhilePaused(page, from, to) {
  await page.click('#pause');
  await rename(page, from, to);
  await until(page, 'that it is saved', () => /Saved in/.test(document.querySelector('#said').textContent));
}

/** Closes a tab, and waits until another one can see that: the browser may take a moment to release what the tab holds. */
export async function closeTab(page, other) {
  const device = await page.evaluate(() => sessionStorage.getItem('contact-sync-device'));
  await page.close();
  const isReleased = async (id) => !(await navigator.locks.query()).held.some(({ name }) => name === `contact-sync-device:${id}`);
  await until(other, 'the end of a closed tab', isReleased, device);
}

function report(what) {
  console.log(`${what}: the last lines of the browser\n${lines.slice(-MOST_LINES).join('\n')}`);
}

function note(tab, line) {
  lines.push(`${new Date().toISOString().slice(14, 23)} ${tab}: ${line}`);
  lines.splice(0, lines.length - 10 * MOST_LINES);
}

let tabs = 0;

/** The tab that was last used. */
let front;

const ACTS = ['click', 'fill', 'focus', 'selectOption', 'waitForSelector', 'waitForFunction'];

/** A tab that has been behind another one for ten seconds gets a frame each second only, and each act waits for frames: so it comes to the front. */
function comesToTheFront(page) {
  for (const act of ACTS) {
    const work = page[act].bind(page);
    page[act] = async (...args) => {
      if (front !== page) {
        front = page;
        await page.bringToFront();
      }
      return work(...args);
    };
  }
  page.on('popup', () => (front = undefined));
}

/** Milliseconds of the processor that the longest task of the page's thread took since `startTrace`; unlike its duration, they do not depend on other programs. */
export async function longestTask(page) {
  const trace = await page.context().browser().stopTracing();
  const { traceEvents } = JSON.parse(String(trace));
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(({ pid, tid, tdur }) => tdur !== undefined && threads.includes(`${pid} ${tid}`));
  return Math.round(Math.max(0, ...tasks.map(({ tdur }) => tdur / 1_000)));
}

export async function startTrace(page) {
  await page.context().browser().startTracing(page, { categories: ['-*', 'toplevel'] });
}

/** A tab that is signed in as a device of its own. It fails on anything that the page complains of, and on requests to other places. */
export async function openTab(context, user, { isOperator = false } = {}) {
  const page = await context.newPage();
  const tab = `tab ${++tabs}`;
  front = page;
  comesToTheFront(page);
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on('pageerror', (error) => note(tab, `error ${error.stack}`));
  page.on('console', (message) => note(tab, `${message.type()} ${message.text()}`));
  page.on('requestfailed', (request) => note(tab, `${request.method()} ${request.url()} failed: ${request.failure()?.errorText}`));
  page.on('response', (response) => response.status() >= 400 && note(tab, `${response.request().method()} ${response.url()}: ${response.status()}`));
  page.on('crash', () => note(tab, 'crashed'));
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !/ERR_|status of (4|5)/.test(message.text()) && page.complaints.push(message.text()));
  page.on('request', (request) => request.url().startsWith(SERVER) || /^(blob|data):/.test(request.url()) || page.complaints.push(request.url()));
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({
      type: 'longtask',
      buffered: true,
    });
  });
  await page.goto(SERVER);
  await signIn(page, user, { isOperator });
  return page;
}

export async function signIn(page, user, { isOperator = false } = {}) {
  await page.fill('#user', user);
  if (isOperator) {
    await page.check('#as-operator');
  }
  await page.click('#sign-in-development button');
  await isEqual(page);
}

/** Waits until both books have the same code, another one than `since`, and nothing waits. */
export async function isEqual(page, { count, since } = {}) {
  await until(page, 'another code of the service', (code) => document.querySelector('#codes-service code')?.title !== code, since);
  await page.waitForSelector('#status.good');
  if (count !== undefined) {
    const words = count === 1 ? '1 contact' : `${count.toLocaleString('en')} contacts`;
    await until(page, words, (text) => document.querySelector('#count').textContent === text, words);
    await page.waitForSelector('#status.good');
  }
}

/** The code of the page's own book, as computed in the page, and the service's. */
export async function codes(page) {
  return bounded('both codes', page.evaluate(() => ['codes-own', 'codes-service'].map((id) => document.querySelector(`#${id} code`).title)));
}

export async function search(page, text) {
  await page.fill('#search', text);
  await until(page, 'the words of the search', (words) => document.querySelector('#search').value === words, text);
}

/** Waits until only the contact with these words is shown, and opens it. */
export async function openContact(page, text) {
  await page.click('nav [data-view="contacts"]');
  await search(page, text);
  await until(page, `one contact with ${text}`, () => /^1 of/.test(document.querySelector('#count').textContent));
  await page.click('#list .row', { delay: 60 }); // as long as a finger takes
  await page.waitForSelector('#detail:not([hidden])');
}

/** Renames a contact; returns the service's code before, which is another one when the change has arrived. */
export async function rename(page, from, to) {
  const [, before] = await codes(page);
  await openContact(page, from);
  await page.fill('#field-name', to);
  await page.click('#save');
  return before;
}

/** Fails on each violation that axe-core finds. */
export async function isAccessible(page, what) {
  await bounded('axe-core', page.evaluate(AXE));
  const run = page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(' | ')}`);
  });
  const begun = Date.now();
  const violations = await bounded(`axe-core on ${what}`, run);
  note('axe-core', `${what}: ${Date.now() - begun} ms`);
  assert.deepEqual(violations, [], what);
}

export async function shot(page, name) {
  if (process.env.SHOTS) {
    mkdirSync(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
  }
}
