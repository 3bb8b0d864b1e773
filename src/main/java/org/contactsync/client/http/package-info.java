/**
 * Requests to one server and their answers, with repetition.
 *
 * <p><b>In and out.</b> In: a request and an {@link org.contactsync.client.http.Account}. Out: a
 * {@link org.contactsync.client.http.Response}, or an exception that says why there is none.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>A token goes to the server of the account and nowhere else; over plain HTTP only to this machine.
 *   <li>Every answer has a limit in bytes and in time.
 *   <li>A request is repeated only when the same request may succeed later; {@code Retry-After} is obeyed.
 * </ol>
 *
 * <p><b>One room.</b> Which addresses a token may go to, the bounds of an answer and the words for a fault are the same for whatever speaks
 * HTTP, and nobody outside sees them.
 *
 * <p><b>Not here.</b> What is asked and what the answers mean ({@code client.remote}).
 */
@NullMarked
package org.contactsync.client.http;

import org.jspecify.annotations.NullMarked;
