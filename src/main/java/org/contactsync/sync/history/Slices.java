package org.contactsync.sync.history;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.contactsync.contact.Uid;
import org.contactsync.sync.book.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of their uids, read a slice at a time: never all in memory. One thread at a time.
 *
 * @param <T> an item
 */
final class Slices<T> implements Iterator<T> {
    private static final int SLICE = 2_000;

    private final BiFunction<Optional<Uid>, Integer, List<T>> read;
    private final Function<T, Uid> uid;
    private Iterator<T> slice = List.<T>of().iterator();
    private Optional<Uid> last = Optional.empty();
    private boolean ended;
    private @Nullable T ahead;

    /** @param read the items after a uid, at most so many; fewer only at the end */
    Slices(BiFunction<Optional<Uid>, Integer, List<T>> read, Function<T, Uid> uid) {
        this.read = read;
        this.uid = uid;
    }

    static <T> Slices<T> none() {
        return new Slices<>((after, most) -> List.of(), item -> {
            throw new NoSuchElementException();
        });
    }

    /** The next item, which stays the next one. */
    Optional<T> peek() {
        if (ahead == null && advance()) {
            ahead = slice.next();
        }
        return Optional.ofNullable(ahead);
    }

    @Override
    public boolean hasNext() {
        return peek().isPresent();
    }

    @Override
    public T next() {
        T item = peek().orElseThrow(NoSuchElementException::new);
        ahead = null;
        last = Optional.of(uid.apply(item));
        return item;
    }

    private boolean advance() {
        if (slice.hasNext()) {
            return true;
        }
        if (ended) {
            return false;
        }
        Deadline.current().check();
        List<T> items = read.apply(last, SLICE);
        ended = items.size() < SLICE;
        slice = items.iterator();
        return slice.hasNext();
    }
}
