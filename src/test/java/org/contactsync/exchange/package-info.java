/** Files of contacts. */
@NullMarked
package org.contactsync.exchange;

import org.jspecify.annotations.NullMarked;
