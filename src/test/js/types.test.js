/** The types say what the modules have: classes have the members that their declarations name, and no others. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../../main/webapp/js/contact-sync/', import.meta.url);
const MODULES = readdirSync(FOLDER).filter((name) => name.endsWith('.d.ts') && name !== 'index.d.ts');

/** Methods and static members by class, as `name` and `static name`. */
function declared(text) {
  const classes = new Map();
  for (const [, name, body] of text.matchAll(/export declare class (\w+)[^{]*\{\n([\s\S]*?)\n\}/g)) {
    const members = [...body.matchAll(/^  (?!private)(static )?(?:readonly )?(\w+)(?=\()/gm)].map(([, kind, member]) => `${kind ?? ''}${member}`);
    classes.set(name, new Set(members.filter((member) => member !== 'constructor')));
  }
  return classes;
}

function methods(type) {
  const isMethod = (owner) => (name) => typeof Object.getOwnPropertyDescriptor(owner, name).value === 'function' && name !== 'constructor';
  const own = Object.getOwnPropertyNames(type.prototype).filter(isMethod(type.prototype));
  const statics = Object.getOwnPropertyNames(type).filter((name) => !['length', 'name', 'prototype'].includes(name)).filter(isMethod(type));
  return new Set([...own, ...statics.map((name) => `static ${name}`)]);
}

test('there are types to compare', () => {
  assert.ok(MODULES.length >= 11, MODULES.join(' '));
});

for (const name of MODULES) {
  test(`the classes of ${name}`, async () => {
    const module = await import(new URL(name.replace('.d.ts', '.js'), FOLDER));
    for (const [type, members] of declared(readFileSync(new URL(name, FOLDER), 'utf8'))) {
      assert.deepEqual([...methods(module[type])].sort(), [...members].sort(), type);
    }
  });
}

test('index exports what its types export', async () => {
  const module = await import(new URL('index.js', FOLDER));
  const text = readFileSync(new URL('index.d.ts', FOLDER), 'utf8');
  const names = [...text.matchAll(/^export \{ ([^}]+) \}/gm)].flatMap(([, list]) => list.split(', '));

  assert.deepEqual(Object.keys(module).sort(), names.sort());
});
