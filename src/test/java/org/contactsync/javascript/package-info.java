/** The JavaScript client ({@code src/main/webapp/js}), whose own tests are in {@code src/test/js}. */
@NullMarked
package org.contactsync.javascript;

import org.jspecify.annotations.NullMarked;
