/**
 * The client's own tasks: what this device still has to do for one account.
 *
 * <pre>
 *   add ──▶ waiting ──take──▶ running ──done──▶ (gone)
 *             ▲  ▲               │
 *             │  └────later──────┘   after a pause, longer each time
 *             └── the process was killed
 * </pre>
 *
 * <p><b>In and out.</b> Kinds of work with their options; {@link org.contactsync.client.queue.QueuedTask}s in the order in which they run.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>One task runs at a time; later ones wait in the order in which they came; a person's goes before those of the background.
 *   <li>Equal waiting tasks are one: adding one again returns the one that waits. A running task is no equal: it may have looked already. When that
 *       one fails and waits again, both are one, under both ids.
 *   <li>A task is gone only when it is done, has failed for good, or was taken back. Killed in between, it waits again.
 *   <li>Any process may add a task and look at the queue; one at a time runs them.
 * </ol>
 *
 * <p><b>Not here.</b> What a task does ({@code client.device}).
 */
@NullMarked
package org.contactsync.client.queue;

import org.jspecify.annotations.NullMarked;
