/**
 * Tells systems of the operator which books have changed: what is sent, in which order, and what is done when it does not arrive.
 *
 * <p><b>In and out.</b> Changes that the history has recorded in, as {@link org.contactsync.webhook.Delivery}; a signed
 * {@link org.contactsync.webhook.Message} out (Standard Webhooks). {@link org.contactsync.webhook.Deliveries} remembers how far each
 * endpoint has been told of each book.
 *
 * <pre>
 *   book_change ─▶ Delivery ─▶ Message ─▶ endpoint ─▶ 2xx: the cursor moves on
 *                     ▲                        └────▶ otherwise: waiting ─▶ … ─▶ dead
 *                     └── retries, replays ──────────────┘
 * </pre>
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Each change that is committed is told at least once, or listed as dead, or part of a later message of its book.
 *   <li>Of one book, no message overtakes an earlier one.
 *   <li>No message contains contact data, or a name of a user.
 * </ol>
 *
 * <p><b>Not here.</b> Connections ({@code webhook.http}), threads and transactions ({@code webhook.work}), rows ({@code store.webhook}).
 */
@NullMarked
package org.contactsync.webhook;

import org.jspecify.annotations.NullMarked;
