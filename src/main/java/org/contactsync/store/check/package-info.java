/**
 * Questions to the database that no user asked: does it answer, is this instance the only one of its name, how much is unfinished.
 *
 * <p><b>In and out.</b> Nothing in; an answer, or an exception within the time limit of the question.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A question reads a bounded number of rows, and takes a bounded time.
 * </ol>
 *
 * <p><b>Not here.</b> What follows from the answers ({@code health}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.store.check;
