/**
 * Accepts a request, refuses at the door what can be refused, hands it to the queue, answers with the acknowledgement.
 *
 * <p><b>In and out.</b> In: HTTP requests. Out: JSON, or {@code application/problem+json} for every error.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No answer is HTML with an error or a stack trace, whatever was asked for.
 * </ol>
 *
 * <p><b>Not here.</b> Who asks is in {@code access}, what a step does to a book in {@code sync}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.api;
