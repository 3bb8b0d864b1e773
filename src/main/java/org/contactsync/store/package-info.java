/**
 * Keeps books, contacts, tasks and receipts in the database.
 *
 * <pre>
 *   JpaBooks ── lock: book, with the task and contact that are wanted     one statement on PostgreSQL
 *      │
 *      └─────── apply: book, contacts, ended tasks                        one statement for a usual change (WriteTogether),
 *                                                                         otherwise JpaContacts, JpaTasks, JpaStaging;
 *                                                                         one for those of several books (WriteMany)
 * </pre>
 *
 * <p><b>In and out.</b> In: the values of {@code sync}. Out: the same values again, after a restart too.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A book's row, and contacts that readers see, are written by {@link org.contactsync.sync.task.Books#apply} and by nothing else.
 *   <li>A book is written at the revision that was locked, or not at all.
 * </ol>
 *
 * <p><b>Not here.</b> What a step does to a book is decided in {@code sync}; the statements are in {@code store.sql}, the entities in
 * {@code store.row}, the schema in {@code store.schema}, questions of health and metrics in {@code store.check}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store;
