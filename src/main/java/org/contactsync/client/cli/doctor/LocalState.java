package org.contactsync.client.cli.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.TreeClient.TreeNodes;
import org.contactsync.client.state.StateFile;
import org.contactsync.client.state.SyncState;
import org.contactsync.protocol.BookHead;

/** Looks at what this machine remembers of the account, and compares it with the server's book. For one run. */
final class LocalState {
    private static final String STATE = "local state";
    private static final String TREE = "digest tree";
    private static final int LEVELS = 2;

    private final Path directory;
    private final Account account;

    LocalState(Path directory, Account account) {
        this.directory = directory;
        this.account = account;
    }

    /** Makes a client of the server's book. */
    @FunctionalInterface
    interface Clients {
        BookClient make() throws IOException, Complaint;
    }

    /** Without a server to compare with. */
    List<Finding> alone() {
        List<Finding> findings = new ArrayList<>();
        load(findings);
        findings.add(Finding.skipped(TREE));
        return findings;
    }

    List<Finding> against(BookHead head, Clients clients) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Optional<SyncState> state = load(findings);
        try {
            TreeNodes root = clients.make()
                    .treeClient()
                    .nodes(List.of(""), 0)
                    .orElseThrow(() -> new IllegalStateException("one prefix is always answered"));
            findings.add(root(root));
            if (state.isPresent()) {
                findings.add(difference(state.get(), head, clients));
            }
        } catch (ServerRefusal e) {
            findings.add(Finding.bad(
                    TREE,
                    "the server refused: " + e.problem().code() + ", status "
                            + e.problem().status(),
                    "Try again later; if it stays, give the operator the report.",
                    ExitCode.REFUSED));
        } catch (ServerUnreachable e) {
            findings.add(Finding.bad(TREE, e.getMessage() + ".", "Try again.", ExitCode.UNREACHABLE));
        } catch (Complaint e) {
            findings.add(Finding.bad(TREE, String.valueOf(e.getMessage()), "Correct it.", ExitCode.USAGE));
        }
        return findings;
    }

    private Optional<SyncState> load(List<Finding> findings) {
        try {
            Optional<SyncState> state = StateFile.peek(directory, account);
            findings.add(state.map(this::whole).orElse(Finding.ok(STATE, "nothing was pushed from here yet")));
            if (state.isPresent() && StateFile.isHeld(directory, account)) {
                findings.add(Finding.warning(
                        STATE,
                        "another contact-sync works on this book",
                        "Wait until it has finished, or end it if it hangs."));
            }
            return state;
        } catch (IOException e) {
            findings.add(Finding.bad(
                    STATE,
                    "it cannot be read",
                    "Run chmod u+rw on it, or delete it in " + directory
                            + " and push again: nothing is deleted on the server.",
                    ExitCode.FAILED));
            return Optional.empty();
        }
    }

    /** Whether the code is that of the hashes. */
    private Finding whole(SyncState state) {
        if (!state.known().checkCode(state.codes()).equals(state.checkCode())) {
            return Finding.bad(
                    STATE,
                    "its check code is not that of its contacts",
                    "Delete the state in " + directory + " and push again: nothing is deleted on the server.",
                    ExitCode.REFUSED);
        }
        String text = Counted.contacts(state.known().contacts().size()) + ", seq " + state.seq() + ", check code "
                + state.checkCode();
        return state.pending().isEmpty()
                ? Finding.ok(STATE, text)
                : Finding.warning(
                        STATE,
                        text + "; a push was interrupted",
                        "Run the same push again: it continues where it stopped.");
    }

    /** A check code is the whole root of the tree, of which a node is the beginning (protocol 2.4 and 2.5). */
    private static Finding root(TreeNodes root) {
        String code = HexFormat.of()
                .formatHex(
                        Base64.getUrlDecoder().decode(root.checkCode().value().substring("ck1.".length())));
        return code.startsWith(root.nodes().get(0))
                ? Finding.ok(TREE, "the server's tree has the server's check code")
                : Finding.bad(
                        TREE,
                        "the server's tree does not have the server's check code",
                        "Give the operator the report: the server has to scrub the book.",
                        ExitCode.REFUSED);
    }

    private static Finding difference(SyncState state, BookHead head, Clients clients)
            throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        String subject = "comparison";
        if (!state.key().equals(head.checkKey())) {
            return Finding.warning(
                    subject,
                    "the server's book began anew since the last push from here",
                    "If your contacts are to be on the server again, push with --begin-anew.");
        }
        if (state.checkCode().equals(head.checkCode())) {
            return Finding.ok(subject, "the server's book is what it was at the last push from here");
        }
        CheckCodes codes = state.codes();
        List<String> ours = HashedBook.of(state.known(), codes).nodes("", LEVELS);
        Optional<TreeNodes> theirs = clients.make().treeClient().nodes(List.of(""), LEVELS);
        long different = 0;
        for (int i = 0; theirs.isPresent() && i < ours.size(); i++) {
            different += ours.get(i).equals(theirs.get().nodes().get(i)) ? 0 : 1;
        }
        return Finding.ok(
                subject,
                "other devices have changed the book since the last push from here, in " + different + " of "
                        + ours.size() + " parts; the next push takes that into account");
    }
}
