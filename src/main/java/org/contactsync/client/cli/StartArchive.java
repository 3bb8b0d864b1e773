package org.contactsync.client.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.contactsync.client.cli.server.ServerOptions;
import org.contactsync.client.cli.terminal.ExitCode;

/**
 * Runs the commands once, against made-up answers on this machine, so that Java can record the classes that they load ({@code
 * -XX:ArchiveClassesAtExit}, see {@code src/main/scripts/contact-sync}). Prints nothing and keeps nothing.
 */
final class StartArchive {
    private static final String VCARD = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:a\r\nFN:Ada\r\nTEL:1\r\nEND:VCARD\r\n";
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    /** Of the empty book under that key: what every command asks for, in one. */
    private static final String ANSWER = """
            {"count":0,"seq":0,"checkCode":"ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSOt6Y","checkKey":"%s",
             "queue":{"running":0,"waiting":0},"tasks":[],"contacts":[]}""".formatted(KEY);

    private StartArchive() {}

    public static void main(String[] arguments) throws IOException {
        System.exit(run() ? ExitCode.OK : ExitCode.FAILED);
    }

    /** Whether every command ended well. */
    static boolean run() throws IOException {
        Path directory = Files.createTempDirectory("contact-sync-");
        try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(socket), "answers");
            server.setDaemon(true);
            server.start();
            Map<String, String> environment = Map.of(
                    ServerOptions.TOKEN,
                    "e30.e30.x",
                    ServerOptions.SERVER,
                    "http://127.0.0.1:" + socket.getLocalPort(),
                    "XDG_STATE_HOME",
                    directory.toString());
            Path vcards = Files.writeString(directory.resolve("book.vcf"), VCARD);
            Path json = directory.resolve("book.json");
            return ok(environment, "status")
                    && ok(environment, "pull", "-o", json.toString())
                    && ok(environment, "check-code", "--key", KEY, json.toString())
                    && ok(environment, "push", "--dry-run", "--state", directory.toString(), vcards.toString())
                    && ok(environment, "sync", directory.resolve("contacts").toString())
                    && ok(environment, "queue")
                    && ok(environment, "--help");
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static boolean ok(Map<String, String> environment, String... arguments) {
        StringWriter nowhere = new StringWriter();
        PrintWriter out = new PrintWriter(nowhere);
        return ContactSync.run(environment, out, out, arguments) == ExitCode.OK;
    }

    /** One request for each connection, until the socket is closed. */
    private static void serve(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    // the request's head; no request of these commands has a body
                }
                String head =
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
                String answer = head + ANSWER.length() + "\r\n\r\n" + ANSWER;
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // the next one, or the end
            }
        }
    }
}
