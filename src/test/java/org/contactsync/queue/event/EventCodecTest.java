package org.contactsync.queue.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.junit.jupiter.api.Test;

class EventCodecTest {
    private static final Owner ADA = new Owner("https://i", "ada");
    private static final CheckCode CODE = new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y");
    private static final List<BookEvent> EVENTS = List.of(
            new BookChanged(ADA, 258, CODE, Optional.of(new DeviceId("phone"))),
            new BookChanged(ADA, 1, CODE, Optional.empty()),
            new TaskEnded(ADA, new TaskId(new UUID(1, 2))));

    private final EventCodec codec = new EventCodec();

    @Test
    void whatIsReadIsWhatWasWritten() {
        assertThat(codec.read(codec.write(EVENTS))).isEqualTo(EVENTS);
        assertThat(codec.read(codec.write(List.of()))).isEmpty();
    }

    /** Instances of two adjacent releases read each other's: these bytes never change. */
    @Test
    void theBytesOfVersion1Stay() {
        assertThat(HexFormat.of().formatHex(codec.write(List.of(EVENTS.get(2)))))
                .isEqualTo("01" + "0001" + "02" + "0009" + "68747470733a2f2f69" + "0003" + "616461" + "0000000000000001"
                        + "0000000000000002");
        assertThat(HexFormat.of().formatHex(codec.write(List.of(EVENTS.get(0)))))
                .startsWith("01" + "0001" + "01" + "0009" + "68747470733a2f2f69" + "0003" + "616461"
                        + "0000000000000102" + "002f" + "636b312e")
                .endsWith("0005" + "70686f6e65");
    }

    @Test
    void whatAnotherReleaseWroteOrNobodyDidIsRefused() {
        byte[] bytes = codec.write(EVENTS);
        byte[] newer = bytes.clone();
        newer[0] = 2;
        byte[] newKind = bytes.clone();
        newKind[3] = 9;
        for (byte[] each : List.of(newer, newKind, new byte[0], Arrays.copyOf(bytes, bytes.length - 1))) {
            assertThatThrownBy(() -> codec.read(each)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
