/**
 * The statements that lock and write a book, whole, with names for their parameters.
 *
 * <p><b>In and out.</b> A {@link org.contactsync.sync.book.BookState} becomes parameters, and columns become one.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A column of {@code book} stands in {@link org.contactsync.store.sql.BookSql} and is bound and read in
 *       {@link org.contactsync.store.sql.BookColumns}, and nowhere else.
 * </ol>
 *
 * <p><b>Not here.</b> Which statement is used when ({@code store}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store.sql;
