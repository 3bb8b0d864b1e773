/**
 * Writes the service's log lines and limits their number.
 *
 * <p><b>In and out.</b> In: a constant text for the kind of failure, identifiers, and an exception. Out: lines of the
 * server's log, and lines of the audit file.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Messages of exceptions are never logged, because they may contain rows, statements or requests; their classes, the
 *       database's codes and frames are.
 *   <li>One kind of line is logged at most {@link org.contactsync.log.LineBudget#PER_KIND} times a minute, all kinds
 *       together at most {@link org.contactsync.log.LineBudget#IN_ALL} times; a later line says how many were suppressed.
 *   <li>Audit lines are never suppressed, and have their own files that nothing else fills.
 * </ol>
 *
 * <p><b>Not here.</b> Log lines of the server, its libraries and the broker: {@code src/main/liberty/config} and
 * {@code docs/operations.md}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.log;
