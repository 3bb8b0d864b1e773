/**
 * Runs the packaged server in the foreground, for {@code mvn -Prun}. Packed nowhere.
 *
 * <p><b>In and out.</b> In: the folder of the packaged server, the data directory to use when {@code DATA_DIR} is not set. Out: the
 * server's own output, and its exit code.
 *
 * <p><b>It promises.</b>
 *
 * <ol>
 *   <li>What the server writes last is the last of the output.
 *   <li>When this process ends, the server has ended, or has been asked to 45 seconds ago.
 * </ol>
 *
 * <p><b>Not here.</b> Settings and their faults: {@code settings} and {@code health}.
 */
@NullMarked
package org.contactsync.launch;

import org.jspecify.annotations.NullMarked;
