package org.contactsync.bench;

import org.contactsync.bench.Processes.Cpu;

/**
 * What was used so far, or between two moments.
 *
 * @param server the service's processor time
 * @param database PostgreSQL's
 * @param client that of this process, the load generator or the floor
 * @param commits of the database
 * @param logSyncs times that its log was forced to the disk
 */
record Usage(Cpu server, Cpu database, Cpu client, long commits, long logSyncs) {
    /** @param server its process id, or 0 */
    static Usage now(DurablePostgres postgres, long server) {
        return new Usage(
                server == 0 ? new Cpu(0, 0) : Processes.cpu(server),
                postgres.cpu(),
                Processes.cpu(ProcessHandle.current().pid()),
                postgres.commits(),
                postgres.logSyncs());
    }

    Usage minus(Usage before) {
        return new Usage(
                server.minus(before.server),
                database.minus(before.database),
                client.minus(before.client),
                commits - before.commits,
                logSyncs - before.logSyncs);
    }
}
