package org.contactsync.client.cli.terminal;

/** How a word looks on a terminal that shows colours; elsewhere it is plain. */
public enum Style {
    PLAIN(""),
    STRONG("1"),
    GOOD("32"),
    BAD("31"),
    WARNING("33");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String begin() {
        return code.isEmpty() ? "" : "\u001b[" + code + "m";
    }

    String end() {
        return code.isEmpty() ? "" : "\u001b[0m";
    }
}
