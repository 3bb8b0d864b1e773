/**
 * Texts of the page in the person's language.
 *
 * @module
 */

import { EN } from './texts-en.js';
import { ZH } from './texts-zh.js';

const LANGUAGES = { en: EN, zh: ZH };
const CHOICE = 'contact-sync-language';

let language = localStorage.getItem(CHOICE) ?? (navigator.languages.find((each) => /^(en|zh)\b/i.test(each)) ?? 'en').slice(0, 2).toLowerCase();
if (!Object.hasOwn(LANGUAGES, language)) {
  language = 'en';
}

export function currentLanguage() {
  return language;
}

export function setLanguage(chosen) {
  language = chosen;
  localStorage.setItem(CHOICE, chosen);
}

/** The text of a key; `{name}` is replaced by that value. */
export function t(key, values = {}) {
  const text = LANGUAGES[language][key] ?? EN[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(language) : String(value ?? whole);
  });
}

/** Fills the elements that name a text: `data-text` its content, `data-label` its accessible name, `data-hint` its placeholder. */
export function translate(root = document) {
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  for (const element of root.querySelectorAll('[data-text]')) {
    element.textContent = t(element.dataset.text);
  }
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', t(element.dataset.label));
  }
  for (const element of root.querySelectorAll('[data-hint]')) {
    element.setAttribute('placeholder', t(element.dataset.hint));
  }
}

export function timeOf(at) {
  return new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
}
