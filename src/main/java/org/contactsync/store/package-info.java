/**
 * Keeps books, contacts, tasks and receipts in the database.
 *
 * <p><b>In and out.</b> In: the values of {@code sync}. Out: the same values again, after a restart too.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>The schema is that of this version before anything else uses the database, or the application does not start.
 * </ol>
 *
 * <p><b>Not here.</b> What a step does to a book is decided in {@code sync}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store;
