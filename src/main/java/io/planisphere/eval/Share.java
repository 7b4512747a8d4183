package io.planisphere.eval;

import java.util.List;
import java.util.function.IntPredicate;

/** Computes shares of photos, resampled by user. */
final class Share {
    private Share() {}

    /**
     * Returns the share of these photos for which {@code holds} is true; without an interval if there are too few users.
     *
     * @param photos positions in {@code users}, at least one
     */
    static Estimate of(int[] photos, IntPredicate holds, int[] users) {
        int[] user = Users.numbered(Select.from(users, photos));
        int[] all = new int[Users.count(user)];
        int[] hits = new int[all.length];
        for (int i = 0; i < photos.length; i++) {
            all[user[i]]++;
            hits[user[i]] += holds.test(photos[i]) ? 1 : 0;
        }
        List<Estimate> share = UserBootstrap.estimatesIfEnough(all.length, draws -> {
            long drawn = 0;
            long drawnHits = 0;
            for (int i = 0; i < draws.length; i++) {
                drawn += (long) draws[i] * all[i];
                drawnHits += (long) draws[i] * hits[i];
            }
            return new double[] {(double) drawnHits / drawn};
        });
        return share.get(0);
    }
}
