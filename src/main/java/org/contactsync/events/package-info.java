/**
 * Tells the clients that listen to {@code GET /v1/events} what their books are now.
 *
 * <pre>
 *   queue.event ─▶ Feed of an owner: its latest state ─┐
 *   database, once a minute ───────────────────────────┴▶ one thread ─▶ sockets of its listeners
 * </pre>
 *
 * <p><b>In and out.</b> In: events of {@code queue.event}, and now and then what the database says. Out: server-sent events.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No thread waits for a listener, and nothing is kept for one but which state it was told last: one thread gives bytes to sockets
 *       and ends a listener whose socket does not take them.
 *   <li>A listener is told of the latest state, at most some times a second, and never of an older one after a newer one.
 *   <li>A lost event costs at most the time between two looks into the database.
 *   <li>Listeners are bounded, per user and in total; each ends with its token, with the instance, and soon after its client is gone.
 * </ol>
 *
 * <p><b>Not here.</b> The request ({@code api}); what a change is ({@code sync.event}).
 */
@NullMarked
package org.contactsync.events;

import org.jspecify.annotations.NullMarked;
