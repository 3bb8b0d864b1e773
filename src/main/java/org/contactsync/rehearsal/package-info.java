/**
 * Works through the path of a change before the instance is ready, so that its code is compiled when the first clients come.
 *
 * <p><b>In and out.</b> For a limited time, requests from the process to itself; each change is read, sent through the broker, applied and
 * answered by the same classes as a client's. Out: whether the rehearsal is over, for {@code /health/ready}.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Nothing stays: each transaction is rolled back, no message enters the queue of steps, and no metric of steps is recorded.
 *   <li>Nobody else can use it: its requests carry a secret that only this process knows, and that is void when the rehearsal is over.
 *   <li>It ends after its time, at the first failure other than 503, or when the compiler has little left to do. A failure never keeps the instance from
 *       becoming ready.
 * </ol>
 *
 * <p><b>Not here.</b> Tokens, turns and sessions of the queue: a rehearsed change belongs to nobody.
 */
@NullMarked
package org.contactsync.rehearsal;

import org.jspecify.annotations.NullMarked;
