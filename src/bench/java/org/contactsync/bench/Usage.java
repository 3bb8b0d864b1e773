package org.contactsync.bench;

import org.contactsync.bench.Processes.Cpu;

/**
 * What was used so far, or between two moments.
 *
 * @param server the service's processor time
 * @param broker that of a broker outside of the service
 * @param database PostgreSQL's
 * @param client that of this process, the load generator or the floor
 * @param commits of the database
 * @param logSyncs times that its log was forced to the disk
 * @param logBytes bytes of its log
 * @param pageImages whole pages among them, which the first change of a page after a checkpoint writes
 */
record Usage(
        Cpu server, Cpu broker, Cpu database, Cpu client, long commits, long logSyncs, long logBytes, long pageImages) {
    /**
     * @param server its process id, or 0
     * @param broker its process id, or 0 when it is inside the service
     */
    static Usage now(DurablePostgres postgres, long server, long broker) {
        return new Usage(
                server == 0 ? new Cpu(0, 0) : Processes.cpu(server),
                broker == 0 ? new Cpu(0, 0) : Processes.cpu(broker),
                postgres.cpu(),
                Processes.cpu(ProcessHandle.current().pid()),
                postgres.commits(),
                postgres.logSyncs(),
                postgres.logBytes(),
                postgres.pageImages());
    }

    /** Of a service whose database is embedded. */
    static Usage ofServer(long server) {
        Cpu none = new Cpu(0, 0);
        return new Usage(
                Processes.cpu(server),
                none,
                none,
                Processes.cpu(ProcessHandle.current().pid()),
                0,
                0,
                0,
                0);
    }

    Usage minus(Usage before) {
        return new Usage(
                server.minus(before.server),
                broker.minus(before.broker),
                database.minus(before.database),
                client.minus(before.client),
                commits - before.commits,
                logSyncs - before.logSyncs,
                logBytes - before.logBytes,
                pageImages - before.pageImages);
    }
}
