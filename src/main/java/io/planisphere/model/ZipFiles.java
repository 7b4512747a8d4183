package io.planisphere.model;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** A package in a zip file. Nothing is unpacked to disk; a single folder around the files is ignored. */
final class ZipFiles {
    /** Folder that macOS adds to zip files; never part of a package. */
    private static final String MAC_FOLDER = "__MACOSX/";

    private ZipFiles() {}

    static FileSource read(InputStream in, long maxBytes) throws IOException {
        Map<String, byte[]> entries;
        try {
            entries = entries(new ZipInputStream(in), maxBytes);
        } catch (ZipException | EOFException e) {
            throw new PackageProblem("the zip is damaged (" + e.getMessage() + "); pack it again", e);
        } catch (IllegalArgumentException e) { // thrown for undecodable file names; the message has only offsets
            throw new PackageProblem("the zip holds a name that is not UTF-8; pack it again with plain names", e);
        }
        if (entries.isEmpty()) {
            throw new PackageProblem("it is a file, but no zip with files in it; give a directory or a zip");
        }
        String folder = commonFolder(entries.keySet());
        return (name, limit) -> Optional.ofNullable(entries.get(folder + name));
    }

    private static Map<String, byte[]> entries(ZipInputStream zip, long maxBytes) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        long left = maxBytes;
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String name = FileSource.checkName(entry.getName(), "the zip");
            if (entry.isDirectory() || name.startsWith(MAC_FOLDER)) {
                continue;
            }
            byte[] bytes = FileSource.bounded(zip, name, left);
            left -= bytes.length;
            if (entries.put(name, bytes) != null) {
                throw new PackageProblem("the zip holds " + name + " twice; pack it again");
            }
        }
        return entries;
    }

    /** Returns "name/" if all files are below that one folder, otherwise an empty string. */
    private static String commonFolder(Set<String> names) {
        Set<String> tops = names.stream()
                .map(name -> name.substring(0, name.indexOf('/') + 1))
                .collect(Collectors.toSet());
        return tops.size() == 1 ? tops.iterator().next() : "";
    }
}
