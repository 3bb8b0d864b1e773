/**
 * Signing out, or losing the sign-in: nothing that a person has changed is lost by it.
 *
 * @module
 */

import { finishClosedTabs, forgetDevice, removeDevice, unsent } from './devices.js';
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

  /**
   * @param {Engine} engine
   * @param {{ token: Function, account: string, user: string, run: Function }} options `run` shows a failure to the person
   */
  constructor(engine, { token, account, user, run }) {
    this.#engine = engine;
    this.#token = token;
    this.#account = account;
    byId('sign-out').addEventListener('click', () => void run(() => this.#signOut(user)));
    byId('leave-cancel').addEventListener('click', () => byId('leave').close());
    byId('leave-keep').addEventListener('click', () => void run(() => this.#go()));
    byId('leave-discard').addEventListener('click', () => void run(() => this.#remove()));
    byId('anew-empty').addEventListener('click', () => void run(() => this.#empty()));
    byId('anew-fill').addEventListener('click', () => void run(() => engine.sync({ beginAnew: true })));
    byId('sign-in-again').addEventListener('click', () => void run(() => this.#go()));
  }

  async #signOut(user) {
    let number = await unsent(this.#engine.addressBook, this.#engine.store);
    for (let look = 0; number > 0 && look < LOOKS && this.#engine.isSending; look++) {
      await pause(LOOK);
      number = await unsent(this.#engine.addressBook, this.#engine.store);
    }
    if (number === 0) {
      await this.#remove();
      return;
    }
    byId('leave-text').textContent = t('leave.text', { number, user });
    byId('leave').showModal();
  }

  /** Contacts and changes stay in this browser until the same person signs in again. */
  async #go() {
    forgetSession();
    await this.#engine.end();
    location.reload();
  }

  /** Nothing stays in this browser. */
  async #remove() {
    await forgetDevice(this.#token, this.#engine.device);
    // Contacts of this person's closed tabs are not to stay either.
    await Promise.race([finishClosedTabs(this.#engine.session, this.#token).catch(() => {}), pause(REMOVAL)]);
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
