/**
 * Limits on what one user, and all users together, may use at once: places, bytes, requests, lanes.
 *
 * <p><b>In and out.</b> In: who wants how much. Out: whether it is granted, and what to release afterwards.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Whatever was taken is released on every exit path, by the code that took it.
 *   <li>The fewer places are free, the fewer one user may have; nobody's places go to a user who has more.
 *   <li>Tables of users have a limit themselves.
 * </ol>
 *
 * <p><b>Not here.</b> What is refused, and with which answer ({@code door}, {@code api}).
 */
@NullMarked
package org.contactsync.bounds;

import org.jspecify.annotations.NullMarked;
