package org.contactsync.client.addressbook;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ezvcard.Ezvcard;
import ezvcard.VCard;
import ezvcard.parameter.ImageType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

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
    void aFileThatIsEmptyForAMomentIsNotTakenForADeletion() throws IOException {
        VdirAddressBook book = new VdirAddressBook(folder);
        book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
        String whole = Files.readString(folder.resolve("ada.vcf"));
        book.changesSince(Optional.empty());
        Files.writeString(folder.resolve("ada.vcf"), "");

        PhoneChanges seen = book.changesSince(Optional.empty());
        assertThat(seen.notVisible().contains(new Uid("ada")) || !seen.everything())
                .isTrue();
        assertThat(new VdirAddressBook(folder).changesSince(Optional.empty()).everything())
                .isFalse();
        assertThat(book.write(
                        List.of(new Edit.Remove(new Uid("ada"), made.get(0).card()))))
                .allMatch(result -> result instanceof Moved);

        Files.writeString(folder.resolve("ada.vcf"), whole);
        assertThat(shown(book)).hasSize(1);
    }

    @Test
    void aDamagedFileDoesNotKeepOtherDeletionsBack() throws IOException {
        VdirAddressBook book = new VdirAddressBook(folder);
        book.write(List.of(
                new Edit.Add(new Uid("ada"), made.get(0).card()),
                new Edit.Add(new Uid("grace"), made.get(1).card())));
        book.changesSince(Optional.empty());
        Files.writeString(folder.resolve("ada.vcf"), "BEGIN:VCARD\nVERSION:4.0\nFN:cut");
        Files.delete(folder.resolve("grace.vcf"));

        PhoneChanges seen = book.changesSince(Optional.empty());

        assertThat(seen.everything()).isTrue();
        assertThat(seen.contacts()).isEmpty();
        assertThat(seen.notVisible()).containsExactly(new Uid("ada"));
    }

    /** Such as one to a disk that is not connected. */
    @Test
    void aLinkToAFileThatIsNotThereIsNotTakenForADeletion() throws IOException {
        Path linked = Files.createDirectory(folder.resolve("linked"));
        Path target = folder.resolve("target.vcf");
        Files.writeString(target, "BEGIN:VCARD\nVERSION:4.0\nUID:ada\nFN:Ada\nEND:VCARD\n");
        Path link = Files.createSymbolicLink(linked.resolve("ada.vcf"), target);
        Files.createDirectory(linked.resolve("folder.vcf"));
        VdirAddressBook book = new VdirAddressBook(linked);
        assertThat(shown(book)).containsOnlyKeys(new Uid("ada"));
        Files.delete(target);

        PhoneChanges seen = book.changesSince(Optional.empty());
        assertThat(seen.everything()).isTrue();
        assertThat(seen.contacts()).isEmpty();
        assertThat(seen.notVisible()).containsExactly(new Uid("ada"));
        VdirAddressBook other = new VdirAddressBook(linked);
        assertThat(other.changesSince(Optional.empty()).everything()).isFalse();
        assertThat(other.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card()))))
                .allMatch(result -> result instanceof Moved);

        Files.delete(link);
        assertThat(book.changesSince(Optional.empty()))
                .matches(gone -> gone.everything() && gone.notVisible().isEmpty());
    }

    @Test
    void aFileOfWhichNobodyKnowsWhetherItIsThereStopsTheLook() throws IOException {
        VdirAddressBook book = new VdirAddressBook(folder);
        Path loop = folder.resolve("loop.vcf");
        Files.createSymbolicLink(loop, loop);

        assertThatThrownBy(() -> book.changesSince(Optional.empty())).isInstanceOf(IOException.class);
    }

    @Test
    void aFileWithoutAByteIsNoEmptyBookAndOneWithAnEmptyLineIs() throws IOException {
        Path file = folder.resolve("book.vcf");
        VcardAddressBook book = new VcardAddressBook(file, LATER);
        book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
        String marker = book.changesSince(Optional.empty()).marker();
        Files.writeString(file, "");
        assertThatThrownBy(() -> book.changesSince(Optional.of(marker))).isInstanceOf(IOException.class);

        Files.writeString(file, "\n");
        assertThat(book.changesSince(Optional.of(marker)))
                .matches(seen -> seen.everything() && seen.contacts().isEmpty());
    }

    @Test
    void aBookOfWhichTheLastContactIsRemovedIsEmpty() throws IOException {
        VcardAddressBook book = new VcardAddressBook(folder.resolve("book.vcf"));
        book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
        book.write(List.of(new Edit.Remove(new Uid("ada"), made.get(0).card())));

        assertThat(shown(book)).isEmpty();
    }

    @Test
    void aFileThatAnotherProgramIsWritingIsLookedAtLater() throws IOException {
        Path file = folder.resolve("book.vcf");
        Files.writeString(file, MadeBooks.vcards(1, 2)); // of three
        VcardAddressBook book = new VcardAddressBook(file);
        assertThatThrownBy(() -> book.changesSince(Optional.empty())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> book.write(
                        List.of(new Edit.Add(new Uid("new"), made.get(2).card()))))
                .isInstanceOf(IOException.class);

        assertThat(shown(new VcardAddressBook(file, LATER))).hasSize(2);
    }

    @Test
    void aPictureThatIsTooLargeForAContactSurvivesAChangeFromElsewhere() throws IOException {
        String picture = Base64.getEncoder().encodeToString(new byte[300 * 1024]);
        String vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ada\r\nFN:Ada\r\nPHOTO;ENCODING=b;TYPE=JPEG:" + picture
                + "\r\nEND:VCARD\r\n";
        Files.writeString(folder.resolve("ada.vcf"), vcard);
        Path file = folder.resolve("book.vcf.single");
        Files.writeString(file, vcard);

        for (AddressBook book : List.of(new VdirAddressBook(folder), new VcardAddressBook(file, LATER))) {
            CanonicalCard before = requireNonNull(shown(book).get(new Uid("ada")));
            CanonicalCard after = made.get(1).card();
            assertThat(book.write(List.of(new Edit.Change(new Uid("ada"), before, after))))
                    .containsExactly(new Made(new Uid("ada"), Optional.of(after)));
        }

        for (Path each : List.of(folder.resolve("ada.vcf"), file)) {
            VCard kept = Ezvcard.parse(Files.readString(each)).first();
            assertThat(kept.getPhotos()).singleElement().satisfies(photo -> {
                assertThat(photo.getData()).hasSize(300 * 1024);
                assertThat(photo.getContentType()).isEqualTo(ImageType.JPEG);
            });
        }
    }

    @Test
    void filesWithOneUidAreAContactEach() throws IOException {
        Files.writeString(folder.resolve("a.vcf"), "BEGIN:VCARD\nVERSION:4.0\nUID:same\nFN:Ada\nEND:VCARD\n");
        Files.writeString(folder.resolve("b.vcf"), "BEGIN:VCARD\nVERSION:4.0\nUID:same\nFN:Grace\nEND:VCARD\n");

        eachFileIsAContact("a.vcf", "b.vcf");
    }

    @Test
    void filesWithOneNameAndNoUidAreAContactEach() throws IOException {
        Files.writeString(folder.resolve("a.vcf"), "BEGIN:VCARD\nVERSION:4.0\nFN:Max\nTEL:1\nEND:VCARD\n");
        Files.writeString(folder.resolve("b.vcf"), "BEGIN:VCARD\nVERSION:4.0\nFN:Max\nTEL:2\nEND:VCARD\n");

        eachFileIsAContact("a.vcf", "b.vcf");
    }

    private void eachFileIsAContact(String first, String second) throws IOException {
        Map<Uid, CanonicalCard> seen = shown(new VdirAddressBook(folder));
        assertThat(seen).hasSize(2);
        assertThat(shown(new VdirAddressBook(folder))).isEqualTo(seen); // under the same names
        for (Map.Entry<Uid, CanonicalCard> contact : seen.entrySet()) {
            CanonicalCard after = made.get(1).card();
            VdirAddressBook book = new VdirAddressBook(folder);
            assertThat(book.write(List.of(new Edit.Change(contact.getKey(), contact.getValue(), after))))
                    .containsExactly(new Made(contact.getKey(), Optional.of(after)));
            assertThat(shown(book)).hasSize(2).containsEntry(contact.getKey(), after);
        }
        Uid one = seen.keySet().iterator().next();
        new VdirAddressBook(folder)
                .write(List.of(new Edit.Remove(one, made.get(1).card())));
        assertThat(shown(new VdirAddressBook(folder))).hasSize(1).doesNotContainKey(one);
        assertThat(Files.exists(folder.resolve(first)) ^ Files.exists(folder.resolve(second)))
                .isTrue();
    }

    @Test
    void aFolderAndAFileSayWhichBookTheyAre() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        AddressBook book = new VdirAddressBook(folder);
        assertThat(book.identity()).isPresent().isEqualTo(new VdirAddressBook(folder).identity());
        assertThat(new VdirAddressBook(other).identity()).isPresent().isNotEqualTo(book.identity());
        AddressBook file = new VcardAddressBook(folder.resolve("book.vcf"));
        assertThat(file.identity())
                .isPresent()
                .isEqualTo(new VcardAddressBook(folder.resolve("book.vcf")).identity())
                .isNotEqualTo(book.identity());
    }

    @Test
    void aFileThatIsGoneIsNoEmptyBook() throws IOException {
        Path file = folder.resolve("book.vcf");
        VcardAddressBook book = new VcardAddressBook(file);
        book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
        String marker = book.changesSince(Optional.empty()).marker();
        Files.delete(file);

        assertThatThrownBy(() -> book.write(
                        List.of(new Edit.Add(new Uid("grace"), made.get(1).card()))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> book.changesSince(Optional.of(marker))).isInstanceOf(IOException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void whatAnotherProgramSavesAfterTheLookAtAFileIsKept() throws IOException {
        Path file = folder.resolve("book.vcf");
        Files.writeString(file, MadeBooks.vcards(1, 1));
        AtomicInteger looks = new AtomicInteger();
        InstantSource savesAtTheSecondLook = () -> {
            if (looks.incrementAndGet() == 2) {
                try {
                    Files.writeString(file, MadeBooks.vcards(1, 2));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return LATER.instant();
        };
        VcardAddressBook book = new VcardAddressBook(file, savesAtTheSecondLook.withZone(ZoneOffset.UTC));
        List<Edit> edits = List.of(new Edit.Add(new Uid("new"), made.get(2).card()));

        assertThatThrownBy(() -> book.write(edits))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("was changed meanwhile.");

        assertThat(shown(book)).hasSize(2);
        assertThat(book.write(edits)).allMatch(result -> result instanceof Made);
        assertThat(shown(book)).hasSize(3);
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

    @Test
    void whatTheBookHasWrittenItselfIsNoNews() throws Exception {
        for (AddressBook book :
                List.of(new VdirAddressBook(folder), new VcardAddressBook(folder.resolve("book.vcf.single"), LATER))) {
            AtomicInteger told = new AtomicInteger();
            try (AddressBook.Watch watch = book.watch(told::incrementAndGet)) {
                book.identity();
                book.write(List.of(new Edit.Add(new Uid("ada"), made.get(0).card())));
                book.write(List.of(new Edit.Remove(new Uid("ada"), made.get(0).card())));
                book.write(List.of(new Edit.Add(new Uid("grace"), made.get(1).card())));
                Thread.sleep(500); // the system tells within milliseconds
                assertThat(told).hasValue(0);

                Files.write(folder.resolve("grace.vcf"), MadeBooks.vcards(2, 1).getBytes(StandardCharsets.UTF_8));
                Files.write(
                        folder.resolve("book.vcf.single"),
                        MadeBooks.vcards(2, 1).getBytes(StandardCharsets.UTF_8));
                await().atMost(Duration.ofSeconds(60)).until(() -> told.get() > 0);
            }
        }
    }

    private static Map<Uid, CanonicalCard> shown(AddressBook book) throws IOException {
        return book.changesSince(Optional.empty()).contacts();
    }
}
