package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.PhotoBytes;
import io.planisphere.image.Status;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one WebDataset shard: adjacent entries with the same key. Holds one sample at a time; a sample whose photos
 * exceed 64 MiB is returned in parts of at least two photos, each with the sidecars read so far.
 *
 * <p>A truncated or damaged shard yields its readable photos and, last, one rejected row with the position where reading ended;
 * that row's {@code uri} is the shard's own. Only a failure of the storage is thrown, as {@link java.io.UncheckedIOException}.
 */
public final class WebDatasetSamples implements Iterator<Sample>, Closeable {
    private static final long MAX_HELD_BYTES = 64 << 20;
    private static final long MAX_SIDECAR_BYTES = 1 << 20;

    private final TarEntries tar;
    private final String shardUri;
    private final long maxImageBytes;
    private final Content content;
    private final SampleOptOut optOut;
    private final ShardNames names;
    private ShardTally tally = ShardTally.NONE;
    private @Nullable Member ahead;
    private @Nullable Sample ready;
    private String unfinishedKey = "";
    private boolean ended;

    /** A file of the shard that belongs to a sample. */
    private record Member(TarArchiveEntry entry, MediaType type, String key, String field) {}

    /**
     * @param in the shard's bytes, plain or gzipped; closed with this reader
     * @param maxImageBytes photos over it become {@link Status#TOO_LARGE} rows without being read
     */
    public WebDatasetSamples(InputStream in, String shardUri, long maxImageBytes, Content content) throws IOException {
        this(in, shardUri, maxImageBytes, content, SampleOptOut.none());
    }

    private WebDatasetSamples(InputStream in, String shardUri, long maxImageBytes, Content content, SampleOptOut optOut)
            throws IOException {
        this.tar = new TarEntries(in);
        this.shardUri = shardUri;
        this.names = new ShardNames(shardUri);
        this.maxImageBytes = Math.min(maxImageBytes, Integer.MAX_VALUE - 8);
        this.content = content;
        this.optOut = optOut;
    }

    /**
     * Opens the shard at {@code shardUri} on its Hadoop file system.
     *
     * @param optOut photos that are listed, by the sample's key, their path in the tar, or the ids in the sample's JSON, become
     *     {@link Status#OPTED_OUT} rows; such photos that precede their JSON are read, but not returned
     */
    public static WebDatasetSamples open(
            String shardUri, long maxImageBytes, Content content, OptOut optOut, Configuration hadoop)
            throws IOException {
        SampleOptOut watch = new SampleOptOut(
                optOut,
                () -> new WebDatasetSamples(
                        ShardSource.stored(shardUri, hadoop), shardUri, maxImageBytes, Content.SIDECARS));
        return new WebDatasetSamples(ShardSource.stored(shardUri, hadoop), shardUri, maxImageBytes, content, watch);
    }

    /** Returns the counts so far; complete when there is no next sample. */
    public ShardTally tally() {
        return tally;
    }

    @Override
    public boolean hasNext() {
        while (ready == null && !ended) {
            Sample sample = read();
            if (!sample.rows().isEmpty()) {
                ready = sample;
            }
        }
        return ready != null;
    }

    @Override
    public Sample next() {
        if (!hasNext() || ready == null) {
            throw new NoSuchElementException();
        }
        Sample next = ready;
        ready = null;
        return next;
    }

    private Sample read() {
        if (ahead == null) {
            ahead = advance();
        }
        if (ahead == null) {
            return end();
        }
        String key = ahead.key();
        boolean part = key.equals(unfinishedKey);
        unfinishedKey = "";
        if (!part) {
            optOut.begin(key);
        }
        List<Member> photos = new ArrayList<>();
        List<EncodedImage> images = new ArrayList<>();
        Map<String, byte[]> sidecars = new HashMap<>();
        Set<String> fields = new TreeSet<>();
        long held = 0;
        boolean videos = false;
        while (ahead != null && ahead.key().equals(key) && tar.damage() == null) {
            if (held > MAX_HELD_BYTES && images.size() >= 2) {
                unfinishedKey = key;
                if (!part) {
                    optOut.lookAhead();
                }
                break;
            }
            Member member = ahead;
            fields.add(member.field());
            switch (member.type()) {
                case PHOTO -> {
                    boolean listed = optOut.lists(member.entry().getName(), member.field());
                    EncodedImage image = image(member, content.photos() && !listed);
                    if (image != null) {
                        photos.add(member);
                        images.add(listed ? optedOut(image) : image);
                        held += image instanceof EncodedImage.Ok ok
                                ? ok.content().length()
                                : 0;
                    }
                }
                case VIDEO -> {
                    videos = true;
                    tally = tally.plus(new ShardTally(0, 0, 1, 0));
                }
                case OTHER, HIDDEN -> sidecar(member, sidecars);
            }
            ahead = advance();
        }
        tally = tally.plus(new ShardTally(images.size(), 0, 0, 0));
        if (part || !unfinishedKey.isEmpty() || images.size() > 1) {
            for (int i = 0; i < images.size(); i++) {
                images.set(i, renamed(images.get(i), key + "." + photos.get(i).field()));
            }
        } else if (images.isEmpty() && !videos && tar.damage() == null) {
            tally = tally.plus(new ShardTally(0, 1, 0, 0));
            images.add(new EncodedImage.Rejected(
                    key,
                    names.unique(key),
                    Status.MISSING,
                    "The sample holds no photo, only " + String.join(", ", fields)));
        }
        if (optOut.isListed()) {
            images.replaceAll(WebDatasetSamples::optedOut);
        }
        return new Sample(key, images, sidecars);
    }

    /** Returns the next entry that is part of a sample. */
    private @Nullable Member advance() {
        for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
            String path = entry.getName();
            String name = MediaType.baseName(path);
            boolean member = !entry.isDirectory() && !name.isEmpty();
            boolean note = name.startsWith("__") && name.endsWith("__"); // WebDataset's own metadata of a shard
            MediaType type = MediaType.of(path);
            if (member && !note && type != MediaType.HIDDEN) {
                int dot = name.indexOf('.');
                int keyEnd = dot < 0 ? path.length() : path.length() - name.length() + dot;
                String field = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
                return new Member(entry, type, path.substring(0, keyEnd), field);
            }
        }
        return null;
    }

    private @Nullable EncodedImage image(Member member, boolean read) {
        TarArchiveEntry entry = member.entry();
        if (entry.isLink() || entry.isSymbolicLink()) {
            return new EncodedImage.Rejected(
                    member.key(),
                    names.unique(entry.getName()),
                    Status.UNSUPPORTED,
                    "The entry is a link to " + entry.getLinkName() + "; store the photo itself (tar --dereference "
                            + "--hard-dereference)");
        }
        long bytes = TarEntries.size(entry);
        if (bytes > maxImageBytes) {
            return new EncodedImage.Rejected(
                    member.key(),
                    names.unique(entry.getName()),
                    Status.TOO_LARGE,
                    FetchLimits.exceeded(bytes + " bytes", maxImageBytes));
        }
        PhotoBytes photo = read ? tar.photo(entry) : tar.pass() ? PhotoBytes.none() : null;
        return photo == null ? null : new EncodedImage.Ok(member.key(), names.unique(entry.getName()), photo);
    }

    private static EncodedImage optedOut(EncodedImage image) {
        return new EncodedImage.Rejected(image.id(), image.uri(), Status.OPTED_OUT, OptOut.DETAIL);
    }

    private void sidecar(Member member, Map<String, byte[]> sidecars) {
        TarArchiveEntry entry = member.entry();
        boolean asked = optOut.asksFor(member.field());
        if ((content.sidecars() || asked) && TarEntries.size(entry) <= MAX_SIDECAR_BYTES) {
            byte[] bytes = tar.content(entry);
            if (bytes != null && content.sidecars()) {
                sidecars.put(member.field(), bytes);
            }
            if (bytes != null && asked) {
                optOut.read(bytes);
            }
        }
    }

    private Sample end() {
        ended = true;
        TarEntries.Damage damage = tar.damage();
        if (damage == null) {
            return new Sample("", List.of(), Map.of());
        }
        tally = tally.plus(new ShardTally(0, 0, 0, 1));
        String name = MediaType.baseName(shardUri);
        return new Sample(
                name, List.of(new EncodedImage.Rejected(name, shardUri, damage.why(), damage.detail())), Map.of());
    }

    private static EncodedImage renamed(EncodedImage image, String id) {
        if (image instanceof EncodedImage.Ok ok) {
            return new EncodedImage.Ok(id, ok.uri(), ok.content(), ok.metadata());
        }
        EncodedImage.Rejected rejected = (EncodedImage.Rejected) image;
        return new EncodedImage.Rejected(id, rejected.uri(), rejected.why(), rejected.detail());
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
