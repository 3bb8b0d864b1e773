/**
 * Tells the subscribers of every instance what was committed.
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
 *   <li>Whoever commits is neither held up nor hindered: events wait in a bounded place, one thread sends them, at most twenty
 *       messages a second.
 *   <li>An event may be lost, and may come twice or late. A message that this version cannot read is left out.
 * </ol>
 *
 * <p><b>Not here.</b> How many subscribers a user may have: whoever subscribes bounds its own.
 */
@NullMarked
package org.contactsync.queue.event;

import org.jspecify.annotations.NullMarked;
