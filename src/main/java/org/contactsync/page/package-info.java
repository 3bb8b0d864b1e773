/**
 * What a person sees at {@code /}.
 *
 * <p><b>In and out.</b> In: the settings. Out: the addresses of this instance, as a page, as plain text, and as lines of the log.
 *
 * <p><b>It promises.</b>
 *
 * <ol>
 *   <li>Where the data is stands in the log only.
 * </ol>
 *
 * <p><b>Not here.</b> Files that are sent as they are: {@code src/main/webapp}.
 */
@NullMarked
package org.contactsync.page;

import org.jspecify.annotations.NullMarked;
