/**
 * Describes the service's own metrics, in one form for all packages that have some.
 *
 * <p><b>In and out.</b> In: the name of a metric, its unit, and what it counts or measures. Out: its description for the server's registry.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>Every metric that is described here has a help text at {@code /metrics}.
 * </ol>
 *
 * <p><b>Not here.</b> The metrics themselves: each package registers its own. What an operator does with them is in
 * {@code docs/operations.md}.
 */
@NullMarked
package org.contactsync.metric;

import org.jspecify.annotations.NullMarked;
