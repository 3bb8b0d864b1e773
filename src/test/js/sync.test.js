/** Several devices against the service in memory. */
import { Book } from '../../main/webapp/js/contact-sync/book.js';
import { FakeService } from './fake-service.js';
import { contract } from './sync-contract.js';

contract(async () => {
  const service = await FakeService.create();
  const options = { server: 'https://contacts.example.com', token: 'good', fetch: service.fetch, sleep: async () => {} };
  return (device) => new Book({ ...options, device });
});
