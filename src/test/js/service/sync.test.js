/** Several devices against the real service at `CONTACT_SYNC_SERVER`; `JavaScriptIT` runs this. */
import { Book } from '../../../main/webapp/js/contact-sync/book.js';
import { developmentToken } from '../../../main/webapp/js/contact-sync/tokens.js';
import { contract } from '../sync-contract.js';

const server = process.env.CONTACT_SYNC_SERVER;

contract(async () => {
  const token = await developmentToken(server, `javascript-${crypto.randomUUID()}`);
  return (device) => new Book({ server, token, device });
});
