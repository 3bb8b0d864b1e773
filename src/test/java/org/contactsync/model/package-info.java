/**
 * Models of the service, and what they say of it.
 *
 * <ul>
 *   <li>{@code GroupModelIT}: the model of one user's group in {@code src/test/spin}, in every order of its steps.
 *   <li>{@code DevicesProperties}, {@code DevicesIT}: chains of what happens to several devices of one user, the way between and the
 *       service ({@link org.contactsync.model.World}), in this process and with the packaged service. {@code -Ddevices.tries=} gives the
 *       number of chains, {@code -Ddevices.seed=} repeats those of an earlier run.
 * </ul>
 */
@NullMarked
package org.contactsync.model;

import org.jspecify.annotations.NullMarked;
