/** The client's own queue: order, merging, back-off, restarts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerProblem, ServerUnreachable } from '../../main/webapp/js/contact-sync/problem.js';
import { MemoryStore } from '../../main/webapp/js/contact-sync/store.js';
import { TaskQueue } from '../../main/webapp/js/contact-sync/task-queue.js';

function queueOf(run, options = {}) {
  const ran = [];
  const events = [];
  const recording = async (task, context) => {
    ran.push(task);
    return run?.(task, context);
  };
  const clock = { now: 1_000_000 };
  const store = options.store ?? new MemoryStore();
  const account = options.account ?? crypto.randomUUID();
  const queue = new TaskQueue({ store, account, run: recording, now: () => clock.now, random: () => 0, onChange: (event) => events.push(event) });
  return { queue, ran, events, clock, store, account };
}

const names = (tasks) => tasks.map(({ kind, options }) => options.name ?? kind);

test('tasks run in their order, a person first', async () => {
  const { queue, ran } = queueOf();
  await queue.add({ kind: 'a' });
  await queue.add({ kind: 'b' });
  await queue.add({ kind: 'c', priority: 'user' });

  assert.deepEqual(names(await queue.list()), ['c', 'a', 'b']);
  assert.equal(await queue.drain(), undefined);
  assert.deepEqual(names(ran), ['c', 'a', 'b']);
  assert.deepEqual(await queue.list(), []);
});

test('equal waiting tasks merge, and a person lifts them', async () => {
  const { queue, ran } = queueOf();
  const first = await queue.add({ kind: 'push', options: { name: 'x' } });
  await queue.add({ kind: 'push', options: { name: 'y' } });
  const again = await queue.add({ kind: 'push', options: { name: 'x' }, priority: 'user' });

  assert.equal(again.id, first.id);
  await queue.drain();
  assert.deepEqual(ran.map(({ options, priority }) => [options.name, priority]), [['x', 'user'], ['y', 'background']]);
});

test('one that runs is not merged with: the address book may have changed since it was read', async () => {
  const { queue, ran } = queueOf(async () => {
    if (ran.length === 1) {
      assert.deepEqual((await queue.list()).map(({ state }) => state), ['running']);
      await queue.add({ kind: 'push' });
    }
  });
  await queue.add({ kind: 'push' });
  await queue.drain();

  assert.equal(ran.length, 2);
});

test('what may pass is tried again, later each time, and not before the others', async () => {
  const failures = [new ServerUnreachable('offline'), new ServerProblem({ status: 503, code: 'unavailable', retryAfter: 30 })];
  const { queue, ran, clock, events } = queueOf(async ({ kind }) => {
    if (kind === 'fails' && failures.length > 0) {
      throw failures.shift();
    }
  });
  await queue.add({ kind: 'fails', priority: 'user' });
  await queue.add({ kind: 'other' });

  assert.equal(await queue.drain(), 1_000);
  assert.deepEqual(names(ran), ['fails', 'other']);
  assert.equal((await queue.list())[0].reason, 'unreachable');
  clock.now += 1_000;
  assert.equal(await queue.drain(), 30_000);
  clock.now += 29_999;
  assert.equal(await queue.drain(), 1);
  clock.now += 1;
  assert.equal(await queue.drain(), undefined);
  assert.ok(events.filter(({ kind }) => kind === 'later').every(({ task }) => /^[a-z-]+$/.test(task.reason)));
  assert.deepEqual(events.map(({ kind }) => kind), ['added', 'added', 'started', 'later', 'started', 'done', 'started', 'later', 'started', 'done']);
});

test('a push that was refused for a while is tried again', async () => {
  const refused = { kind: 'refused', problem: new ServerProblem({ status: 401, code: 'unauthorized' }) };
  const { queue, ran } = queueOf(async () => (ran.length === 1 ? refused : { kind: 'agreed' }));
  await queue.add({ kind: 'push' });

  assert.equal(await queue.drain(), 1_000);
  assert.equal((await queue.list())[0].reason, 'unauthorized');
});

test('a clock that was set back keeps no task waiting', async () => {
  const { queue, ran, clock } = queueOf(async () => {
    if (ran.length === 1) {
      throw new ServerUnreachable('offline');
    }
  });
  await queue.add({ kind: 'push' });
  await queue.drain();
  clock.now -= 900_000;

  assert.equal(await queue.drain(), undefined);
  assert.equal(ran.length, 2);
});

test('what never passes fails once, and the next one runs', async () => {
  const { queue, ran, events } = queueOf(async ({ kind }) => {
    if (kind === 'bad') {
      throw new ServerProblem({ status: 422, code: 'book-full' });
    }
  });
  await queue.add({ kind: 'bad' });
  await queue.add({ kind: 'good' });
  await queue.drain();

  assert.deepEqual(names(ran), ['bad', 'good']);
  assert.equal(events.find(({ kind }) => kind === 'failed').error.code, 'book-full');
});

test('a task that was running when the page ended runs again, first', async () => {
  const { queue, store, account } = queueOf(async () => {
    throw Object.assign(new Error('the page ended'), { isEnd: true });
  });
  await queue.add({ kind: 'push' });
  await store.update('queue', (tasks) => tasks.map((task) => ({ ...task, state: 'running' })));
  const next = queueOf(undefined, { store, account });
  await next.queue.add({ kind: 'push' });
  await next.queue.drain();

  assert.equal(next.ran.length, 2);
});

test('two tabs share the queue: each task runs once, one at a time', async () => {
  let running = 0;
  const run = async () => {
    assert.equal(++running, 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
  };
  const one = queueOf(run);
  const two = queueOf(run, { store: one.store, account: one.account });
  for (let n = 0; n < 10; n++) {
    await (n % 2 === 0 ? one : two).queue.add({ kind: `task-${n}` });
  }
  await Promise.all([one.queue.drain(), two.queue.drain(), one.queue.drain()]);

  assert.equal(one.ran.length + two.ran.length, 10);
});

test('a waiting task is taken back', async () => {
  const { queue, ran } = queueOf();
  const { id } = await queue.add({ kind: 'push' });

  assert.equal(await queue.cancel(id), true);
  assert.equal(await queue.cancel(id), false);
  await queue.drain();
  assert.equal(ran.length, 0);
});

test('an aborted task waits again', async () => {
  const controller = new AbortController();
  const { queue } = queueOf(async (task, { signal }) => {
    controller.abort(new Error('left'));
    signal.throwIfAborted();
  });
  await queue.add({ kind: 'push' });

  await assert.rejects(queue.drain({ signal: controller.signal }), /left/);
  assert.deepEqual((await queue.list()).map(({ state }) => state), ['waiting']);
});

test('the queue is bounded', async () => {
  const { queue } = queueOf();
  for (let n = 0; n < 100; n++) {
    await queue.add({ kind: `task-${n}` });
  }

  await assert.rejects(queue.add({ kind: 'one too many' }), RangeError);
  assert.equal((await queue.add({ kind: 'task-7' })).kind, 'task-7');
});

test('work runs what comes, until it is stopped', async () => {
  const controller = new AbortController();
  const { queue, ran } = queueOf(async ({ kind }) => {
    if (kind === 'last') {
      controller.abort();
    }
  });
  const working = queue.work({ signal: controller.signal });
  await queue.add({ kind: 'first' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.add({ kind: 'last' });
  await working;

  assert.deepEqual(names(ran), ['first', 'last']);
});
