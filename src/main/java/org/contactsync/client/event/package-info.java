/**
 * Listens to the server's events: what the book is now, told at once (protocol 4.15).
 *
 * <p><b>In and out.</b> An account in; a call for each event out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A connection on which nothing comes for a minute is left, and another one is made, with {@code Last-Event-ID}.
 *   <li>After a failure the pause is longer each time, up to five minutes, never shorter than the server asks for, and varied.
 *   <li>One thread; what is read of an event is bounded.
 * </ol>
 *
 * <p><b>Not here.</b> What the event says of the content of the book: nothing. A client looks at the book itself ({@code client.device}).
 */
@NullMarked
package org.contactsync.client.event;

import org.jspecify.annotations.NullMarked;
