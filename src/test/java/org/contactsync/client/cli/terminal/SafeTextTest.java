package org.contactsync.client.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SafeTextTest {
    @Test
    void leavesTextAlone() {
        String text = "Zoë 刘刚 😀 שלום é\u0301 – “q” \\u001b";
        assertThat(SafeText.line(text)).isSameAs(text);
        assertThat(SafeText.lines(text + "\n\t")).isEqualTo(text + "\n\t");
    }

    @Test
    void showsEveryControlCharacter() {
        for (char c = 0; c <= 0x9f; c++) {
            boolean control = c < ' ' || c >= 0x7f;
            String escaped = String.format("\\u%04x", (int) c);
            assertThat(SafeText.line("a" + c + "b")).isEqualTo(control ? "a" + escaped + "b" : "a" + c + "b");
        }
    }

    @Test
    void showsWhatTurnsTheDirectionOfWriting() {
        for (char c :
                "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".toCharArray()) {
            assertThat(SafeText.lines("a" + c)).isEqualTo(String.format("a\\u%04x", (int) c));
        }
    }

    @Test
    void everyWayOfPrintingGoesThroughIt() {
        StringWriter raw = new StringWriter();
        try (SafeWriter out = new SafeWriter(raw)) {
            out.print('\u001b');
            out.print("\u001b[31m");
            out.printf("%s", "\u009b");
            out.write(new char[] {'\u202e'});
            out.append("\u0007", 0, 1).println();
        }
        assertThat(raw.toString()).isEqualTo("\\u001b\\u001b[31m\\u009b\\u202e\\u0007\n");
    }
}
