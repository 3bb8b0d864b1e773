/**
 * The resources: read a request, refuse invalid ones at once, pass the others to the queue, and answer with the
 * acknowledgement.
 *
 * <p><b>In and out.</b> In: HTTP requests. Out: JSON, or {@code application/problem+json} for every error.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No answer contains an HTML error page or a stack trace, whatever was requested.
 * </ol>
 *
 * <p><b>Not here.</b> Who the caller is ({@code access}); what a step does to a book ({@code sync}).
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.api;
