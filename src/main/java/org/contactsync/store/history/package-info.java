/**
 * The history of books in the database: the rows that the one write adds, what is read of them, and their removal.
 *
 * <p><b>In and out.</b> {@link org.contactsync.store.history.HistoryWriter} takes a {@link org.contactsync.sync.task.BookUpdate} within its
 * transaction; the other classes are the ports of {@code sync.history}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What is written is written in the transaction that changes the book.
 *   <li>Each reading follows an index and is bounded in rows; large cards are read one by one.
 *   <li>Removal takes no lock of a book.
 * </ol>
 *
 * <p><b>Not here.</b> The statement of PostgreSQL that writes a change together with its history ({@code store.sql}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store.history;
