package org.contactsync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as Markdown, on the console and in a file that is complete after every part. One thread at a time. */
final class Report {
    private final Path file;
    private final StringBuilder text = new StringBuilder();

    Report(Path file) {
        this.file = file;
    }

    void heading(String title) {
        line("");
        line("### " + title);
        line("");
    }

    void line(String line) {
        System.out.println(line);
        text.append(line).append('\n');
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says on the console only how far it is. */
    void progress(String what) {
        System.out.println("… " + what);
    }

    /** A table whose columns stand under each other in plain text, too. */
    void table(List<String> heads, List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            int column = i;
            widths.add(Math.max(
                    heads.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0)));
        }
        line(row(heads, widths));
        line(row(widths.stream().map(width -> "-".repeat(width)).toList(), widths));
        rows.forEach(row -> line(row(row, widths)));
        line("");
    }

    private static String row(List<String> cells, List<Integer> widths) {
        StringBuilder row = new StringBuilder("|");
        for (int i = 0; i < cells.size(); i++) {
            row.append(String.format(Locale.ROOT, " %-" + widths.get(i) + "s |", cells.get(i)));
        }
        return row.toString();
    }
}
