/**
 * Background work: sends parked tasks again, ends expired uploads, stores what is derived, removes data that is no longer needed.
 *
 * <p><b>In and out.</b> In: the clock. Out: messages, and deleted rows.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Each piece of work is small and bounded in time.
 *   <li>With several instances each piece is done once, or once more without harm.
 * </ol>
 *
 * <p><b>One room.</b> Each class is a piece of work by itself; together they are what an instance does when nobody asks for anything.
 *
 * <p><b>Not here.</b> The requests of users.
 */
@NullMarked
package org.contactsync.queue.upkeep;

import org.jspecify.annotations.NullMarked;
