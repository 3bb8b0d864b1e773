/**
 * Stores how far the operator's systems have been told of the books, and reads in the history what there is to tell.
 *
 * <p><b>In and out.</b> Rows of {@code book} and {@code book_change} in; {@link org.contactsync.webhook.Delivery deliveries} out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Statements read a limited number of rows along a key, and take no lock of a book.
 *   <li>Only the instance that has the lease of an endpoint records what was delivered; a cursor that was set back meanwhile stays so.
 * </ol>
 *
 * <p><b>Not here.</b> What is sent ({@code webhook}), and when ({@code webhook.work}).
 */
@NullMarked
package org.contactsync.store.webhook;

import org.jspecify.annotations.NullMarked;
