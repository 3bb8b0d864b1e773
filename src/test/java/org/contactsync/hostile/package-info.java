/**
 * What hostile clients try against a real server process with its shipped limits, and what honest ones notice of it.
 *
 * <ul>
 *   <li><b>In:</b> the packaged server, as a process of its own ({@code LibertyServer}); {@code DB_KIND} says which database.
 *   <li><b>Out:</b> one class for each attack that was seen to work once, and {@link org.contactsync.hostile.SoakIT}: hostile and
 *       honest users side by side ({@code docs/hostile.md}).
 *   <li><b>Promises:</b> everything random prints its seed; load goes to the loopback interface only and ends by itself.
 * </ul>
 */
@NullMarked
package org.contactsync.hostile;

import org.jspecify.annotations.NullMarked;
