/** The real service does what the client expects. Its address is `CONTACT_SYNC_SERVER`; `JavaScriptIT` runs this. */
import { Book } from '../../../main/webapp/js/contact-sync/book.js';
import { developmentToken } from '../../../main/webapp/js/contact-sync/tokens.js';
import { contract } from '../service-contract.js';

const server = process.env.CONTACT_SYNC_SERVER;

contract(async (token) => {
  const given = token ?? (await developmentToken(server, `javascript-${crypto.randomUUID()}`));
  return new Book({ server, token: given, device: 'javascript' });
});
