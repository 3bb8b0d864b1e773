/**
 * Processes each request before and after its resource: head, origin, rate, trace, problems.
 *
 * <p><b>In and out.</b> A request or a response in; the same one out, or a refusal.
 *
 * <p><b>Promises.</b> Every failure is answered with a problem; each answer has an id; a caller cannot invent metric
 * labels.
 *
 * <p><b>Not here.</b> Who the caller is ({@code access}).
 */
@NullMarked
package org.contactsync.api.filter;

import org.jspecify.annotations.NullMarked;
