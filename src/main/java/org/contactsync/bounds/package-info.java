/**
 * Bounds of what one user, and all users together, may have at once: places, bytes, requests, lanes.
 *
 * <p><b>In and out.</b> In: who wants what. Out: granted or not, and what is released afterwards.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What was taken is released on every way out, by the one who took it.
 *   <li>The fewer places are free, the fewer one user may have; nobody's places go to a user who has more.
 *   <li>Each memory of users has a bound itself.
 * </ol>
 *
 * <p><b>Not here.</b> What is refused and how it is told ({@code door}, {@code api}).
 */
@NullMarked
package org.contactsync.bounds;

import org.jspecify.annotations.NullMarked;
