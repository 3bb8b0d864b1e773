/**
 * Runs the packaged server in the foreground, for {@code mvn -Prun}. It is not part of any archive.
 *
 * <p><b>In and out.</b> In: the folder of the packaged server, the data directory to use when {@code DATA_DIR} is not set. Out: the
 * server's own output, and its exit code.
 *
 * <p><b>Promises.</b>
 *
 * <ol>
 *   <li>The last line of the output is the last line of the server.
 *   <li>When this process ends, the server has ended, or was asked to end 45 seconds before.
 * </ol>
 *
 * <p><b>Not here.</b> Settings and how they are checked: {@code settings} and {@code health}.
 */
@NullMarked
package org.contactsync.launch;

import org.jspecify.annotations.NullMarked;
