/*
 * One user's group: what two consumers, a broker that may do anything with messages, requests whose wait runs out, the
 * sweeper, and faults can do to the rows of one book. README.md says what stands for what.
 *
 * Switches, all 1 by default; each 0 takes one protection away:
 *   LOCK      a transaction locks the book's row before it reads it
 *   REVISION  the book's row is written only if its revision is the one that was read
 *   RECEIPT   a task's row is looked up first, and its id is a primary key
 *   SWEEPER   tasks that wait without a message are sent one
 *   PARKING   a wait may run out, and the request then parks its task
 *   FREE      steps share a transaction only while nothing waits before them and no upload has the hold
 *   SECOND    a step that was taken along writes its own receipt
 * SHARE 1 (the default) lets a step take along another one of its user. GROUP 1 lets it share a transaction with steps of
 * other users. UPLOAD 1 adds an upload that takes the hold. FAULTS bounds how many faults happen.
 */
#ifndef LOCK
#define LOCK 1
#endif
#ifndef REVISION
#define REVISION 1
#endif
#ifndef RECEIPT
#define RECEIPT 1
#endif
#ifndef SWEEPER
#define SWEEPER 1
#endif
#ifndef PARKING
#define PARKING 1
#endif
#ifndef FREE
#define FREE 1
#endif
#ifndef SECOND
#define SECOND 1
#endif
#ifndef SHARE
#define SHARE 1
#endif
#ifndef GROUP
#define GROUP 0
#endif
#ifndef UPLOAD
#define UPLOAD 0
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef PHONE
#define PHONE 1
#endif
#ifndef TABLET
#define TABLET 1
#endif

#define TASKS (PHONE + TABLET) /* 0 .. PHONE-1: the phone's, one after the other; PHONE: the tablet's, if it has one */
#define WAKE 7  /* messages besides tasks: the sweeper's, and the two of an upload */
#define CHUNK 8
#define SWITCH 9
#define NOBODY 9
#define ROOM (TASKS + 3)
#define NONE TASKS /* no task */

#define LEADER 4 /* sessions of the database: 0 and 1 the consumers', 2 and 3 the requests', this one another user's */
#define SESSIONS (4 + GROUP)

#define ABSENT 0 /* states of a task's row */
#define WAITING 1
#define DONE 2

#define OK 1 /* answers: 200, 202, 503 or a refusal that says "later" */
#define ACCEPTED 2
#define LATER 3

#define KNOWN 1 /* what a transaction has decided to do */
#define PARKED 2
#define EARLIER 3
#define NOTHING 4
#define REFUSE 5
#define APPLY 6 /* from here on it writes the book's row */
#define PARK 7
#define HOLD 8
#define REPLACE 9
#define EXPIRE 10

/* the database: the book's row, the tasks' rows, who has the row's lock, whose session is dead */
byte book, staged, seq, applied;
bit hold, leaseOver;
byte uploadState;
byte state[TASKS + 1], stamp[TASKS + 1]; /* the last is nobody's */
byte lock = NOBODY;
bit dead[SESSIONS];
bit reading[SESSIONS], moved[SESSIONS]; /* who is between reading and writing; whose book's revision is not the one that was read */

/* the broker: what waits in the group, and the one message that a consumer has and has not acknowledged */
chan group = [ROOM] of { byte };
byte holder = NOBODY, heldWhat;

byte answer[TASKS + 2]; /* to the request that waits for the task; the last two: to an upload's chunk and commit */
byte faults = FAULTS;

#define ASKED 4 /* a request waits for this answer; one that has gone is not told */

/* the memory of an instance: which messages have nothing to do any more, because their steps were taken along */
bit hasRun[TASKS + 1];

/* a step that waits until another user's session takes it into its transaction; both are threads of one process */
#define WAITS 1
#define TAKEN 2
#define RAN 3
#define LEFT 4 /* nothing of it was done: left out, or all was rolled back */
#define GONE 5 /* the process has ended, and the session that leads has not noticed */
byte turn, offered;

#define BIT(t) (1 << (t))

/* ---- transactions ---- */

inline check() {
  /* exactly once, no gap, nothing lost: the sequence counts the tasks that are done, and each is in the book */
  assert(seq == applied);
  i = 0;
  do
  :: i < TASKS -> assert(state[i] != DONE || (book & BIT(i))); i++
  :: else -> break
  od;
  assert(uploadState != DONE || (book & BIT(TASKS)));
  i = 0
}

inline begin() {
  LOCK == 0 || lock == NOBODY;
  if
  :: LOCK -> lock = me
  :: else
  fi;
  dead[me] = 0;
  rBook = book; rSeq = seq; more = 0; stale = 0; reading[me] = 1; moved[me] = 0;
  printf("%d reads: seq %d, book %d\n", me, seq, book)
}

inline finish() {
  rBook = 0; rSeq = 0; rState = 0; first = 0; target = 0;
  reading[me] = 0; moved[me] = 0; dead[me] = 0;
  release()
}

inline release() {
  if
  :: LOCK && lock == me -> lock = NOBODY
  :: else
  fi
}

/* first: of the waiting tasks other than t the one with the lowest stamp, or TASKS */
inline firstWaiting(t) {
  first = TASKS; i = 0;
  do
  :: i < TASKS ->
     if
     :: i != t && state[i] == WAITING && (first == TASKS || stamp[i] < stamp[first]) -> first = i
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

/* the highest stamp of the tasks that wait, in x */
inline newest() {
  x = 0; i = 0;
  do
  :: i < TASKS ->
     if
     :: state[i] == WAITING && stamp[i] > x -> x = stamp[i]
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

/* TaskQueue.run */
inline decideTask(t) {
  target = t; firstWaiting(t); rState = state[t];
  if
  :: RECEIPT && state[t] == DONE -> act = KNOWN
  :: else ->
     if
     :: hold && leaseOver -> act = EXPIRE
     :: hold && !leaseOver && state[t] == WAITING -> act = PARKED
     :: hold && !leaseOver && state[t] != WAITING -> act = PARK
     /* without a row it is younger than all that wait */
     :: !hold && state[t] != WAITING && first < TASKS && !tried -> act = EARLIER
     :: !hold && state[t] != WAITING && first < TASKS && tried -> act = PARK
     :: !hold && state[t] != WAITING && first == TASKS -> act = APPLY
     :: !hold && state[t] == WAITING && first < TASKS && stamp[first] < stamp[t] -> act = PARKED; more = 1
     :: !hold && state[t] == WAITING && !(first < TASKS && stamp[first] < stamp[t]) -> act = APPLY
     :: !hold && state[t] == WAITING -> act = PARKED /* another request of the same key: 409, nothing is run */
     fi
  fi
}

/* Nothing is in the way of the step: SharedCommits.isFree */
#define IS_FREE (act == APPLY && rState != WAITING && first == TASKS && !hold)

/* SentSteps.take: it may go on with another step whose request waits */
inline takeAlong() {
  with = NONE; i = 0;
  if
  :: SHARE && !alone && !rolledBack && !tried && (IS_FREE || !FREE && act == APPLY) ->
     do
     :: i < TASKS && i != m && answer[i] == ASKED -> with = i; break
     :: i < TASKS -> i++
     :: i == TASKS -> break
     od
  :: else
  fi;
  i = 0
}

/* Uploads.put, Uploads.commit */
inline decideUpload(what) {
  target = TASKS; firstWaiting(TASKS);
  if
  :: hold && leaseOver -> act = EXPIRE
  :: else ->
     if
     :: what == CHUNK && hold -> act = KNOWN
     :: what == CHUNK && !hold && uploadState == ABSENT && first == TASKS -> act = HOLD
     :: what == SWITCH && uploadState == DONE -> act = KNOWN
     :: what == SWITCH && hold -> act = REPLACE
     :: else -> act = REFUSE
     fi
  fi
}

/* TaskQueue.runNextWaiting */
inline decideWaiting() {
  firstWaiting(TASKS);
  if
  :: hold && leaseOver -> act = EXPIRE
  :: hold && !leaseOver || first == TASKS -> act = NOTHING
  :: !hold && first < TASKS -> target = first; rState = WAITING; act = APPLY
  fi
}

/* A transaction that only reads ends here; the lock goes with it. */
inline decided() {
  if
  :: act < APPLY -> finish()
  :: else
  fi;
  ok = 1
}

/* a row that is to be new is there already: for the task itself, or for the one that was taken along */
#define KEY_EXISTS (RECEIPT && (act == APPLY || act == PARK) && \
  (rState == ABSENT && state[target] != ABSENT || with != NONE && state[with] != ABSENT))

/* One change on the book as the one before has left it, with its own number and receipt. */
inline apply(t) {
  /* in order: nobody who was accepted earlier still waits, and no upload is in the middle */
  firstWaiting(t);
  assert(first == TASKS || stamp[first] > stamp[t] && state[t] == WAITING);
  assert(!hold);
  assert(state[t] != DONE && !(book & BIT(t)));
  assert(t == 0 || t == PHONE || state[t - 1] == DONE);
  rBook = rBook | BIT(t); rSeq++; applied++;
  if
  :: SECOND || t == target -> state[t] = DONE; stamp[t] = 0
  :: else
  fi;
  printf("%d applies %d\n", me, t)
}

inline commit() {
  if
  :: dead[me] -> ok = 0 /* the session was ended under it */
  :: !dead[me] && (REVISION && moved[me] || KEY_EXISTS) -> ok = 0; stale = 1 /* zero rows, primary key: rolled back */
  :: else ->
     ok = 1;
     do
     :: i < SESSIONS ->
        if
        :: i != me && reading[i] -> moved[i] = 1
        :: else
        fi;
        i++
     :: else -> break
     od;
     i = 0;
     if
     :: act == APPLY ->
        printf("%d writes what it makes of its reading with %d\n", me, target);
        apply(target);
        if
        :: with != NONE -> apply(with)
        :: else
        fi;
        book = rBook; seq = rSeq
     :: act == PARK -> state[target] = WAITING; newest(); stamp[target] = x + 1; x = 0; printf("%d parks %d\n", me, target)
     :: act == HOLD -> hold = 1; staged = rBook; printf("%d takes the hold for %d\n", me, target)
     :: act == REPLACE ->
        printf("%d commits %d\n", me, target);
        /* exclusion: nothing has changed the book between the first chunk and the commit */
        assert(book == staged && hold);
        book = staged | BIT(TASKS); seq = rSeq + 1; applied++;
        hold = 0; uploadState = DONE; staged = 0
     :: act == EXPIRE -> hold = 0; leaseOver = 0; uploadState = WAITING; staged = 0
     fi;
     check()
  fi;
  firstWaiting(TASKS); more = first < TASKS && !hold;
  finish()
}

/* ---- the broker ---- */

inline putBack(what) {
  n = len(group);
  group!what;
  do
  :: n > 0 -> group?x; group!x; n--
  :: else -> break
  od;
  x = 0
}

active proctype Faults() {
  byte n, x;
end:
  do
  /* it takes a living consumer for dead: another gets the same message while the first still works */
  :: atomic { faults > 0 && holder != NOBODY ->
       faults--; printf("the broker gives up on %d, which lives, and puts message %d back\n", holder, heldWhat);
       putBack(heldWhat); holder = NOBODY; heldWhat = 0 }
  /* it loses all it has */
  :: atomic { faults > 0 && (len(group) > 0 || holder != NOBODY) ->
       faults--; printf("the broker loses all it has\n"); holder = NOBODY; heldWhat = 0;
       do
       :: len(group) > 0 -> group?x
       :: else -> break
       od;
       x = 0 }
  /* it delivers its first message once more, late and out of order */
  :: atomic { faults > 0 && nempty(group) && nfull(group) -> faults--; group?<x>; group!x; x = 0 }
  /* the database ends the session of one who has the lock and does not move */
  :: atomic { LOCK && faults > 0 && lock != NOBODY -> faults--; dead[lock] = 1; lock = NOBODY }
  od
}

/* ---- the consumers ---- */

inline tell(t, what) {
  if
  :: answer[t] == ASKED -> answer[t] = what
  :: else
  fi
}

inline reply(what) {
  if
  :: m < TASKS -> tell(m, what)
  :: m == CHUNK -> tell(TASKS, what)
  :: m == SWITCH -> tell(TASKS + 1, what)
  :: else
  fi
}

inline forget() {
  m = 0; act = 0; ok = 0; tried = 0; more = 0; again = 0; alone = 0; rolledBack = 0; stale = 0; with = NONE
}

/* StepRunner.runTogether: a step whose series was rolled back takes nobody along any more, but steps of other users may share its transaction */
inline withoutSecond() {
  if
  :: GROUP && with != NONE -> rolledBack = 1
  :: else -> alone = 1
  fi;
  with = NONE
}

/*
 * The process ends here and is started again: its session ends, its message comes again. With it ends the request whose step was
 * taken along, and what the process remembers of it: the client repeats it.
 */
#define CRASH \
  faults--; finish(); printf("%d crashes\n", me); \
  if \
  :: holder == me -> putBack(m); holder = NOBODY; heldWhat = 0 \
  :: else \
  fi; \
  if \
  :: with != NONE -> hasRun[with] = 0; tell(with, LATER) \
  :: else \
  fi; \
  forget(); goto end_idle

#define MAY_CRASH \
  if \
  :: skip \
  :: atomic { faults > 0 -> CRASH } \
  fi

proctype Consumer(byte me) {
  byte m, act, target, first, rBook, rSeq, rState, i, n, x, with = NONE;
  bit ok, tried, more, again, alone, rolledBack, stale;
end_idle:
  atomic {
    holder == NOBODY && nempty(group) -> group?m; holder = me; heldWhat = m; printf("%d gets message %d\n", me, m)
  }
  if
  :: m == WAKE -> goto waiting
  :: else
  fi;
step:
  atomic {
    if
    /* unless the instance has forgotten, or it was another instance */
    :: m < TASKS && !alone && !rolledBack && !tried && hasRun[m] -> hasRun[m] = 0; printf("%d knows that %d has run\n", me, m); goto acknowledge
    :: GROUP && m < TASKS && !alone && !tried && turn == 0 -> turn = WAITS; offered = m; goto member
    :: LOCK == 0 || lock == NOBODY /* as begin(); a transaction is free */
    fi;
    begin();
    if
    :: m < TASKS -> decideTask(m); takeAlong()
    :: else -> decideUpload(m)
    fi;
    decided()
  }
  if
  :: act >= APPLY ->
     MAY_CRASH;
     atomic {
       if
       :: commit()
       /* it is rolled back for the fault of a step that shares it */
       :: (GROUP || with != NONE) && act == APPLY && m < TASKS && !alone -> finish(); withoutSecond(); goto step
       fi
     }
  :: else
  fi;
  if
  :: !ok && stale && with != NONE -> atomic { withoutSecond(); goto step }
  :: !ok && !(stale && with != NONE) -> reply(LATER); goto acknowledge
  :: ok && act == EXPIRE -> goto step
  :: ok && act == EARLIER -> again = 1; goto waiting
  :: else
  fi;
committed:
  MAY_CRASH;
  atomic {
    alone = 0; rolledBack = 0;
    if
    :: with != NONE -> hasRun[with] = 1
    :: else
    fi;
    if
    :: act == PARK || act == PARKED -> reply(ACCEPTED)
    :: act == REFUSE -> reply(LATER)
    :: else -> reply(OK)
    fi;
    if
    :: with != NONE -> goto second
    :: with == NONE && more -> skip
    :: else -> goto acknowledge
    fi
  }
waiting:
  atomic { begin(); decideWaiting(); decided() }
  if
  :: act >= APPLY -> MAY_CRASH; atomic { commit() }
  :: else -> more = 0
  fi;
  atomic {
    if
    :: ok && (more || act == EXPIRE) -> goto waiting
    :: !ok || !(more || act == EXPIRE) -> skip
    fi;
    if
    :: again && ok -> again = 0; tried = 1; goto step
    :: again && !ok -> reply(LATER)
    :: else
    fi
  }
acknowledge:
  MAY_CRASH;
  atomic {
    if
    :: holder == me -> holder = NOBODY; heldWhat = 0
    :: else /* the broker has given it to another one; nobody hears this */
    fi;
    forget(); goto end_idle
  }
second:
  MAY_CRASH;
  atomic {
    tell(with, OK); with = NONE;
    if
    :: more -> goto waiting
    :: else -> goto acknowledge
    fi
  }
member: /* CommitGroups.await */
  if
  :: atomic { turn == WAITS -> turn = 0; offered = 0; alone = 1; goto step } /* it has waited long enough */
  :: atomic { turn == RAN -> turn = 0; act = APPLY; ok = 1; goto committed }
  :: atomic { turn == LEFT -> turn = 0; alone = 1; goto step }
  :: atomic { faults > 0 -> /* the session that leads ends with the process */
       if
       :: turn == TAKEN -> turn = GONE; dead[SESSIONS - 1] = 1
       :: else -> turn = 0; offered = 0
       fi;
       if
       :: lock == LEADER -> lock = NOBODY
       :: else
       fi;
       CRASH }
  fi
}

/* CommitGroups.lead in a session of another user. Of its own step only this much is here: all may be rolled back for it. */
proctype Leader(byte me) {
  byte m, act, target, first, rBook, rSeq, rState, i, x, with = NONE;
  bit ok, tried, more, stale;
end:
  atomic {
    turn == WAITS -> m = offered; offered = 0;
    if
    :: LOCK && lock != NOBODY -> turn = LEFT; m = 0; goto end /* SKIP LOCKED */
    :: else
    fi;
    turn = TAKEN;
    begin(); decideTask(m);
    if
    :: IS_FREE
    :: !FREE && rState == ABSENT -> act = APPLY
    :: act = NOTHING /* left out: it is not its turn, or it is no usual step */
    fi
  }
  atomic {
    if
    :: turn == TAKEN && act == APPLY -> commit()
    :: turn == GONE || act != APPLY -> finish(); ok = 0
    :: turn == TAKEN && act == APPLY -> finish(); ok = 0 /* rolled back for another user's step */
    fi
  }
  atomic {
    if
    :: turn == TAKEN && ok -> turn = RAN
    :: turn == TAKEN && !ok -> turn = LEFT
    :: turn == GONE -> turn = 0
    fi;
    m = 0; act = 0; ok = 0; more = 0; stale = 0; goto end
  }
}

/* ---- the requests ---- */

proctype Device(byte me; byte task; byte last) {
  byte act, target, first, rBook, rSeq, rState, i, x, with = NONE;
  bit ok, tried, more, stale;
send:
  atomic {
    answer[task] = ASKED; hasRun[task] = 0; /* a new request */
    if
    :: nfull(group) -> group!task; printf("%d sends task %d\n", me, task)
    :: faults > 0 -> faults-- /* lost, or the process ends after it has read the request and before it sends */
    fi
  }
end_wait: /* with PARKING 0 an answer may never come */
  if
  :: atomic { answer[task] == OK -> assert(state[task] == DONE && (book & BIT(task))) }
  :: atomic { answer[task] == ACCEPTED -> assert(state[task] != ABSENT) }
  :: answer[task] == LATER -> goto send
  :: atomic { faults > 0 -> faults--; goto send } /* the process ends: the client repeats with the same key */
  :: /* the wait runs out: parkFromRequest */
     atomic {
       PARKING && answer[task] == ASKED;
       begin(); target = task; rState = state[task];
       if
       :: state[task] == ABSENT || RECEIPT == 0 && state[task] == DONE -> act = PARK
       :: else -> act = KNOWN
       fi;
       decided()
     }
     if
     :: act == PARK -> atomic { commit() }
     :: else
     fi;
     act = 0; stale = 0;
     if
     :: !ok -> goto send
     :: else -> assert(state[task] != ABSENT); ok = 0
     fi
  fi;
  atomic {
    answer[task] = 0; more = 0;
    if
    :: task < last -> task++; goto send
    :: else
    fi
  }
}

proctype Uploader() {
chunk:
  atomic { answer[TASKS] = ASKED; nfull(group) && !(group??[CHUNK]) -> group!CHUNK }
  if
  :: answer[TASKS] == OK
  :: answer[TASKS] == LATER -> goto chunk
  :: answer[TASKS] == LATER -> goto over
  :: atomic { faults > 0 -> faults--; goto chunk }
  :: atomic { !(group??[CHUNK]) && heldWhat != CHUNK -> goto chunk } /* no answer came */
  fi;
  answer[TASKS] = 0;
  if
  :: skip
  :: goto over /* never heard of again: the lease runs out */
  fi;
switch:
  atomic { answer[TASKS + 1] = ASKED; nfull(group) && !(group??[SWITCH]) -> group!SWITCH }
  if
  :: atomic { answer[TASKS + 1] == OK -> assert(uploadState == DONE && (book & BIT(TASKS))) }
  :: answer[TASKS + 1] == LATER
  :: atomic { !(group??[SWITCH]) && heldWhat != SWITCH -> goto switch }
  fi;
over:
  answer[TASKS] = 0; answer[TASKS + 1] = 0
}

proctype Lease() {
end:
  do
  :: atomic { hold && !leaseOver -> leaseOver = 1 }
  od
}

proctype Sweeper() {
  byte first, i;
end:
  do
  :: atomic {
       (hold && leaseOver || state[0] == WAITING || state[1] == WAITING || state[TASKS - 1] == WAITING) && !(group??[WAKE]) && heldWhat != WAKE && nfull(group) -> group!WAKE }
  od
}

/* When nobody has anything to do any more, nothing that was accepted is left. */
active proctype AtRest() {
end_rest:
  PARKING && timeout;
  assert(state[0] == DONE && state[PHONE - 1] == DONE && state[TASKS - 1] == DONE);
  assert(!hold && lock == NOBODY && turn == 0)
}

init {
  atomic {
    run Consumer(0); run Consumer(1);
    run Device(2, 0, PHONE - 1);
    if
    :: TABLET -> run Device(3, PHONE, PHONE)
    :: else
    fi;
    if
    :: SWEEPER -> run Sweeper()
    :: else
    fi;
    if
    :: UPLOAD -> run Uploader(); run Lease()
    :: else
    fi;
    if
    :: GROUP -> run Leader(LEADER)
    :: else
    fi
  }
}

#ifdef LIVENESS
ltl eventually { <> (state[0] == DONE && state[PHONE - 1] == DONE && state[TASKS - 1] == DONE) }
#endif
