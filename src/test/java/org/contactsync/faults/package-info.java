/**
 * Whether what the service promised holds while everything under it breaks.
 *
 * <pre>
 *   Device ──HTTP──▶ instance A ─┐ TcpProxy ▶ broker      Schedule: a seed decides which fault comes when
 *     │    ──HTTP──▶ instance B ─┘ TcpProxy ▶ PostgreSQL  Fault: kill -9, SIGSTOP, cut, silence, full disk, …
 *     ▼
 *   Log of Operations ──▶ Checker ◀── StoredBook (rows, by JDBC)
 * </pre>
 *
 * <p>Devices of several users change their books at random and write down every request with its outcome: ok, failed or
 * unknown. What is unknown is repeated with the same key until it is known, at the latest when all faults are over. Then
 * the {@link org.contactsync.faults.Checker} folds each user's operations in the order of {@code seq} and compares.
 *
 * <p>In a long run a crowd of further users changes one contact each at the same moments, so that their changes share commits; how many shared one is
 * counted.
 *
 * <p>The promises that are checked are those of {@code ARCHITECTURE.md} §6, numbers 1, 2, 3, 5, 7, 8 and 10. Nothing here
 * uses the service's own arithmetic: {@link org.contactsync.faults.PlainCodes} follows the text of the protocol.
 */
@NullMarked
package org.contactsync.faults;

import org.jspecify.annotations.NullMarked;
