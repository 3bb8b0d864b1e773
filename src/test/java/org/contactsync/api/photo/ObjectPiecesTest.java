package org.contactsync.api.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.contactsync.photo.MemoryObjects;
import org.contactsync.photo.ObjectName;
import org.contactsync.protocol.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** Pieces go to the store while their upload is open, and away again if nothing came of it. */
class ObjectPiecesTest {
    private static final byte[] PIECE = {1, 2, 3};

    private final UUID upload = UUID.randomUUID();
    private final MemoryObjects objects = new MemoryObjects();
    private final AtomicBoolean isOpen = new AtomicBoolean(true);
    private final ObjectPieces pieces = new ObjectPieces(objects, upload, this::requireOpen);

    @Test
    void putsPiecesUnderTheirNumbers() {
        pieces.add(0, PIECE);
        pieces.add(1, new byte[] {4});

        assertThat(objects.get(name(0)))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(PIECE));
        assertThat(objects.get(name(1)))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(4));
    }

    @Test
    void putsNothingWhenTheUploadIsOver() {
        isOpen.set(false);

        assertThatThrownBy(() -> pieces.add(0, PIECE)).hasMessage("over");
        assertThat(objects.get(name(0))).isEmpty();
    }

    @Test
    void removesWhatItHasPut() {
        pieces.add(0, PIECE);
        pieces.add(1, PIECE);
        objects.put(name(2), PIECE);

        pieces.remove();

        assertThat(objects.get(name(0))).isEmpty();
        assertThat(objects.get(name(1))).isEmpty();
        assertThat(objects.get(name(2))).as("not its own").isPresent();
    }

    /** The request that failed would wait a second time. */
    @Test
    void asksNoStoreThatHasJustFailed() {
        pieces.add(0, PIECE);
        objects.setAway(true);
        assertThatThrownBy(() -> pieces.add(1, PIECE)).isInstanceOf(ProblemException.class);

        pieces.remove();

        objects.setAway(false);
        assertThat(objects.get(name(0))).as("left for the sweep").isPresent();
    }

    private ObjectName name(int number) {
        return new ObjectName(upload, number);
    }

    private void requireOpen() {
        if (!isOpen.get()) {
            throw new IllegalStateException("over");
        }
    }
}
