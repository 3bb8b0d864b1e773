/**
 * Carries what a person changed in the form that an address book shows over to the whole card: what the book does not show is not taken
 * for deleted. The Java client merges by the same rules (`client.merge.CardMerge`), except that here an entry is carried member by member.
 *
 * @module
 */

/** Maps of RFC 9553 whose keys mean nothing: two entries under one key are both kept. */
const LISTS = new Set([
  'addresses', 'anniversaries', 'calendars', 'cryptoKeys', 'directories', 'emails', 'links', 'media', 'nicknames', 'notes', 'onlineServices',
  'organizations', 'personalInfo', 'phones', 'preferredLanguages', 'schedulingAddresses', 'titles',
]);

/** Maps whose keys are what they say. */
const SETS = new Set(['keywords', 'localizations', 'members', 'relatedTo']);

/**
 * The whole card with the person's change in it.
 *
 * @param {object} from how the book showed `whole`
 * @param {object} to how it shows it now
 * @param {object} whole the card that the book was given
 */
export function carry(from, to, whole) {
  return built(to, whole, (name) => {
    const [was, is, base] = [own(from, name), own(to, name), own(whole, name)];
    const isMap = (LISTS.has(name) || SETS.has(name)) && [was, is, base].every((each) => each === undefined || isObject(each));
    return isMap && !isSame(was, is) ? entries(was ?? {}, is ?? {}, base ?? {}, LISTS.has(name)) : changed(was, is, base);
  });
}

/**
 * What a book seems to show of a card when it did not say: whatever is in its form at all. An entry that it has under another key is not
 * hidden, but moved.
 */
export function shownOf(whole, form) {
  return built({}, whole, (name) => {
    const [base, there] = [own(whole, name), own(form, name)];
    if (there === undefined) {
      return undefined;
    }
    return LISTS.has(name) && isObject(base) && isObject(there) ? entriesShown(base, there) : base;
  });
}

/** Whether two JSON values are the same; the order of members does not count. */
export function isSame(one, other) {
  if (one === other) {
    return true;
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((each, i) => isSame(each, other[i]));
  }
  if (!isObject(one) || !isObject(other)) {
    return false;
  }
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]));
}

function changed(was, is, base) {
  return isSame(was, is) ? base : is;
}

function entries(from, to, whole, isList) {
  const beside = [];
  const carried = built(to, whole, (key) => {
    const [was, is, base] = [own(from, key), own(to, key), own(whole, key)];
    if (isList && was === undefined && is !== undefined && base !== undefined && !isSame(is, base)) {
      beside.push([key, base]); // the book does not show it, and a person has added another one under its key
      return is;
    }
    return isList && [was, is, base].every(isObject) ? members(was, is, base) : changed(was, is, base);
  });
  for (const [key, value] of beside) {
    carried[freeKey(key, carried)] = value;
  }
  return Object.keys(carried).length === 0 ? undefined : carried;
}

function members(from, to, whole) {
  return built(to, whole, (name) => changed(own(from, name), own(to, name), own(whole, name)));
}

function entriesShown(whole, form) {
  const values = Object.values(form);
  return built({}, whole, (key) => {
    const [base, there] = [own(whole, key), own(form, key)];
    if (there === undefined) {
      return values.some((each) => isSame(each, base)) ? base : undefined;
    }
    return isObject(base) && isObject(there) ? built({}, base, (name) => (own(there, name) === undefined ? undefined : own(base, name))) : base;
  });
}

/** An object with the members of both, each with its value; without those whose value is `undefined`. */
function built(one, other, valueOf) {
  const names = new Set([...Object.keys(other), ...Object.keys(one)]);
  return Object.fromEntries([...names].map((name) => [name, valueOf(name)]).filter(([, value]) => value !== undefined));
}

/** Names come from others: `constructor` is a member like any other. */
function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function freeKey(key, taken) {
  let number = 2;
  while (Object.hasOwn(taken, `${key}-${number}`)) {
    number++;
  }
  return `${key}-${number}`;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
