package io.planisphere.crash;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads the content of a tar. */
public final class TarContent {
    private TarContent() {}

    /** Returns the name and bytes of every file, in the order of the tar. */
    public static List<String> of(byte[] tar) throws IOException {
        List<String> files = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.add(entry.getName() + " " + HexFormat.of().formatHex(in.readAllBytes()));
            }
        }
        return files;
    }
}
