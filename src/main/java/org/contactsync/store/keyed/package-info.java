/**
 * Statements that look for each row by its whole key. With another plan PostgreSQL would read all rows of a large book, because it takes books to be small
 * (decision 60).
 *
 * <p><b>In and out.</b> Texts of statements, with parameters by number.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>What such a statement reads depends on what is asked for, whatever the planner expects of books.
 * </ol>
 *
 * <p><b>Not here.</b> Which statement is used when, and what H2 runs instead ({@code store}, {@code store.history}, {@code store.lookup}); statements that
 * lock and write a book ({@code store.sql}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store.keyed;
