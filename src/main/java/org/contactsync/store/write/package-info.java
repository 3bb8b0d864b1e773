/**
 * Writes updates of books in one statement of PostgreSQL: one update with at most one contact, or those of several books; and the
 * contacts of a chunk.
 *
 * <p><b>In and out.</b> An {@link org.contactsync.sync.task.BookUpdate} in; whether it was written out. Contacts of a chunk in, nothing out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A book is written at the revision that was locked, or the transaction has to be rolled back.
 *   <li>Of an update whose task has a row already nothing is written.
 * </ol>
 *
 * <p><b>Not here.</b> Updates that take more than one statement ({@code store}), the texts of the statements ({@code store.sql}).
 */
@NullMarked
package org.contactsync.store.write;

import org.jspecify.annotations.NullMarked;
