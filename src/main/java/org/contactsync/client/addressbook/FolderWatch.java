package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Predicate;

/** Tells of changes in one folder, in a thread of its own. */
final class FolderWatch implements AddressBook.Watch {
    private final WatchService service;

    private FolderWatch(WatchService service) {
        this.service = service;
    }

    /** @param isNews whether a file of that name matters, and was not changed by this program itself */
    static FolderWatch start(Path folder, Predicate<String> isNews, Runnable changed) throws IOException {
        WatchService service = folder.getFileSystem().newWatchService();
        folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        Thread thread = new Thread(() -> run(service, isNews, changed), "contact-sync folder watch");
        thread.setDaemon(true);
        thread.start();
        return new FolderWatch(service);
    }

    private static void run(WatchService service, Predicate<String> isNews, Runnable changed) {
        try {
            while (true) {
                WatchKey key = service.take();
                boolean news = false;
                for (WatchEvent<?> event : key.pollEvents()) {
                    // Without a file: so much has changed that the system cannot tell what.
                    news |= !(event.context() instanceof Path file) || isNews.test(file.toString());
                }
                if (news) {
                    changed.run();
                }
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
