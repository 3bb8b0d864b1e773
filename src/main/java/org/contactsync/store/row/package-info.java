/**
 * The rows of the tables as entities: what a row keeps of a value, and back.
 *
 * <p><b>In and out.</b> A value of {@code sync} in, a row of one table out, and the other way round.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A row that the previous version wrote is read: what it did not know is null (decision 30).
 * </ol>
 *
 * <p><b>Not here.</b> When a row is read or written ({@code store}); statements in SQL ({@code store.sql}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store.row;
