/**
 * Work that nobody waits for: sends parked tasks again, ends expired uploads, removes what is not needed any more.
 *
 * <p><b>In and out.</b> The clock in; steps, deleted rows and figures out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Each piece of work is small and bounded in time.
 *   <li>With several instances each piece is done once, or once more without harm.
 * </ol>
 *
 * <p><b>Not here.</b> The requests of users.
 */
@NullMarked
package org.contactsync.queue.upkeep;

import org.jspecify.annotations.NullMarked;
