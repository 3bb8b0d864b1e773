/**
 * The queue of a user: whose turn it is, which tasks are parked, retried, given up.
 *
 * <p><b>In and out.</b> A step and a locked book in; the step is executed, or parked and answered 202, or has to wait until
 * earlier ones have run.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Tasks of a user run in the order in which they were accepted.
 *   <li>A task that throws is tried again with increasing pauses and given up after six attempts; it never blocks those
 *       behind it.
 *   <li>A newer task of the same device may replace a waiting one (protocol §7).
 * </ol>
 *
 * <p><b>Not here.</b> Messages ({@code queue}).
 */
@NullMarked
package org.contactsync.sync.waiting;

import org.jspecify.annotations.NullMarked;
