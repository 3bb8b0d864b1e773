package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** Tells of changes in one folder, in a thread of its own. */
final class FolderWatch implements AddressBook.Watch {
    private final WatchService service;

    private FolderWatch(WatchService service) {
        this.service = service;
    }

    static FolderWatch start(Path folder, Runnable changed) throws IOException {
        WatchService service = folder.getFileSystem().newWatchService();
        folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        Thread thread = new Thread(() -> run(service, changed), "contact-sync folder watch");
        thread.setDaemon(true);
        thread.start();
        return new FolderWatch(service);
    }

    private static void run(WatchService service, Runnable changed) {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                changed.run();
                if (!key.reset()) {
                    return; // the folder is gone: the client looks from time to time anyway
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException ended) {
            // nobody wants to be told any more
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            // a watch that cannot be closed tells for nobody
        }
    }
}
