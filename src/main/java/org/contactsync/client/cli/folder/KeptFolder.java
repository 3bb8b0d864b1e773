package org.contactsync.client.cli.folder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.contactsync.client.http.Account;
import org.contactsync.client.remote.Hashes;

/**
 * A folder, or a file, of vCards that {@code sync} and {@code watch} keep the same as the book of one account.
 *
 * @param path the real one
 * @param server of the account, for a person
 * @param account a hash of the account's identity
 * @param lastConflict the number of the last conflict copy that a person was told of
 */
public record KeptFolder(Path path, String server, String account, long lastConflict) {
    public static KeptFolder of(Path path, Account account) {
        return new KeptFolder(path, account.server().toString(), hash(account), 0);
    }

    public boolean isOf(Account other) {
        return account.equals(hash(other));
    }

    public KeptFolder toldUntil(long conflict) {
        return new KeptFolder(path, server, account, conflict);
    }

    private static String hash(Account account) {
        return Hashes.sha256Hex(account.identity().getBytes(StandardCharsets.UTF_8));
    }
}
