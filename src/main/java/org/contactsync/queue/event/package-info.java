/**
 * Passes committed events to the subscribers of every instance.
 *
 * <pre>
 *   commit ─▶ BookEvents ─▶ subscribers of this instance
 *                 └─▶ EventOutbox ══ contacts.changed (multicast) ══▶ ChangedBean ─▶ subscribers of the others
 * </pre>
 *
 * <p><b>In and out.</b> {@link org.contactsync.sync.event.BookEvent Events} in, calls of subscribers out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>The committing thread is never delayed: events wait in a bounded outbox, and one thread sends at most twenty messages a
 *       second.
 *   <li>An event may be lost, repeated or late. A message that this version cannot read is skipped.
 * </ol>
 *
 * <p><b>Not here.</b> The limit of subscriptions for each user: the code that subscribes sets it.
 */
@NullMarked
package org.contactsync.queue.event;

import org.jspecify.annotations.NullMarked;
