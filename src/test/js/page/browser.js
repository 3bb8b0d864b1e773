/** A real Chromium with tabs that are devices; what `PageIT` and its tests share. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const modules = createRequire(join(process.env.NODE_MODULES, 'playwright-core', 'package.json'));
const { chromium } = modules('playwright-core');
const AXE = readFileSync(join(process.env.NODE_MODULES, 'axe-core', 'axe.min.js'), 'utf8');

export const SERVER = process.env.CONTACT_SYNC_SERVER;
export const PATIENCE = 120_000;

/** Opens the browser; `close` ends it. */
export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A tab that is signed in as a device of its own. It fails on anything that the page complains of, and on requests to other places. */
export async function openTab(context, user, { isOperator = false } = {}) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
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
  await page.fill('#user', user);
  if (isOperator) {
    await page.check('#as-operator');
  }
  await page.click('#sign-in-development button');
  await isEqual(page);
  return page;
}

/** Waits until both books have the same code, another one than `since`, and nothing waits. */
export async function isEqual(page, { count, since } = {}) {
  await page.waitForFunction((code) => document.querySelector('#codes-service code')?.title !== code, since);
  await page.waitForSelector('#status.good');
  if (count !== undefined) {
    const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
    await page.waitForFunction((text) => document.querySelector('#count').textContent === text, `${digits} contacts`);
    await page.waitForSelector('#status.good');
  }
}

/** The code of the page's own book, as computed in the page, and the service's. */
export async function codes(page) {
  return page.evaluate(() => ['codes-own', 'codes-service'].map((id) => document.querySelector(`#${id} code`).title));
}

export async function search(page, text) {
  await page.fill('#search', text);
  await page.waitForFunction((words) => document.querySelector('#search').value === words, text);
}

/** Waits until only the contact with these words is shown, and opens it. */
export async function openContact(page, text) {
  await page.click('nav [data-view="contacts"]');
  await search(page, text);
  await page.waitForFunction(() => /^1 of/.test(document.querySelector('#count').textContent));
  await page.click('#list .row');
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
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(' | ')}`);
  });
  assert.deepEqual(violations, [], what);
}

export async function shot(page, name) {
  if (process.env.SHOTS) {
    mkdirSync(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
  }
}
