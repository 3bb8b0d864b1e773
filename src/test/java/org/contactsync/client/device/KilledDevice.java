package org.contactsync.client.device;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.contactsync.client.addressbook.VdirAddressBook;
import org.contactsync.client.http.Account;
import org.contactsync.protocol.DeviceId;

/** A program with the library: one task, and an end in the middle of it if that is asked for. */
final class KilledDevice {
    private KilledDevice() {}

    /** @param args server, folder of vCards, folder of the state, a {@link Step} at which the process ends at once, or nothing */
    public static void main(String[] args) throws Exception {
        Account account = new Account(URI.create(args[0]), "token-of-ada", Optional.of(new DeviceId("killed")));
        SyncClient client = SyncClient.open(
                () -> account,
                new VdirAddressBook(Path.of(args[1])),
                Path.of(args[2]),
                SyncOptions.USUAL.onRequestOnly());
        client.listen(event -> {
            if (event instanceof SyncEvent.StepDone done && done.step().name().equals(args[3])) {
                Runtime.getRuntime().halt(9);
            }
        });
        client.start();
        System.out.println("started");
        SyncReport report = client.sync().get(60, TimeUnit.SECONDS);
        awaitRest(client);
        System.out.println(
                report.outcome() + " unfinished=" + client.unfinished().size());
        client.close();
    }

    /** What the client has written itself may have made its watch of the folder ask for one more look. */
    private static void awaitRest(SyncClient client) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!client.unfinished().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }
}
