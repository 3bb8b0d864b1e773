/** The vectors of `src/test/resources/check-code`, which server and Java client pass too. */
import { readFileSync } from 'node:fs';

function read(name) {
  return JSON.parse(readFileSync(new URL(`../resources/check-code/${name}.json`, import.meta.url), 'utf8'));
}

export const vectors = read('vectors');
export const moreVectors = read('more-vectors');

/** A long text is written as a list of texts and `[text, times]`. */
export function textOf(value) {
  return typeof value === 'string'
    ? value
    : value.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join('');
}

/** Contact `n` of `tree` and `downToEmpty`. */
export function treeContact(n) {
  const digits = String(n).padStart(4, '0');
  const card = {
    '@type': 'Card',
    version: '1.0',
    name: { full: `Contact ${n}` },
    phones: { k1: { number: `+1 555 ${digits}` } },
  };
  return { uid: `c-${digits}`, card };
}

/** Contact `n` of `bigBook`. */
export function bigContact(n) {
  const card = {
    '@type': 'Card',
    version: '1.0',
    name: { full: `Kontakt 刘 ${n}` },
    phones: { k1: { number: `+49 30 ${String(n).padStart(7, '0')}`, pref: (n % 100) + 1 } },
    emails: { k1: { address: `c${n}@example.com` } },
    keywords: { [n % 2 === 0 ? 'even' : 'odd']: true },
  };
  return { uid: `big-${String(n).padStart(5, '0')}`, card };
}
