/**
 * The fields of a card that the page shows and edits (docs/card-mapping.md). Everything else in a card stays as it is.
 *
 * @module
 */

/** Name to show; a card without any is shown by a number or an address. */
export function nameOf(card) {
  const components = (card.name?.components ?? []).filter(({ kind }) => kind !== 'separator');
  const joined = components.map(({ value }) => value).join(' ');
  return text(card.name?.full) || joined || organisationOf(card) || phonesOf(card)[0]?.value || emailsOf(card)[0]?.value || '';
}

export function organisationOf(card) {
  return text(ordered(card.organizations)[0]?.[1]?.name);
}

export function noteOf(card) {
  return text(ordered(card.notes)[0]?.[1]?.note);
}

/** `{ id, value, kind }` of each number; `kind` is mobile, work, private or other. */
export function phonesOf(card) {
  return ordered(card.phones).map(([id, phone]) => ({ id, value: text(phone.number), kind: kindOf(phone) }));
}

export function emailsOf(card) {
  return ordered(card.emails).map(([id, email]) => ({ id, value: text(email.address), kind: kindOf(email) }));
}

/** What the search looks at, in lower case; numbers also without their signs. */
export function searchTextOf(card) {
  const numbers = phonesOf(card).flatMap(({ value }) => [value, value.replace(/[^0-9+]/g, '')]);
  const all = [nameOf(card), organisationOf(card), ...numbers, ...emailsOf(card).map(({ value }) => value)];
  return all.join('\n').toLowerCase();
}

/**
 * A card with the fields of a form.
 *
 * @param {object | undefined} before the card that is edited
 * @param {{ name: string, organisation: string, note: string, phones: Array<object>, emails: Array<object> }} fields
 */
export function cardOf(before, fields) {
  const card = before === undefined ? { '@type': 'Card', version: '1.0' } : structuredClone(before);
  if (fields.name !== nameOf(before ?? {})) {
    const { components, sortAs, ...name } = card.name ?? {};
    setOrDelete(card, 'name', fields.name === '' ? undefined : { ...name, full: fields.name });
  }
  setFirst(card, 'organizations', 'name', fields.organisation, organisationOf(card));
  setFirst(card, 'notes', 'note', fields.note, noteOf(card));
  setEntries(card, 'phones', 'number', fields.phones);
  setEntries(card, 'emails', 'address', fields.emails);
  return card;
}

/** A card of both sides of a conflict: mine, and the numbers and addresses that only theirs has. */
export function merged(mine, theirs) {
  const together = (own, other) => [...own, ...other.filter(({ value }) => !own.some((each) => each.value === value)).map((each) => ({ ...each, id: undefined }))];
  return cardOf(mine, {
    name: nameOf(mine),
    organisation: organisationOf(mine) || organisationOf(theirs),
    note: [...new Set([noteOf(mine), noteOf(theirs)])].filter((each) => each !== '').join('\n'),
    phones: together(phonesOf(mine), phonesOf(theirs)),
    emails: together(emailsOf(mine), emailsOf(theirs)),
  });
}

function text(value) {
  return typeof value === 'string' ? value : '';
}

function kindOf({ features, contexts }) {
  if (features?.mobile === true) {
    return 'mobile';
  }
  return contexts?.work === true ? 'work' : contexts?.private === true ? 'private' : 'other';
}

/** Entries in the order in which they are shown (M2.3). */
function ordered(collection) {
  const entries = Object.entries(collection ?? {}).filter(([, value]) => typeof value === 'object' && value !== null);
  return entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
}

function setFirst(card, collection, member, value, before) {
  if (value === before) {
    return;
  }
  const [id, first] = ordered(card[collection])[0] ?? ['k1', {}];
  const { [id]: left, ...rest } = card[collection] ?? {};
  setOrDelete(card, collection, value === '' ? rest : { ...rest, [id]: { ...first, [member]: value } });
}

/** Ids of entries that stay are kept; a new one gets the highest number plus one (M2.2). */
function setEntries(card, collection, member, entries) {
  const before = card[collection] ?? {};
  let highest = Math.max(0, ...Object.keys(before).map((id) => Number(/^k([0-9]{1,6})$/.exec(id)?.[1] ?? 0)));
  const after = {};
  for (const { id, value, kind } of entries) {
    if (value !== '') {
      after[id ?? `k${++highest}`] = entryOf(before[id], member, value, kind);
    }
  }
  setOrDelete(card, collection, after);
}

function entryOf(before, member, value, kind) {
  const entry = { ...before, [member]: value };
  if (before === undefined || kindOf(before) !== kind) {
    const { mobile, ...features } = entry.features ?? {};
    const { work, private: home, ...contexts } = entry.contexts ?? {};
    setOrDelete(entry, 'features', kind === 'mobile' ? { ...features, mobile: true } : features);
    setOrDelete(entry, 'contexts', kind === 'work' || kind === 'private' ? { ...contexts, [kind]: true } : contexts);
  }
  return entry;
}

function setOrDelete(object, member, value) {
  if (value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)) {
    delete object[member];
  } else {
    object[member] = value;
  }
}
