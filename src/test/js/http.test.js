/** Protocol 3.2, 5, 7.4, 12.1, 12.9 and 12.10: how requests are sent, repeated, and refused. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { ServerAddress } from '../../main/webapp/js/contact-sync/address.js';
import { Http } from '../../main/webapp/js/contact-sync/http.js';
import { ServerProblem, ServerUnreachable } from '../../main/webapp/js/contact-sync/problem.js';
import { jsonRequest, patchText, put, remove } from '../../main/webapp/js/contact-sync/requests.js';
import { developmentToken } from '../../main/webapp/js/contact-sync/tokens.js';
import { json, problem } from './fake-service.js';

const SERVER = 'https://contacts.example.com';

/** A client whose answers are given; `asked` has its requests, `pauses` its pauses in milliseconds. */
function scripted(answers, options = {}) {
  const asked = [];
  const pauses = [];
  const fetch = async (address, init) => {
    asked.push({ address, ...init });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    return answer(init);
  };
  const sleep = async (millis) => void pauses.push(millis);
  return { asked, pauses, http: new Http({ server: SERVER, token: 'secret', fetch, sleep, random: () => 0, ...options }) };
}

const ok = () => json({ fine: true });
const broken = () => Promise.reject(new TypeError('fetch failed'));
const busy = (seconds) => () => problem({ status: 503, code: 'unavailable' }, seconds === undefined ? {} : { 'Retry-After': `${seconds}` });

test('a request has its token and its device, and follows nobody', async () => {
  const { http, asked } = scripted([ok], { device: 'phone' });

  assert.deepEqual(await http.json('GET', '/v1/book'), { fine: true });
  const [{ address, headers, redirect, credentials, cache }] = asked;
  assert.equal(address, `${SERVER}/v1/book`);
  assert.equal(headers.Authorization, 'Bearer secret');
  assert.equal(headers['Device-Id'], 'phone');
  assert.deepEqual([redirect, credentials, cache], ['manual', 'omit', 'no-store']);
});

test('a request for limits has no token', async () => {
  const { http, asked } = scripted([ok]);
  await http.json('GET', '/v1/capabilities', { anonymous: true });

  assert.equal(asked[0].headers.Authorization, undefined);
});

test('what passes is repeated, later each time', async () => {
  const { http, asked, pauses } = scripted([ok, busy(), broken, () => problem({ status: 429, code: 'quota-exceeded' }), busy(), ok]);
  await http.json('GET', '/v1/book');
  await http.json('GET', '/v1/book');

  assert.equal(asked.length, 6);
  assert.deepEqual(pauses, [300, 600, 1200, 2400]);
});

test('Retry-After is the shortest pause, and varied upwards', async () => {
  const { http, pauses } = scripted([busy(7), busy(1), ok], { random: () => 1 });
  await http.json('GET', '/v1/book');

  assert.deepEqual(pauses, [10_500, 1_500]);
});

test('a service that asks for a very long pause is not waited for', async () => {
  const { http, asked } = scripted([busy(301)]);

  await assert.rejects(http.json('GET', '/v1/book'), { code: 'unavailable', status: 503, retryAfter: 301 });
  assert.equal(asked.length, 1);
});

test('repetitions end', async () => {
  const never = scripted([broken]);
  await assert.rejects(never.http.send('GET', '/v1/book'), ServerUnreachable);
  assert.equal(never.asked.length, 3);

  const once = scripted([ok, busy()]);
  await once.http.send('GET', '/v1/book');
  await assert.rejects(once.http.json('GET', '/v1/book'), { code: 'unavailable' });
  assert.equal(once.asked.length, 13);
});

test('a refusal is not repeated, and has what the service says', async () => {
  const refusal = () => problem({ status: 409, code: 'chunk-out-of-order', members: { expected: 3 } }, { 'X-Request-Id': 'r-1' });
  const { http, asked } = scripted([refusal]);

  const error = await http.json('PUT', '/v1/sync-tasks/x/chunks/5').catch((each) => each);
  assert.ok(error instanceof ServerProblem);
  assert.deepEqual([error.code, error.status, error.members.expected, error.requestId, error.isOfService], ['chunk-out-of-order', 409, 3, 'r-1', true]);
  assert.equal(asked.length, 1);
});

test('the page of a proxy and a redirect are no refusals of the service', async () => {
  const proxy = scripted([() => new Response('<html>', { status: 403 })]);
  const redirect = scripted([() => new Response(null, { status: 302, headers: { Location: 'https://evil.example' } })]);

  await assert.rejects(proxy.http.json('GET', '/v1/book'), { code: 'http-403', isOfService: false });
  await assert.rejects(redirect.http.json('GET', '/v1/book'), { code: 'redirected', isOfService: false });
  assert.equal(redirect.asked.length, 1);
});

test('a token that is refused is replaced once', async () => {
  const asked = [];
  const token = async ({ refused }) => {
    asked.push(refused);
    return refused ? 'new' : 'old';
  };
  const no = () => problem({ status: 401, code: 'unauthorized' });
  const renewed = scripted([no, ok], { token });
  await renewed.http.json('GET', '/v1/book');
  assert.deepEqual(renewed.asked.map(({ headers }) => headers.Authorization), ['Bearer old', 'Bearer new']);
  assert.deepEqual(asked, [false, true]);

  const hopeless = scripted([no], { token });
  await assert.rejects(hopeless.http.json('GET', '/v1/book'), { code: 'unauthorized' });
  assert.equal(hopeless.asked.length, 2);
});

test('a failure of the token provider is its own', async () => {
  const { http, asked } = scripted([ok], {
    token: () => {
      throw new Error('signed out');
    },
  });

  await assert.rejects(http.send('GET', '/v1/book'), /signed out/);
  assert.equal(asked.length, 0);
});

test('an aborted request ends with the reason', async () => {
  const controller = new AbortController();
  const hanging = ({ signal }) =>
    new Promise((_, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const { http } = scripted([hanging]);
  const sent = http.send('GET', '/v1/book', { signal: controller.signal });
  controller.abort(new Error('left the page'));

  await assert.rejects(sent, /left the page/);
  await assert.rejects(http.send('GET', '/v1/book', { signal: controller.signal }), /left the page/);

  const signingIn = new AbortController();
  const token = () => {
    signingIn.abort(new Error('gave up'));
    return 'late';
  };
  await assert.rejects(scripted([hanging], { token }).http.send('GET', '/v1/book', { signal: signingIn.signal }), /gave up/);
});

test('an answer without end is not read to its end', async () => {
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      }),
    );
  const { http } = scripted([endless]);

  await assert.rejects(http.json('GET', '/v1/book'), { code: 'unreadable-answer' });
  assert.ok(sent < 6 << 20, `${sent} bytes`);
});

test('an address that a token must not be sent to is refused', () => {
  for (const good of ['https://a.example', 'https://a.example:8443/base/', 'http://localhost:9080', 'http://127.0.0.1:1', 'http://[::1]:9080']) {
    assert.doesNotThrow(() => new ServerAddress(good), good);
  }
  for (const bad of ['http://a.example', 'http://localhost.evil.example', 'ftp://a.example', 'https://u:p@a.example', 'https://a.example/?x', 'https://a.example/#x', 'a.example', '']) {
    assert.throws(() => new ServerAddress(bad), TypeError, bad);
  }
});

test('only links below /v1 of the same server are followed', () => {
  const address = new ServerAddress('https://a.example/base');

  assert.equal(address.path('/v1/book/changes?since=5'), '/v1/book/changes?since=5');
  assert.equal(address.path('https://a.example/base/v1/book'), '/v1/book');
  const foreign = [
    'https://evil.example/v1/book', '//evil.example/v1/book', '/v1/../admin', '/v1/%2e%2E/admin', '/v1/a\\b', '/admin/v1/tasks',
    'https://a.example/v1/book', 'https://a.example/base.evil/v1/book', '/v1/book#x', `/v1/${'a'.repeat(5_000)}`, '/v1/a b', undefined, 7,
  ];
  for (const link of foreign) {
    assert.throws(() => address.path(link), { code: 'foreign-link' }, String(link));
  }
});

test('a body is the canonical text of its cards, the same each time', async () => {
  const changes = [put('a', { b: 1, a: 'ä' }, null), remove('b', 'f'.repeat(64)), put('c', {})];
  const text = patchText({ changes, checkAfter: 'ck1.x', onMismatch: 'rebase', confirmDeletes: false });

  assert.equal(
    text,
    `{"changes":[{"op":"put","uid":"a","card":{"a":"ä","b":1},"ifContentHash":null},{"op":"delete","uid":"b","ifContentHash":"${'f'.repeat(64)}"},{"op":"put","uid":"c","card":{}}],"checkAfter":"ck1.x","onMismatch":"rebase"}`,
  );
  const long = JSON.stringify({ text: 'x'.repeat(5_000) });
  const [first, second] = [await jsonRequest(long, true), await jsonRequest(long, true)];
  assert.equal(first.headers['Content-Encoding'], 'gzip');
  assert.ok(first.body.length < 200);
  assert.deepEqual(second, first);
  assert.match(first.headers['Content-Digest'], /^sha-256=:[A-Za-z0-9+/]{43}=:$/);
});

test('a real connection: answers, a server that closes, development tokens', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/closes') {
      request.socket.destroy();
    } else if (request.url === '/dev/tokens') {
      request.on('data', (form) => response.end(JSON.stringify({ token: String(form), expiresIn: 1 })));
    } else {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('no');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  const http = new Http({ server: address, token: 'secret', sleep: async () => {} });
  try {
    assert.equal(await developmentToken(address, 'ada & co'), 'user=ada+%26+co');
    await assert.rejects(http.json('GET', '/other'), { code: 'http-404' });
    await assert.rejects(http.json('GET', '/closes'), ServerUnreachable);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
