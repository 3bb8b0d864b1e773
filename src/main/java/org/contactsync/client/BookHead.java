package org.contactsync.client;

import jakarta.json.JsonObject;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;

/**
 * A summary of the server's book.
 *
 * @param count contacts
 * @param seq grows with every change of the book
 * @param running tasks at work, 0 or 1
 * @param waiting tasks behind it
 */
public record BookHead(long count, long seq, CheckCode checkCode, CheckKey checkKey, long running, long waiting) {
    static BookHead of(JsonObject json) {
        JsonObject queue = json.getJsonObject("queue");
        return new BookHead(
                json.getJsonNumber("count").longValueExact(),
                json.getJsonNumber("seq").longValueExact(),
                new CheckCode(json.getString("checkCode")),
                CheckKey.ofBase64Url(json.getString("checkKey")),
                queue.getJsonNumber("running").longValueExact(),
                queue.getJsonNumber("waiting").longValueExact());
    }
}
