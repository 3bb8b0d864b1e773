/** The stream of events over `fetch`: parts, repetitions, silence. Protocol 4.15. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Book } from '../../main/webapp/js/contact-sync/book.js';
import { problem } from './fake-service.js';

const SERVER = 'https://contacts.example.com';
const CODE = 'ck1.x';

/** A book whose connections are answered one after the other; then it stays silent. */
function listening(answers, { token = 'good' } = {}) {
  const asked = [];
  const pauses = [];
  const fetch = async (url, init) => {
    asked.push({ url, headers: new Headers(init.headers) });
    const answer = answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer ?? silent(init.signal);
  };
  const book = new Book({ server: SERVER, token, device: 'laptop', fetch, sleep: async (millis) => void pauses.push(millis), random: () => 0 });
  return { book, asked, pauses };
}

function stream(...parts) {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      parts.forEach((part) => controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream;charset=UTF-8' } });
}

function silent(signal) {
  const body = new ReadableStream({
    start(controller) {
      signal.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}

function event(seq, device) {
  return `id: ${seq}\nevent: book\ndata: ${JSON.stringify({ seq, checkCode: CODE, device })}\n\n`;
}

async function first(book, number, options = {}) {
  const controller = new AbortController();
  const seen = [];
  for await (const state of book.events({ ...options, signal: controller.signal })) {
    seen.push(state);
    if (seen.length === number) {
      controller.abort();
    }
  }
  return seen;
}

test('events arrive in parts of any size, with comments and both line ends', async () => {
  const text = `retry: 7312\n\n:\n${event(5)}id: 7\r\nevent: book\r\ndata: {"seq":7,\r\ndata: "checkCode":"${CODE}","device":"é"}\r\n\r\n`;
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 7, bytes.length]) {
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
    const { book } = listening([stream(...parts)]);

    const seen = await first(book, 2);

    assert.deepEqual(seen, [{ seq: 5, checkCode: CODE, device: undefined }, { seq: 7, checkCode: CODE, device: 'é' }]);
  }
});

test('a connection has token, device and what is known; the next one waits as long as the service asks', async () => {
  const connections = [];
  const { book, asked, pauses } = listening([stream('retry: 7312\n\n', event(5)), stream(event(6))]);

  await first(book, 2, { since: 4, onConnection: (isConnected) => connections.push(isConnected) });

  assert.deepEqual(asked.map(({ url, headers }) => [url, headers.get('Authorization'), headers.get('Device-Id'), headers.get('Last-Event-ID')]), [
    [`${SERVER}/v1/events`, 'Bearer good', 'laptop', '4'],
    [`${SERVER}/v1/events`, 'Bearer good', 'laptop', '5'],
  ]);
  assert.deepEqual(pauses, [7312]);
  assert.deepEqual(connections, [true, false, true, false]);
});

test('failures wait longer each time, and as long as Retry-After says', async () => {
  const busy = problem({ status: 503, code: 'unavailable' }, { 'Retry-After': '30' });
  const { book, pauses } = listening([new TypeError('offline'), new TypeError('offline'), busy, stream(event(1))]);

  await first(book, 1);

  assert.deepEqual(pauses, [5_000, 10_000, 30_000]);
});

test('a token that has expired is replaced once; one that stays refused ends the stream', async () => {
  const no = () => problem({ status: 401, code: 'unauthorized' });
  const token = ({ refused }) => (refused ? 'new' : 'old');
  const renewed = listening([no(), stream(event(1))], { token });
  await first(renewed.book, 1);
  assert.deepEqual(renewed.asked.map(({ headers }) => headers.get('Authorization')), ['Bearer old', 'Bearer new']);

  await assert.rejects(first(listening([no(), no()]).book, 1), { code: 'unauthorized' });
});

test('something that is no stream of events is no service', async () => {
  const page = new Response('<html>Sign in</html>', { headers: { 'Content-Type': 'text/html' } });
  await assert.rejects(first(listening([page]).book, 1), { code: 'unreadable-answer' });
  await assert.rejects(first(listening([stream('event: book\ndata: {"seq":"x"}\n\n')]).book, 1), { code: 'unreadable-answer' });
  await assert.rejects(first(listening([stream('data: ' + 'x'.repeat(70_000))]).book, 1), { code: 'unreadable-answer' });
});

test('a connection that is silent for a minute is dead', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { book, asked } = listening([]);
    const controller = new AbortController();
    const next = book.events({ signal: controller.signal }).next();
    for (let turn = 0; turn < 200 && asked.length < 2; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(1_000);
    }
    controller.abort();
    assert.deepEqual([(await next).done, asked.length], [true, 2]);
  } finally {
    mock.timers.reset();
  }
});
