package io.planisphere.source;

import java.util.HashMap;
import java.util.Map;

/** Makes the uris of photos in one shard: the shard's uri, a {@code #}, and the photo's name; a repeated name gets {@code @2}. */
final class ShardNames {
    private final String shardUri;
    private final Map<String, Integer> copies = new HashMap<>();

    ShardNames(String shardUri) {
        this.shardUri = shardUri;
    }

    String unique(String name) {
        int copy = copies.merge(name, 1, Integer::sum);
        return copy == 1 ? shardUri + "#" + name : unique(name + "@" + copy);
    }
}
