/**
 * What a book was: its changes, and the contacts that they replaced or deleted.
 *
 * <p><b>In and out.</b> {@link org.contactsync.sync.history.BookHistory} reads what {@link org.contactsync.sync.task.Books#apply} has
 * written; {@link org.contactsync.sync.history.HistoryRetention} removes what is older than it has to be kept, or too much.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Each task that changed the book has one row, with the codes before and after it.
 *   <li>A replaced or deleted contact stays until its change is removed from the history.
 *   <li>The oldest changes are removed first, so that the history of a book reaches back to one sequence number without a gap.
 *   <li>A card that lost a conflict belongs to the change that it came with, and goes with it. It never was in the book.
 *   <li>Changes, bytes and age are bounded for each book. Removal takes no lock of a book.
 * </ol>
 *
 * <p><b>Not here.</b> Who writes the history: the one write does, in its transaction ({@code store}).
 */
@NullMarked
package org.contactsync.sync.history;

import org.jspecify.annotations.NullMarked;
