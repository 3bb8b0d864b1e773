package org.contactsync.faults;

import java.util.List;

/**
 * All that is known of one user when a run is over.
 *
 * @param operations of all devices, in no order
 * @param readings of all devices, in no order
 */
record History(String user, List<Operation> operations, List<Reading> readings, StoredBook stored) {
    History {
        operations = List.copyOf(operations);
        readings = List.copyOf(readings);
    }
}
