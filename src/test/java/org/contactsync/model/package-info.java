/** Checks the model of one user's group in {@code src/test/spin} in every order of its steps. */
@NullMarked
package org.contactsync.model;

import org.jspecify.annotations.NullMarked;
