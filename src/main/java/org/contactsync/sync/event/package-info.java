/**
 * The events of a book.
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.task.BookUpdate} in, {@link org.contactsync.sync.event.BookEvent events} of it out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every change of a book and every end of a task that waited is announced, whichever code made it.
 *   <li>An event is passed on after its transaction has committed, and never after a rollback.
 *   <li>An event may be lost: a subscriber that must not miss one also asks the database, at long intervals.
 * </ol>
 *
 * <p><b>Not here.</b> The subscribers, and the way to other instances ({@code queue.event}).
 */
@NullMarked
package org.contactsync.sync.event;

import org.jspecify.annotations.NullMarked;
