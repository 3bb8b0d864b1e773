/**
 * What the service writes into its log, and how much of it.
 *
 * <p><b>In and out.</b> In: what failed, as a constant text, identifiers, and an exception. Out: lines of the server's log,
 * and lines of the audit file.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>No text of an exception is written, because it may hold rows, statements or requests: its class, the database's codes
 *       and frames are.
 *   <li>One kind of line is written at most {@link org.contactsync.log.LineBudget#PER_KIND} times a minute, all together at
 *       most {@link org.contactsync.log.LineBudget#IN_ALL} times; how many were left out is written with a later line.
 *   <li>Lines of the audit are never left out, and stand in files of their own that nothing else fills.
 * </ol>
 *
 * <p><b>Not here.</b> What the server, its libraries and the broker write themselves: {@code src/main/liberty/config} and
 * {@code docs/operations.md}.
 */
@org.jspecify.annotations.NullMarked
package org.contactsync.log;
