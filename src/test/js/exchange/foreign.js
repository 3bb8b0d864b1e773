// Reads an exported file of vCards with two parsers of others, and prints what they found. Both read version 4.0, ical.js also 3.0.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const packages = createRequire(join(process.env.NODE_MODULES, 'x.js'));
const file = await readFile(process.argv[2], 'utf8');
const shown = (value) => String(value).replaceAll('\n', '\\n');

const ICAL = (await import(packages.resolve('ical.js'))).default;
const parsed = ICAL.parse(file);
const components = (Array.isArray(parsed[0]) ? parsed : [parsed]).map((card) => new ICAL.Component(card));
console.log(`ical.js ${components.length} contacts`);
for (const card of components) {
  for (const name of ['fn', 'tel', 'note', 'uid']) {
    card.getAllProperties(name).forEach((property) => console.log(`ical.js ${name} ${shown(property.getFirstValue())}`));
  }
  for (const photo of card.getAllProperties('photo')) {
    const bytes = Buffer.from(shown(photo.getFirstValue()).replace(/^data:[^,]*,/, ''), 'base64');
    console.log(`ical.js photo ${bytes[0] === 0xff && bytes[1] === 0xd8 ? 'image' : 'no image'}`);
  }
}

if (file.includes('VERSION:4.0')) {
  const { parse } = packages('vcard4');
  for (const card of file.split(/(?<=END:VCARD\r\n)/)) {
    try {
      console.log(`vcard4 fn ${shown(parse(card).getProperty('FN')[0].value)}`);
    } catch (e) {
      console.log(`vcard4 refuses ${shown(e.message)}`);
    }
  }
}
