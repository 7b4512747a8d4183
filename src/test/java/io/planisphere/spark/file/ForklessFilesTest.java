package io.planisphere.spark.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with Hadoop's own file systems, which run {@code chmod} and {@code readlink}. */
class ForklessFilesTest {
    private static final URI LOCAL = URI.create("file:///");

    private final java.nio.file.Path folder;

    ForklessFilesTest(@TempDir java.nio.file.Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    @AfterEach
    void forget() throws IOException {
        FileSystem.get(LOCAL, new Configuration()).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"022", "077", "000", "027"})
    void filesAndFoldersHaveTheSamePermissionsAsWithHadoop(String umask) throws IOException {
        Configuration theirs = new Configuration();
        theirs.set("fs.permissions.umask-mode", umask);
        Configuration ours = new Configuration(theirs);

        assertThat(written("ours", ours(ours)))
                .isEqualTo(written("theirs", FileSystem.newInstance(LOCAL, theirs)))
                .startsWith("rwx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "0400", "0644", "0755", "1777", "0421", "1750"})
    void requestedPermissionsAreSet(String octal) throws Exception {
        java.nio.file.Path file = Files.createFile(folder.resolve("file"));
        java.nio.file.Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        raw().setPermission(new Path(link.toString()), new FsPermission(octal));

        assertThat(Integer.toOctalString((int) Files.getAttribute(file, "unix:mode") & 07777))
                .isEqualTo(octal.replaceFirst("^0{1,3}", ""));
    }

    @Test
    void settingPermissionsOfAMissingFileFails() {
        assertThatThrownBy(() -> raw().setPermission(new Path(folder + "/none"), new FsPermission("0644")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }

    @Test
    void linksHaveTheSameStatusAsWithHadoop() throws IOException {
        Files.writeString(folder.resolve("file"), "four");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
        RawLocalFileSystem theirs = new RawLocalFileSystem();
        theirs.initialize(LOCAL, new Configuration());

        for (String name : new String[] {"file", "link", "dangling", ""}) {
            Path path = new Path(folder.toString(), name.isEmpty() ? "." : name);
            FileStatus status = raw().getFileLinkStatus(path);
            assertThat(status).as(name).isEqualTo(theirs.getFileLinkStatus(path));
            assertThat(status.isSymlink())
                    .as(name)
                    .isEqualTo(theirs.getFileLinkStatus(path).isSymlink());
            assertThat(status.getLen())
                    .as(name)
                    .isEqualTo(theirs.getFileLinkStatus(path).getLen());
        }
        assertThatThrownBy(() -> raw().getFileLinkStatus(new Path(folder + "/none")))
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void filesHaveTheSameStatusAsWithHadoop() throws Exception {
        Files.writeString(folder.resolve("a#b?c%20 é.jpg"), "photo");
        Files.createDirectories(folder.resolve("dir/deep"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("dir"));
        Files.setPosixFilePermissions(folder.resolve("dir"), PosixFilePermissions.fromString("rwx--x---"));
        RawLocalFileSystem theirs = new RawLocalFileSystem();
        theirs.initialize(LOCAL, new Configuration());
        Path in = new Path(folder.toString());

        FileStatus[] ours = raw().listStatus(in);

        assertThat(ours).hasSize(3).isEqualTo(theirs.listStatus(in));
        for (FileStatus one : ours) {
            FileStatus expected = theirs.getFileStatus(one.getPath());
            assertThat(one.getLen()).isEqualTo(expected.getLen());
            assertThat(one.isDirectory()).isEqualTo(expected.isDirectory());
            assertThat(one.getModificationTime()).isEqualTo(expected.getModificationTime());
            assertThat(one.getBlockSize()).isEqualTo(expected.getBlockSize());
            assertThat(one.getReplication()).isEqualTo(expected.getReplication());
            assertThat(one.getOwner()).isEqualTo(expected.getOwner());
            assertThat(one.getGroup()).isEqualTo(expected.getGroup());
            if (!one.getPath().getName().equals("link")) { // ls describes the link itself
                assertThat(one.getPermission()).isEqualTo(expected.getPermission());
            }
        }
        FileStatus read = (FileStatus) serialized(raw().getFileStatus(new Path(in, "dir")));
        assertThat(read.getPermission()).isEqualTo(new FsPermission("0710"));
        FileStatus gone = raw().getFileStatus(new Path(in, "link"));
        Files.delete(folder.resolve("link"));
        assertThat(gone.getOwner()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "file/below", "0123456789/none"})
    void impossiblePathsAreNotFound(String name) throws IOException {
        Files.writeString(folder.resolve("file"), "four");

        for (String one : new String[] {name, name + "x".repeat(300), name + '\0'}) {
            assertThatThrownBy(() -> raw().getFileStatus(new Path(folder.toString(), one)))
                    .isInstanceOf(FileNotFoundException.class)
                    .hasMessageContaining("does not exist");
        }
    }

    private static Object serialized(FileStatus status) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(status);
        }
        return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }

    @Test
    void replacesTheFileSystemThatHadoopHasCached() throws IOException {
        Configuration hadoop = new Configuration();
        FileSystem before = FileSystem.get(LOCAL, hadoop);

        ForklessFiles.useIn(hadoop);

        FileSystem after = FileSystem.get(LOCAL, hadoop);
        assertThat(before).isExactlyInstanceOf(LocalFileSystem.class);
        assertThat(after).isInstanceOf(ForklessFiles.Local.class);
        ForklessFiles.useIn(hadoop);
        assertThat(FileSystem.get(LOCAL, hadoop)).isSameAs(after);
    }

    @Test
    void otherClassLoadersCreateHadoopsFileSystem() throws IOException {
        Configuration hadoop = new Configuration();
        ForklessFiles.useIn(hadoop);
        // s3a loads classes with its own class loader
        Configuration isolated = new Configuration(hadoop);
        isolated.setClassLoader(ClassLoader.getPlatformClassLoader());

        assertThat(FileSystem.getLocal(isolated)).isInstanceOf(ForklessFiles.Local.class);
        assertThat(FileSystem.newInstanceLocal(isolated)).isExactlyInstanceOf(LocalFileSystem.class);
    }

    @Test
    void aConfiguredFileSystemIsKept() throws IOException {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
        FileSystem chosen = FileSystem.get(LOCAL, hadoop);

        ForklessFiles.useIn(hadoop);

        assertThat(FileSystem.get(LOCAL, hadoop)).isSameAs(chosen).isExactlyInstanceOf(RawLocalFileSystem.class);
    }

    private static RawLocalFileSystem raw() throws IOException {
        return (RawLocalFileSystem) ours(new Configuration()).getRawFileSystem();
    }

    private static LocalFileSystem ours(Configuration hadoop) throws IOException {
        hadoop.setClass("fs.file.impl", ForklessFiles.Local.class, FileSystem.class);
        return (LocalFileSystem) FileSystem.newInstance(LOCAL, hadoop);
    }

    /** Returns the permissions of a folder, a file in it, and its checksum file. */
    private String written(String name, FileSystem files) throws IOException {
        Path file = new Path(folder + "/" + name, "file");
        try (files;
                OutputStream out = files.create(file)) {
            out.write(1);
        }
        return permissions(name);
    }

    private String permissions(String name) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String part : new String[] {"", "file", ".file.crc"}) {
            all.append(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            folder.resolve(name).resolve(part), LinkOption.NOFOLLOW_LINKS)))
                    .append(' ');
        }
        return all.toString();
    }
}
