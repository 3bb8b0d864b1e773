/**
 * The server's book and its sync tasks as methods (protocol §4).
 *
 * <p><b>In and out.</b> In: changes, check codes, idempotency keys. Out: values that hold what the server said; a refusal
 * that the caller can act on is a value, every other one an exception.
 *
 * <p><b>Promises.</b> One method is one request unless it says otherwise. The same values give the same bytes, so that a
 * request can be repeated with its key.
 *
 * <p><b>Not here.</b> When to call what ({@code client}); how a request reaches the server ({@code client.http}).
 */
@NullMarked
package org.contactsync.client.remote;

import org.jspecify.annotations.NullMarked;
