package org.contactsync.sync.step;

import java.util.UUID;

/**
 * Where the answer to a step goes.
 *
 * @param queue name of the reply queue of the instance that has the request
 * @param correlation names the waiting request within that instance, and tells a redelivered step from a repeated request
 */
public record ReplyTo(String queue, UUID correlation) {}
