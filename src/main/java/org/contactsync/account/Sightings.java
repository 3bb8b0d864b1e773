package org.contactsync.account;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.Installation;

/**
 * Says which requests are worth writing down: of each device one in {@link #APART}, and one more if the first did not tell its check code.
 * Bounded: what has no room is not written, so that a device seems to have been seen earlier than it was. Thread-safe.
 */
public final class Sightings {
    /** By so much a time of the list may be too early. */
    public static final Duration APART = Duration.ofMinutes(15);

    /** Some 10 MiB if each has three devices. */
    static final int MOST_USERS = 20_000;

    static final int MOST_WAITING = 2_000;

    private final ConcurrentHashMap<Owner, OfUser> users = new ConcurrentHashMap<>();
    private final ArrayBlockingQueue<Sighting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final LongSupplier nanoTime;

    public Sightings(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Of one user; guarded by itself. */
    private static final class OfUser {
        final Map<DeviceId, Seen> devices = new HashMap<>();
    }

    /** @param withCode whether the check code was known, too */
    private record Seen(long at, boolean withCode) {}

    /**
     * Whether the request should be handed to {@link #add}; asked once for each request.
     *
     * @param withCode whether its answer tells which check code the device has
     */
    public boolean isDue(Owner owner, DeviceId device, boolean withCode) {
        OfUser user = users.get(owner);
        if (user == null) {
            if (users.size() >= MOST_USERS) {
                return false;
            }
            user = users.computeIfAbsent(owner, each -> new OfUser());
        }
        long now = nanoTime.getAsLong();
        synchronized (user) {
            Seen seen = user.devices.get(device);
            if (seen != null && isRecent(seen, now) && (seen.withCode() || !withCode)) {
                return false;
            }
            if (seen == null && user.devices.size() >= Installation.MOST) {
                user.devices.values().removeIf(each -> !isRecent(each, now));
                if (user.devices.size() >= Installation.MOST) {
                    return false;
                }
            }
            user.devices.put(device, new Seen(now, withCode));
            return true;
        }
    }

    private static boolean isRecent(Seen seen, long now) {
        return now - seen.at() < APART.toNanos();
    }

    /** Takes as long as a put: it is called by the threads of requests. */
    public void add(Sighting sighting) {
        if (!waiting.offer(sighting)) {
            makeDue(sighting.owner(), sighting.device());
        }
    }

    /** The next ones to be written, each once, {@code most} at most. */
    public List<Sighting> take(int most) {
        List<Sighting> taken = new ArrayList<>();
        waiting.drainTo(taken, most);
        return taken;
    }

    /** The next request of the device is worth writing down. */
    public void forget(Owner owner, DeviceId device) {
        makeDue(owner, device);
        waiting.removeIf(each -> each.owner().equals(owner) && each.device().equals(device));
    }

    private void makeDue(Owner owner, DeviceId device) {
        OfUser user = users.get(owner);
        if (user != null) {
            synchronized (user) {
                user.devices.remove(device);
            }
        }
    }

    /** Nothing of the user is kept or waits. */
    public void forget(Owner owner) {
        users.remove(owner);
        waiting.removeIf(each -> each.owner().equals(owner));
    }

    /** Forgets users of whom no device was seen recently: their next request is written down anyway. */
    public void removeOld() {
        long now = nanoTime.getAsLong();
        for (Iterator<OfUser> each = users.values().iterator(); each.hasNext(); ) {
            OfUser user = each.next();
            synchronized (user) {
                user.devices.values().removeIf(seen -> !isRecent(seen, now));
                if (user.devices.isEmpty()) {
                    each.remove();
                }
            }
        }
    }
}
