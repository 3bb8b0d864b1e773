package org.contactsync.client.addressbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.addressbook.EditResult.Made;
import org.contactsync.client.addressbook.EditResult.Moved;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBooksTest {
    @TempDir
    Path folder;

    private final List<FoundContact> made = MadeBooks.contacts(1, 3);

    @Test
    void aFolderKeepsWhatItIsGivenAndShowsIt() throws IOException {
        keepsWhatItIsGiven(new VdirAddressBook(folder));
        assertThat(folder.toFile().list()).hasSize(2).allMatch(name -> name.endsWith(".vcf"));
    }

    @Test
    void aFileKeepsWhatItIsGivenAndShowsIt() throws IOException {
        keepsWhatItIsGiven(new VcardAddressBook(folder.resolve("book.vcf")));
    }

    @Test
    void memoryKeepsWhatItIsGivenAndShowsIt() throws IOException {
        keepsWhatItIsGiven(new MemoryAddressBook());
    }

    private void keepsWhatItIsGiven(AddressBook book) throws IOException {
        List<EditResult> added = book.write(made.stream()
                .<Edit>map(contact -> new Edit.Add(contact.uid(), contact.card()))
                .toList());
        assertThat(added).allMatch(result -> result instanceof Made);
        assertThat(shown(book))
                .hasSize(3)
                .containsEntry(made.get(0).uid(), made.get(0).card());

        CanonicalCard before = made.get(0).card();
        CanonicalCard after = made.get(1).card();
        List<EditResult> results = book.write(List.of(
                new Edit.Change(made.get(0).uid(), before, after),
                new Edit.Change(made.get(1).uid(), before, after), // is another one
                new Edit.Remove(made.get(2).uid(), made.get(2).card()),
                new Edit.Add(made.get(1).uid(), before),
                new Edit.Remove(new Uid("nobody"), before)));

        assertThat(results.get(0)).isEqualTo(new Made(made.get(0).uid(), Optional.of(after)));
        assertThat(results.get(1)).isInstanceOf(Moved.class);
        assertThat(results.get(2)).isEqualTo(new Made(made.get(2).uid(), Optional.empty()));
        assertThat(results.get(3)).isInstanceOf(Moved.class);
        assertThat(results.get(4)).isInstanceOf(Moved.class);
        assertThat(shown(book))
                .isEqualTo(Map.of(made.get(0).uid(), after, made.get(1).uid(), after));
    }

    @Test
    void aDamagedFileOfAFolderIsNotTakenForADeletion() throws IOException {
        VdirAddressBook book = new VdirAddressBook(folder);
        book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
        Files.writeString(folder.resolve("ada.vcf"), "BEGIN:VCARD\nVERSION:4.0\nFN:cut");

        assertThat(book.changesSince(Optional.empty()).everything()).isFalse();
    }

    @Test
    void aFileThatIsGoneIsNoEmptyBook() throws IOException {
        Path file = folder.resolve("book.vcf");
        VcardAddressBook book = new VcardAddressBook(file);
        book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
        String marker = book.changesSince(Optional.empty()).marker();
        Files.delete(file);

        assertThatThrownBy(() -> book.changesSince(Optional.of(marker))).isInstanceOf(IOException.class);
    }

    @Test
    void aFolderTellsOfEditsOfOtherPrograms() throws Exception {
        VdirAddressBook book = new VdirAddressBook(folder);
        CountDownLatch told = new CountDownLatch(1);
        try (AddressBook.Watch watch = book.watch(told::countDown)) {
            Files.write(folder.resolve("new.vcf"), MadeBooks.vcards(2, 1).getBytes(StandardCharsets.UTF_8));
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(shown(book)).hasSize(1);
    }

    private static Map<Uid, CanonicalCard> shown(AddressBook book) throws IOException {
        return book.changesSince(Optional.empty()).contacts();
    }
}
