/**
 * Contacts to try things out with: invented names, and numbers that are reserved for fiction.
 *
 * @module
 */

const GIVEN = ['Ada', 'Grace', 'Alan', 'Mei', 'Wei', 'Noor', 'Ivan', 'Lucía', 'Søren', 'Aiko', 'Kwame', 'Zoë', '伟', '芳', '娜', '敏'];
const FAMILY = ['Lovelace', 'Hopper', 'Turing', 'Okafor', 'Nguyen', 'Larsen', 'García', 'Novák', 'Haddad', 'Kim', 'Silva', 'Weber', '王', '李', '张', '陈'];
const FIRMS = ['Analytical Engines', 'Harbour Telecom', 'Blue Kite', 'Orchard Foods', '明月科技', 'Nordlys'];

/** @returns {Array<{ uid: string, card: object }>} */
export function samples(number) {
  return Array.from({ length: number }, (_, n) => ({ uid: `urn:uuid:${crypto.randomUUID()}`, card: sample(n) }));
}

function sample(n) {
  const given = GIVEN[n % GIVEN.length];
  const family = FAMILY[Math.floor(n / GIVEN.length) % FAMILY.length];
  const line = String(n % 1_000).padStart(3, '0');
  return {
    '@type': 'Card',
    version: '1.0',
    name: { full: /[a-z]/i.test(given + family) ? `${given} ${family} ${n + 1}` : `${family}${given} ${n + 1}` },
    organizations: { k1: { name: FIRMS[n % FIRMS.length] } },
    phones: { k1: { number: `+44 7700 900${line}`, features: { mobile: true } } },
    emails: { k1: { address: `contact-${n + 1}@example.com` } },
  };
}
