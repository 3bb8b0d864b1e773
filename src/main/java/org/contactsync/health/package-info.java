/**
 * Tells operators, orchestrators and load balancers whether the service is alive and able to work.
 *
 * <p><b>In and out.</b> In: the last results of the database and broker checks. Out: {@code /health/started},
 * {@code /health/live} and {@code /health/ready}, MicroProfile Health.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No health request waits for the database or the broker: they are checked in the background, and a result older than
 *       {@link org.contactsync.health.LastAnswer#MAX_AGE} counts as none.
 *   <li>Started: the schema is migrated to this version. Ready: that, and the database answers. Alive: the server can
 *       answer the request; a restart does not fix an unavailable database.
 *   <li>The readiness answer reports the broker's state, but does not depend on it: without the broker books can still be
 *       read, and all instances would be taken out of service at once.
 * </ol>
 *
 * <p>The same results decide which requests are refused early: {@link org.contactsync.health.ServiceGate}.
 *
 * <p><b>Not here.</b> Values over time: they are metrics.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.health;
