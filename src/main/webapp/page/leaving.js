/**
 * Signing out, or losing the sign-in: nothing that a person has changed is lost by it.
 *
 * @module
 */

import { closedTabs, finishClosedTabs, forgetDevice, removeClosedTabs, removeDevice, unsent } from './devices.js';
import { byId } from './dom.js';
import { forgetSession } from './session.js';
import { t } from './texts.js';

/** Milliseconds between two looks at what is being sent, and looks before the person is asked. */
const LOOK = 300;
const LOOKS = 10;

/** Milliseconds. */
const REMOVAL = 5_000;

export class Leaving {
  #engine;
  #token;
  #account;
  #say;
  #stop = new AbortController();
  /** Changes of this tab that the service does not have. */
  #number = 0;
  /** Devices of the closed tabs that the person was told of. */
  #tabs = [];
  #isGoing = false;

  /**
   * @param {Engine} engine
   * @param {Editor} editor asked first: what is typed there is not saved yet
   * @param {{ token: Function, account: string, run: Function, say: Function }} options `run` shows a failure to the person, `say` tells something
   */
  constructor(engine, editor, { token, account, run, say }) {
    this.#engine = engine;
    this.#token = token;
    this.#account = account;
    this.#say = say;
    const leave = (work) => void run(() => this.#leave(work));
    byId('sign-out').addEventListener('click', () => editor.beforeLeaving(() => leave(() => this.#signOut())));
    byId('leave-cancel').addEventListener('click', () => byId('leave').close());
    byId('leave').addEventListener('close', () => this.#isGoing || this.#stay());
    byId('leave-keep').addEventListener('click', () => leave(() => (this.#number > 0 ? this.#go() : this.#remove())));
    byId('leave-discard').addEventListener('click', () => leave(() => this.#discard()));
    byId('anew-empty').addEventListener('click', () => editor.beforeLeaving(() => leave(() => this.#empty())));
    byId('anew-fill').addEventListener('click', () => void run(() => engine.sync({ beginAnew: true })));
    byId('sign-in-again').addEventListener('click', () => editor.beforeLeaving(() => leave(() => this.#go())));
  }

  /** Ends the work with closed tabs when the person has waited long enough for it. */
  get signal() {
    return this.#stop.signal;
  }

  /** From now on nothing can be typed that would be lost. */
  async #leave(work) {
    this.#isGoing = true;
    [byId('main'), byId('account')].forEach((part) => (part.inert = true));
    try {
      await work();
    } catch (error) {
      byId('leave').close();
      this.#stay();
      throw error;
    }
  }

  #stay() {
    this.#isGoing = false;
    [byId('main'), byId('account')].forEach((part) => (part.inert = false));
    byId('sign-out').focus();
  }

  async #signOut() {
    this.#say(t('leave.working'));
    this.#number = await unsent(this.#engine.addressBook, this.#engine.store);
    for (let look = 0; this.#number > 0 && look < LOOKS && this.#engine.isSending; look++) {
      await pause(LOOK);
      this.#number = await unsent(this.#engine.addressBook, this.#engine.store);
    }
    const tabs = await this.#closedTabs();
    if (this.#number + tabs === 0) {
      await this.#remove();
      return;
    }
    const { user } = this.#engine.session;
    byId('leave-text').textContent = this.#number === 0 ? '' : t('leave.text', { number: this.#number });
    byId('leave-tabs').textContent = tabs === 0 ? '' : t('leave.tabs', { number: tabs });
    byId('leave-next').textContent = t('leave.next', { user });
    this.#isGoing = false;
    byId('leave').showModal();
  }

  /** How many closed tabs have contacts here that could not be sent. */
  async #closedTabs() {
    const { session } = this.#engine;
    await Promise.race([finishClosedTabs(session, this.#token, this.signal).catch(() => {}), pause(REMOVAL)]);
    this.#tabs = await closedTabs(session);
    if (this.#tabs.length > 0) {
      this.#stop.abort();
      this.#stop = new AbortController();
    }
    return this.#tabs.length;
  }

  /** Contacts and changes stay in this browser until the same person signs in again. */
  async #go() {
    forgetSession();
    await this.#engine.end();
    location.reload();
  }

  async #discard() {
    await removeClosedTabs(this.#engine.session, this.#token, this.#tabs);
    await this.#remove();
  }

  /** Nothing of this tab stays in this browser. */
  async #remove() {
    await forgetDevice(this.#token, this.#engine.device);
    forgetSession();
    await this.#empty();
  }

  /** The tab begins anew, with what the service has. */
  async #empty() {
    await this.#engine.end();
    this.#engine.addressBook.close();
    // What is not removed by then is removed by the next tab.
    await Promise.race([removeDevice(this.#account), pause(REMOVAL)]);
    location.reload();
  }
}

function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
