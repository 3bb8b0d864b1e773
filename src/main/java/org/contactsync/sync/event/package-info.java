/**
 * What happens to a book, told to whoever wants to know.
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.task.BookUpdate} in, {@link org.contactsync.sync.event.BookEvent events} of it out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every change of a book and every end of a task that waited is announced, whichever way it was made.
 *   <li>An event is told after its transaction has committed, and not at all when it has not.
 *   <li>It may be lost: whoever must not miss anything also asks the database, seldom.
 * </ol>
 *
 * <p><b>Not here.</b> Who is told, and how other instances are ({@code queue.event}).
 */
@NullMarked
package org.contactsync.sync.event;

import org.jspecify.annotations.NullMarked;
