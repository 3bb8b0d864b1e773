/**
 * Delivers in the background: when, by which instance, and on which threads.
 *
 * <p><b>In and out.</b> The clock, hints that a book has changed, and actions of operators in; messages to endpoints, rows and metrics out.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>One instance at a time delivers to an endpoint, one message after the other. If it ends, another one goes on within
 *       {@link org.contactsync.webhook.work.EndpointTurn#LEASE}.
 *   <li>Each endpoint has a thread while it has its turn, and another one while its name is looked up: at most twice
 *       {@link org.contactsync.webhook.work.Webhooks#THREADS}, of their own. Four of them at once use the database. A receiver or a name
 *       server that does not answer keeps nothing waiting but its own endpoint.
 *   <li>Nothing is kept in memory that is not in the database: a lost hint costs time, no delivery.
 * </ol>
 *
 * <p><b>Not here.</b> What is sent ({@code webhook}) and how ({@code webhook.http}).
 */
@NullMarked
package org.contactsync.webhook.work;

import org.jspecify.annotations.NullMarked;
