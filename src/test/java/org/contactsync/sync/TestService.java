package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Applied;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.event.AnnouncedBooks;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.FeedRetention;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.step.Step.RunWaiting;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.contactsync.sync.task.GivenUpTasks;
import org.contactsync.sync.task.Receipts;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Next;
import org.contactsync.sync.task.Replies.Reply;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.waiting.WaitingTaskException;

/** The engine over a store, and around it what the queue does: a transaction for each part of a step, in order. */
public final class TestService {
    /** Small enough to be reached: 200 contacts and 4 MiB in a book, 4 tasks in a queue. The rest is the default. */
    static final Limits LIMITS = new Limits(
            1_000,
            4 * 1024 * 1024,
            500,
            1024 * 1024,
            200,
            1_000,
            4,
            Limits.DEFAULTS.queuedBytes(),
            4 * 1024 * 1024,
            Limits.DEFAULTS.queueAge(),
            Limits.DEFAULTS.waitDefault(),
            Limits.DEFAULTS.waitMost(),
            Limits.DEFAULTS.uploadLease(),
            Limits.DEFAULTS.taskRetention(),
            Limits.DEFAULTS.changesRetention(),
            Limits.DEFAULTS.historyRetention());

    final TestStore store;
    final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T12:00:00Z"));
    final BookReadings readings;
    private final Limits limits;
    private final Receipts receipts;

    /** What was announced, in order, also by a transaction that was rolled back then. */
    final List<BookEvent> events = new CopyOnWriteArrayList<>();

    private final SyncEngine engine;
    private final SharedCommits shared;
    final GivenUpTasks givenUp;
    private final FeedRetention feeds;

    TestService(TestStore store) {
        this(store, store.contacts());
    }

    /** With contacts that fail when the test wants it. */
    TestService(TestStore store, Contacts contacts) {
        this(store, contacts, LIMITS, new TestReceipts());
    }

    /** With limits of one's own and answers that are kept as the server keeps them. */
    public TestService(TestStore store, Limits limits, Receipts receipts) {
        this(store, store.contacts(), limits, receipts);
    }

    private TestService(TestStore store, Contacts contacts, Limits limits, Receipts receipts) {
        this.store = store;
        this.limits = limits;
        this.receipts = receipts;
        Books atTime = atTime(store.books(), contacts);
        engine = newEngine(atTime, contacts);
        shared = sharing(atTime, contacts);
        givenUp = new GivenUpTasks(
                new AnnouncedBooks(atTime(store.books(), contacts), events::addAll), store.tasks(), limits, receipts);
        feeds = new FeedRetention(store.books(), store.contacts(), store.feedMarks());
        readings = new TreeReader(store).readings();
    }

    /** An instance of the service with a clock of its own, as the server has it: the store's clock is what counts. */
    private TestService(TestStore store, Duration ahead) {
        this.store = store;
        limits = LIMITS;
        receipts = new TestReceipts();
        Instant now = store.inTransaction(() -> store.housekeeping().now());
        clock.pass(Duration.between(clock.instant(), now.plus(ahead)));
        engine = newEngine(store.books(), store.contacts());
        shared = sharing(store.books(), store.contacts());
        givenUp = new GivenUpTasks(store.books(), store.tasks(), limits, receipts);
        feeds = new FeedRetention(store.books(), store.contacts(), store.feedMarks());
        readings = new TreeReader(store).readings();
    }

    /** An instance whose own clock is ahead of the store's. */
    static TestService ahead(TestStore store, Duration ahead) {
        return new TestService(store, ahead);
    }

    /** Another engine over the same store. */
    SyncEngine engine(Books books, Contacts contacts) {
        return newEngine(atTime(books, contacts), contacts);
    }

    private SharedCommits sharing(Books books, Contacts contacts) {
        return new SharedCommits(engine, new AnnouncedBooks(books, events::addAll), contacts);
    }

    private SyncEngine newEngine(Books books, Contacts contacts) {
        return new SyncEngine(
                new AnnouncedBooks(books, events::addAll),
                contacts,
                store.tasks(),
                store.staging(),
                store.history(),
                new StepCodec(),
                limits,
                receipts);
    }

    /** Books that say the test's time instead of the store's, and look contacts up where the test wants it. */
    private Books atTime(Books books, Contacts contacts) {
        Optional<Contacts> looked = Optional.of(contacts).filter(each -> each != store.contacts());
        return new Books() {
            @Override
            public Locked lock(Owner owner) {
                return locked(books.lock(owner));
            }

            @Override
            public Locked lockNow(Owner owner, Wanted wanted) {
                return locked(books.lockNow(owner, wanted));
            }

            @Override
            public List<Optional<Locked>> lockFree(List<Claim> claims) {
                return books.lockFree(claims).stream()
                        .map(locked -> locked.map(this::locked))
                        .toList();
            }

            @Override
            public List<Optional<BookState>> applyAll(List<BookUpdate> updates) {
                return books.applyAll(updates);
            }

            private Locked locked(Locked locked) {
                BookState book = locked.book();
                return looked.isEmpty()
                        ? new TestLocked(locked, book, clock.instant())
                        : new TestLocked(
                                locked,
                                book,
                                clock.instant(),
                                uids -> looked.get().marks(book.id(), book.generation(), uids));
            }

            @Override
            public Optional<BookState> read(Owner owner) {
                return books.read(owner);
            }

            @Override
            public BookState apply(BookUpdate update) {
                return books.apply(update);
            }
        };
    }

    public TestStore store() {
        return store;
    }

    public BookReadings readings() {
        return readings;
    }

    public Instant now() {
        return clock.instant();
    }

    /** Lets time pass for the core. */
    public void pass(Duration time) {
        clock.pass(time);
    }

    TestDevice device(String name) {
        return new TestDevice(this, Examples.ADA, name);
    }

    TestDevice deviceOf(Owner owner, String name) {
        return new TestDevice(this, owner, name);
    }

    /** Delivers the message of a step; answers what goes out, in order. */
    public List<Reply> deliver(Step step) {
        return finish(step, store.inTransaction(() -> engine.runIfUnlocked(step)));
    }

    /** Delivers the messages of steps, of which the first one takes the others with it; answers what goes out, in order. */
    List<Reply> deliverTogether(List<ApplyChanges> steps) {
        List<Replies> ran = runTogether(steps);
        List<Reply> replies = new ArrayList<>();
        if (ran.size() == 1) {
            replies.addAll(finish(steps.get(0), ran.get(0)));
        } else {
            ran.forEach(each -> replies.addAll(each.replies()));
        }
        steps.subList(ran.size(), steps.size()).forEach(step -> replies.addAll(deliver(step)));
        return seen(replies);
    }

    /** In one transaction; what ran in it: nothing if a step behind the first one was known already. */
    List<Replies> runTogether(List<ApplyChanges> steps) {
        try {
            return store.inTransaction(() -> shared.runSeriesIfUnlocked(new Series(steps)));
        } catch (StaleBookException e) {
            return List.of();
        }
    }

    /**
     * Delivers the messages of steps of different owners that share a transaction; what goes out. Those of which nothing was done are
     * delivered alone.
     */
    List<Reply> deliverGroup(List<ApplyChanges> steps) {
        return finishGroup(steps, runGroup(steps));
    }

    /** In one transaction; what ran in it. */
    List<Optional<Replies>> runGroup(List<ApplyChanges> steps) {
        return store.inTransaction(() -> shared.runGroup(new Group(steps)));
    }

    /** In one transaction, which fails at its end. */
    void runGroupAndFail(List<ApplyChanges> steps) {
        store.inTransaction((Runnable) () -> {
            assertThat(shared.runGroup(new Group(steps))).allMatch(Optional::isPresent);
            throw new IllegalStateException("made to fail");
        });
    }

    /** What goes out of those that ran, and of the others, which are delivered alone. */
    List<Reply> finishGroup(List<ApplyChanges> steps, List<Optional<Replies>> ran) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            ApplyChanges step = steps.get(i);
            replies.addAll(ran.get(i).map(done -> finish(step, done)).orElseGet(() -> deliver(step)));
        }
        return replies;
    }

    private List<Reply> finish(Step step, Replies ran) {
        List<Reply> replies = new ArrayList<>();
        Replies result = ran;
        if (result.next() == Next.LONG) {
            result = store.inTransaction(() -> engine.run(step, false));
        }
        if (result.next() == Next.EARLIER_FIRST) {
            runWaiting(step.owner(), replies);
            result = store.inTransaction(() -> engine.run(step, true));
        }
        replies.addAll(result.replies());
        if (result.next() == Next.RUN_WAITING) {
            runWaiting(step.owner(), replies);
        }
        return seen(replies);
    }

    /** Delivers a step; what its own request is answered. */
    public Outcome answer(Step step) {
        return answerTo(step, deliver(step));
    }

    /** Ends an upload as the instance does that fills it, and runs what waited for it. */
    Outcome endUpload(Step upload, TaskState state, Problem why) {
        return endUpload(upload.head(), state, why);
    }

    /** The same, for an upload that is known by its head. */
    public Outcome endUpload(Head upload, TaskState state, Problem why) {
        Replies ended = store.inTransaction(() -> engine.endUpload(upload, state, new Refused(why)));
        List<Reply> replies = new ArrayList<>(ended.replies());
        if (ended.next() == Next.RUN_WAITING) {
            runWaiting(upload.owner(), replies);
        }
        return answerTo(upload.replyTo(), seen(replies));
    }

    /** The same, for an upload of which nobody knows whether it is open. */
    public Outcome endUnopened(Step.OpenUpload upload, TaskState state, Problem why) {
        Replies ended = store.inTransaction(() -> engine.endUnopened(upload, state, new Refused(why)));
        List<Reply> replies = new ArrayList<>(ended.replies());
        if (ended.next() == Next.RUN_WAITING) {
            runWaiting(upload.owner(), replies);
        }
        return answerTo(upload.head().replyTo(), seen(replies));
    }

    /** What the request's thread does when its wait has run out. */
    public Outcome park(ApplyChanges step) {
        return answerTo(step, parking(step));
    }

    /** The same, with what others are told. */
    List<Reply> parking(ApplyChanges step) {
        return seen(store.inTransaction(() -> engine.parkFromRequest(step)).replies());
    }

    /** Says of a waiting task of the owner that it threw. */
    List<Reply> countFailedAttempt(Owner owner, TaskId task) {
        return seen(store.inTransaction(() -> engine.countFailedAttempt(owner, task))
                .replies());
    }

    /** Sends a message for whatever is due. */
    public List<Reply> sweep() {
        List<Reply> replies = new ArrayList<>();
        List<Owner> due = store.inTransaction(
                () -> store.housekeeping().due(clock.instant(), clock.instant().plus(Duration.ofSeconds(15)), 100));
        for (Owner owner : due) {
            ReplyTo nobody = new ReplyTo("", new java.util.UUID(0, 0));
            replies.addAll(deliver(new RunWaiting(
                    new Head(owner, new TaskId(nobody.correlation()), Optional.empty(), clock.instant(), nobody))));
        }
        return replies;
    }

    /** Marks the feeds of all books, as they are now. */
    public void markFeeds() {
        store.inTransaction(() -> store.feedMarks().mark(0, 1_000, clock.instant(), Duration.ZERO));
    }

    /** Removes the tombstones that are older than they have to be kept, in steps of so many rows; how many steps. */
    public int shortenFeeds(int most) {
        int steps = 0;
        for (FeedMarks.Aged mark : store.inTransaction(
                () -> store.feedMarks().aged(clock.instant().minus(limits.changesRetention()), 1_000))) {
            Optional<FeedRetention.Place> place = Optional.empty();
            do {
                Optional<FeedRetention.Place> from = place;
                place = store.inTransaction(() -> feeds.step(mark, from, most));
                steps++;
            } while (place.isPresent() && steps < 1_000);
        }
        return steps;
    }

    public BookState book(Owner owner) {
        return store.inTransaction(() -> store.books().lock(owner).book());
    }

    public CheckCode code(Owner owner) {
        return BookReadings.checkCode(book(owner));
    }

    /** What a reader sees. */
    public Map<Uid, CanonicalCard> visible(Owner owner) {
        BookState book = book(owner);
        Map<Uid, CanonicalCard> visible = new TreeMap<>();
        RowPage.Bounds all = new RowPage.Bounds(Integer.MAX_VALUE, Long.MAX_VALUE);
        for (StoredContact contact : store.pages()
                .contacts(book.id(), book.generation(), Optional.empty(), all)
                .rows()) {
            visible.put(contact.uid(), contact.now().orElseThrow().card());
        }
        return visible;
    }

    Optional<SyncTask> task(TaskId id) {
        return store.tasks().find(id);
    }

    /** Asserts that nothing was changed for such a problem, and gives it. */
    static <P extends Problem> P refused(Outcome outcome, Class<P> problem) {
        assertThat(outcome).isInstanceOf(Refused.class);
        assertThat(((Refused) outcome).problem()).isInstanceOf(problem);
        return problem.cast(((Refused) outcome).problem());
    }

    /** Asserts that nothing was changed for a problem of that type, and gives it. */
    static Problem refused(Outcome outcome, ProblemType type) {
        Problem problem = refused(outcome, Problem.class);
        assertThat(problem.type()).isEqualTo(type);
        return problem;
    }

    /** Asserts that the task is done and gives its result. */
    static SyncResult done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Applied.class);
        return ((Applied) outcome).result();
    }

    private void runWaiting(Owner owner, List<Reply> replies) {
        for (int i = 0; i < 200; i++) {
            Replies result;
            try {
                result = store.inTransaction(() -> engine.runNextWaiting(owner));
            } catch (WaitingTaskException e) {
                result = store.inTransaction(() -> engine.countFailedAttempt(owner, e.task()));
            }
            replies.addAll(result.replies());
            if (result.next() != Next.RUN_WAITING) {
                return;
            }
        }
    }

    /** With what was kept as it was. */
    private List<Reply> seen(List<Reply> replies) {
        if (!(receipts instanceof TestReceipts)) {
            return replies;
        }
        return replies.stream()
                .map(reply -> new Reply(reply.to(), TestReceipts.seen(reply.outcome()), reply.parked()))
                .toList();
    }

    private static Outcome answerTo(Step step, List<Reply> replies) {
        return answerTo(step.head().replyTo(), replies);
    }

    private static Outcome answerTo(ReplyTo to, List<Reply> replies) {
        return replies.stream()
                .filter(reply -> reply.to().equals(to))
                .map(Reply::outcome)
                .findFirst()
                .orElseThrow();
    }
}
