package org.contactsync.faults;

import java.util.List;

/**
 * All that is known of one user when a run is over.
 *
 * @param operations of all devices, in no order
 * @param readings of all devices, in no order
 * @param pastReadings of what the book was
 * @param events as they came, those of one connection in order
 */
record History(
        String user,
        List<Operation> operations,
        List<Reading> readings,
        List<PastReading> pastReadings,
        List<Event> events,
        StoredBook stored) {
    History {
        operations = List.copyOf(operations);
        readings = List.copyOf(readings);
        pastReadings = List.copyOf(pastReadings);
        events = List.copyOf(events);
    }
}
