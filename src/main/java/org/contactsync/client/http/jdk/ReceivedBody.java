package org.contactsync.client.http.jdk;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.Receiver;
import org.jspecify.annotations.Nullable;

/** Hands a body on, piece by piece, for as long as the receiver wants more. */
final class ReceivedBody implements BodySubscriber<Head> {
    private final CompletableFuture<Head> result = new CompletableFuture<>();
    private final Head head;
    private final Receiver receiver;
    private @Nullable Subscription subscription;

    ReceivedBody(Head head, Receiver receiver) {
        this.head = head;
        this.receiver = receiver;
    }

    @Override
    public CompletionStage<Head> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        goOn(() -> receiver.begin(head));
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        if (!result.isDone()) {
            goOn(() -> items.stream().allMatch(this::take));
        }
    }

    private boolean take(ByteBuffer item) {
        byte[] part = new byte[item.remaining()];
        item.get(part);
        try {
            return receiver.take(part, part.length);
        } catch (IOException e) {
            result.completeExceptionally(e);
            return false;
        }
    }

    private interface Part {
        boolean isMoreWanted() throws IOException;
    }

    private void goOn(Part part) {
        boolean more = false;
        try {
            more = part.isMoreWanted();
        } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
        }
        Subscription current = subscription;
        if (more && current != null) {
            current.request(1);
        } else {
            result.complete(head); // unless it has failed
            if (current != null) {
                current.cancel();
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        result.complete(head);
    }
}
