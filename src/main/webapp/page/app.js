/**
 * The page: signs a person in, then connects the views with the engine.
 *
 * @module
 */

import { ServerProblem } from '../js/contact-sync/index.js';
import { Activity } from './activity.js';
import { AddressBook } from './address-book.js';
import { ContactList } from './contact-list.js';
import { Decisions } from './decisions.js';
import { accountOf, deviceOfTab, finishClosedTabs } from './devices.js';
import { byId, el } from './dom.js';
import { Editor } from './editor.js';
import { Engine } from './engine.js';
import { Leaving } from './leaving.js';
import { Operator } from './operator.js';
import { Past } from './past.js';
import { samples } from './samples.js';
import { saveSession, savedSession } from './session.js';
import { accepted, developmentSession, leaveForIssuer, pastedSession, returned, tokenSource, waysOfSigningIn } from './sign-in.js';
import { currentLanguage, setLanguage, t, translate } from './texts.js';
import { partsOf } from './vcard-parts.js';

const SAMPLES = 2_000;

/** Bytes of a file that is opened; the service takes a book of 256 MiB. */
const LARGEST_FILE = 64 << 20;

/** Milliseconds between two attempts to reach a service that does not answer yet. */
const START_MILLIS = 2_000;

/** How long a message to the person stays. */
const SAID_MILLIS = 12_000;

let saidUntil;

/** Redraws everything whose texts do not stand in the document. */
let redraw = () => {};

function say(text) {
  byId('said').textContent = text;
  clearTimeout(saidUntil);
  saidUntil = setTimeout(() => (byId('said').textContent = ''), SAID_MILLIS);
}

/** Shows a failure of `work` to the person. */
async function run(work) {
  try {
    await work();
  } catch (error) {
    const detail = error instanceof ServerProblem ? error.detail || error.code : error.message;
    say(t('problem', { detail }));
  }
}

function chooseLanguage() {
  const select = byId('language');
  select.value = currentLanguage();
  select.addEventListener('change', () => {
    setLanguage(select.value);
    translate();
    byId('said').textContent = '';
    redraw();
  });
}

async function showSignIn(reason) {
  const ways = await askForWays();
  byId('start').textContent = '';
  byId('sign-in').hidden = false;
  byId('sign-in-failed').textContent = reason ?? '';
  const isDevelopment = ways.issuer === undefined;
  byId('sign-in-development').hidden = !isDevelopment;
  byId('sign-in-issuer').hidden = ways.client === undefined;
  byId('sign-in-paste').hidden = isDevelopment || ways.client !== undefined;
  redraw = () => {
    byId('issuer-go').textContent = t('signin.issuer', ways);
    byId('paste-title').textContent = t('signin.paste', ways);
  };
  redraw();
  const signIn = async (session) => {
    byId('sign-in-failed').textContent = '';
    try {
      saveSession(await accepted(await session()));
    } catch (error) {
      byId('sign-in-failed').textContent = t('signin.failed', { reason: error.message });
      return;
    }
    byId('sign-in').hidden = true;
    await run(open);
  };
  byId('sign-in-development').onsubmit = (event) => {
    event.preventDefault();
    void signIn(() => developmentSession(byId('user').value.trim(), byId('as-operator').checked));
  };
  byId('sign-in-paste').onsubmit = (event) => {
    event.preventDefault();
    void signIn(async () => pastedSession(byId('token').value));
  };
  byId('issuer-go').onclick = () => void run(() => leaveForIssuer(ways));
  byId('user').focus();
}

/** Opens the page's book of this person and device. */
async function open() {
  const session = savedSession();
  const device = await deviceOfTab(session);
  const account = accountOf(session, device);
  const addressBook = await AddressBook.open(account);
  const token = tokenSource((isLost) => engine.setSignedOut(isLost));
  const engine = new Engine({ session, token, device, addressBook, account });
  const editor = new Editor(engine, say, (uid) => list.choose(uid));
  const list = new ContactList(addressBook, (uid) => editor.open(uid));
  const activity = new Activity(engine);
  const decisions = new Decisions(engine);
  const past = new Past(engine, run);
  const operator = new Operator(token, run);
  byId('main').hidden = false;
  byId('account').hidden = false;
  redraw = () => {
    byId('who').textContent = t('signin.as', { user: session.user, device });
    byId('samples').textContent = t('samples', { number: SAMPLES });
    list.redraw();
    editor.relabel();
    activity.redraw();
    decisions.redraw();
  };
  redraw();
  const leaving = new Leaving(engine, editor, { token, account, run, say });
  byId('pause').addEventListener('click', () => engine.setPaused(!engine.state.isPaused));
  byId('sync-now').addEventListener('click', () => void run(() => engine.sync()));
  byId('add').addEventListener('click', () => editor.open(undefined, { focus: true }));
  byId('samples').addEventListener('click', () => void run(() => addressBook.addAll(samples(SAMPLES))));
  byId('versions-box').addEventListener('toggle', () => void run(() => editor.showVersions()));
  byId('file').addEventListener('change', ({ target }) => void run(() => importFile(engine, target)));
  engine.addEventListener('imported', ({ detail }) => say(t('log.imported', detail)));
  byId('export').addEventListener('click', () => void run(() => exportFile(token)));
  connectViews({ trash: () => past.showTrash(), history: () => past.showHistory(), operator: () => operator.show() });
  void run(async () => (byId('nav-operator').hidden = !(await operator.isAllowed())));
  await run(() => engine.start());
  await run(async () => engine.tellOfClosedTabs(await finishClosedTabs(session, token, leaving.signal)));
}

/** One view at a time; on a wide screen what the client does stands beside the contacts. */
function connectViews(loaders) {
  const buttons = [...document.querySelectorAll('nav [data-view]')];
  const show = (view) => {
    document.body.dataset.view = view;
    buttons.forEach((button) => (button.dataset.view === view ? button.setAttribute('aria-current', 'page') : button.removeAttribute('aria-current')));
    if (loaders[view] !== undefined) {
      void run(loaders[view]);
    }
  };
  buttons.forEach((button) => button.addEventListener('click', () => show(button.dataset.view)));
  show('contacts');
}

/** Keeps a file, then queues its import: it goes on if the page is closed. */
async function importFile(engine, input) {
  const [file] = input.files;
  if (file === undefined) {
    return;
  }
  if (file.size > LARGEST_FILE) {
    input.value = '';
    say(t('file.large', { size: LARGEST_FILE >> 20 }));
    return;
  }
  const parts = await partsOf(new Uint8Array(await file.arrayBuffer()));
  input.value = '';
  if (parts.length === 0) {
    say(t('file.none'));
    return;
  }
  const id = crypto.randomUUID();
  await engine.addressBook.keepFile(id, parts.map((part) => ({ ...part, idempotencyKey: crypto.randomUUID() })));
  await engine.importFile(id);
}

async function exportFile(token) {
  const headers = { Authorization: `Bearer ${await token({ refused: false })}`, Accept: 'text/vcard' };
  const answer = await fetch('/v1/book/export', { headers, credentials: 'omit' });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  const url = URL.createObjectURL(await answer.blob());
  el('a', { href: url, download: 'contacts.vcf' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Waits until the service, which may just be starting, says how to sign in. */
async function askForWays() {
  for (;;) {
    try {
      return await waysOfSigningIn();
    } catch {
      byId('start').textContent = t('start.waiting');
      await new Promise((resolve) => setTimeout(resolve, START_MILLIS));
    }
  }
}

async function begin() {
  translate();
  chooseLanguage();
  if (!isSecureContext) {
    byId('start').textContent = t('start.insecure', { origin: location.origin.replace(/^http:/, 'https:') });
    return;
  }
  let reason;
  try {
    const session = await returned();
    if (session !== undefined) {
      saveSession(session);
    }
  } catch (error) {
    reason = t('signin.failed', { reason: error.message });
  }
  if (savedSession() !== undefined) {
    await open();
  } else {
    await showSignIn(reason);
  }
}

void run(begin);
