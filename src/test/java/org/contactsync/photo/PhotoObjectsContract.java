package org.contactsync.photo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Pieces outside of the database are there as they were put, until they are removed. */
public interface PhotoObjectsContract {
    PhotoObjects objects();

    @Test
    default void aPieceIsReadAsItWasPut() {
        ObjectName name = new ObjectName(UUID.randomUUID(), 0);
        ObjectName next = new ObjectName(name.upload(), 1);
        byte[] whole = Pictures.jpeg(Photo.PIECE, 1);
        byte[] one = {7};
        assertThat(objects().get(name)).isEmpty();

        objects().put(name, whole);
        objects().put(next, one);

        assertThat(objects().get(name))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(whole));
        assertThat(objects().get(next))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(one));
        assertThat(objects().get(new ObjectName(UUID.randomUUID(), 0))).isEmpty();
        assertThat(objects().isFine()).isTrue();
    }

    /** Whoever does not know whether it was put puts it again. */
    @Test
    default void aPieceMayBePutAgain() {
        ObjectName name = new ObjectName(UUID.randomUUID(), 3);
        objects().put(name, Pictures.jpeg(100, 1));
        objects().put(name, Pictures.jpeg(200, 2));

        assertThat(objects().get(name))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(Pictures.jpeg(200, 2)));
    }

    @Test
    default void aPieceIsGoneWhenItIsRemovedOnceOrTwice() {
        ObjectName name = new ObjectName(UUID.randomUUID(), 0);
        ObjectName other = new ObjectName(name.upload(), 10);
        objects().put(name, Pictures.jpeg(100, 1));
        objects().put(other, Pictures.jpeg(100, 2));

        objects().remove(name);
        objects().remove(name);

        assertThat(objects().get(name)).isEmpty();
        assertThat(objects().get(other)).isPresent();
    }
}
