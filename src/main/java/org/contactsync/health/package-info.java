/**
 * Tells an operator, and what restarts and routes to the service, whether it is alive and able to work.
 *
 * <p><b>In and out.</b> In: what the database and the broker answered last. Out: {@code /health/started},
 * {@code /health/live} and {@code /health/ready}, MicroProfile Health.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No health request waits for the database or the broker: they are asked in the background, and an answer older than
 *       {@link org.contactsync.health.LastAnswer#MAX_AGE} counts as none.
 *   <li>Started: the schema is that of this version. Ready: that, and the database answers. Alive: the server can answer
 *       this; a database that is away is not cured by a restart.
 *   <li>The broker's state is told with readiness and does not decide it: without the broker books can still be read, and
 *       every instance would be taken out at once.
 * </ol>
 *
 * <p>The same answers decide what is refused early: {@link org.contactsync.health.ServiceGate}.
 *
 * <p><b>Not here.</b> Figures over time are metrics.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.health;
