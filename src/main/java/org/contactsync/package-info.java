/** The contact-sync service and its client; see {@code ARCHITECTURE.md}. */
@org.jspecify.annotations.NullMarked
package org.contactsync;
