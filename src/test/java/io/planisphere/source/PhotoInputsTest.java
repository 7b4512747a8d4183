package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoInputsTest {
    private final Path folder;

    PhotoInputsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void tarsAreShardsByPathGlobOrFolder() throws IOException {
        write("s/0.tar");
        write("s/1.tar.gz");
        write("[odd]/2.TGZ");

        assertThat(of(folder + "/s/0.tar")).isEqualTo(shards(folder + "/s/0.tar", folder + "/s/0.tar"));
        assertThat(of(folder + "/s/*.tar*")).isEqualTo(shards(folder + "/s/*.tar*", folder + "/s/*.tar*"));
        assertThat(of(folder + "/s")).isEqualTo(shards(folder + "/s", "file:" + folder + "/s/*.{tar,tar.gz,tgz}"));
        assertThat(of(folder + "/[odd]/2.TGZ")).isEqualTo(shards(folder + "/[odd]/2.TGZ", folder + "/\\[odd\\]/2.TGZ"));
    }

    @Test
    void manifestsAreRecognisedByTheirNames() throws IOException {
        for (String name : List.of("m.csv", "m.TSV", "m.csv.gz", "m.parquet", "out.parquet/part-0.snappy.parquet")) {
            write(name);
        }

        assertThat(of(folder + "/m.csv")).isEqualTo(manifest(folder + "/m.csv"));
        assertThat(of(folder + "/m.TSV")).isEqualTo(manifest(folder + "/m.TSV"));
        assertThat(of(folder + "/m.csv.gz")).isEqualTo(manifest(folder + "/m.csv.gz"));
        assertThat(of(folder + "/m.parquet")).isEqualTo(manifest(folder + "/m.parquet"));
        assertThat(of(folder + "/out.parquet")).isEqualTo(manifest(folder + "/out.parquet"));
    }

    @Test
    void aFolderOfPhotosAndASinglePhotoAreFolderInputs() throws IOException {
        write("p/a.jpg");
        write("p/places.csv");
        write("deep/er/a.jpg");

        assertThat(of(folder + "/p")).isEqualTo(folder(folder + "/p"));
        assertThat(of(folder + "/deep")).isEqualTo(folder(folder + "/deep"));
        assertThat(of(folder + "/p/a.jpg")).isEqualTo(folder(folder + "/p/a.jpg"));
    }

    @Test
    void yfcc100mRequiresTheFolderOfItsPhotos() throws IOException {
        write("meta.bz2");

        assertThat(inputs(InputFormat.AUTO, "file:/data/images/").of(List.of("yfcc100m:" + folder + "/meta.bz2")))
                .containsExactly(new PhotoInput.Yfcc100m(
                        "yfcc100m:" + folder + "/meta.bz2",
                        List.of("file:" + folder + "/meta.bz2"),
                        "file:/data/images"));
        assertThatThrownBy(() -> of("yfcc100m:" + folder + "/meta.bz2"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("give --images with the folder they stand in");
        assertThatThrownBy(() -> inputs(InputFormat.AUTO, "s3a://multimedia-commons/data/images")
                        .of(List.of("yfcc100m:" + folder + "/meta.bz2")))
                .hasMessageContaining("--images s3a://multimedia-commons/data/images cannot be opened. The file system "
                        + "for s3a: cannot be loaded")
                .hasMessageContaining("hadoop-aws");
        write("p/a.jpg");
        assertThatThrownBy(() -> inputs(InputFormat.AUTO, "file:/data").of(List.of(folder + "/p")))
                .hasMessageContaining("--images file:/data has no use without a yfcc100m input");
    }

    @Test
    void unusableInputsAreRejectedWithARemedy() throws IOException {
        write("mixed/0.tar");
        write("mixed/a.jpg");
        write("nothing/readme.txt");
        write("data.bin");
        write("p/a.jpg");

        assertRefused(folder + "/none", "Input " + folder + "/none does not exist; check the path");
        assertRefused(folder + "/none/*.tar", "does not exist");
        assertRefused(
                folder + "/mixed", "holds tars and photos; say which with --format webdataset or --format folder");
        assertRefused(folder + "/nothing", "holds neither shards, photos, folders nor a manifest");
        assertRefused(folder + "/data.bin", "Cannot tell what input " + folder + "/data.bin is");
        assertRefused("odd://x/y", "This Hadoop has no file system for odd:");
        assertThatThrownBy(() -> inputs(InputFormat.WEBDATASET).of(List.of(folder + "/p")))
                .hasMessageContaining("holds no .tar, .tar.gz, .tgz; give a glob such as " + folder + "/p/*/*.tar");
        assertThatThrownBy(() -> inputs(InputFormat.FOLDER).of(List.of("yfcc100m:" + folder + "/data.bin")))
                .hasMessageContaining("contradicts --format folder");
        assertThatThrownBy(() -> inputs(InputFormat.AUTO).of(List.of())).hasMessageContaining("There is no input");
        assertThatThrownBy(() -> InputFormat.ofCode("tar"))
                .hasMessage(
                        "There is no format 'tar'; give one of auto, webdataset, imagesequence, parquet, manifest, folder, "
                                + "yfcc100m");
    }

    @Test
    void sequenceFilesAreRecognisedByNameOrFormatOption() throws IOException {
        write("sequences/a.seq");
        write("sequences/b.SEQ");
        write("hadoop/part-r-00000");
        write("hadoop/_SUCCESS");

        PhotoInput.Shards named = (PhotoInput.Shards) of(folder + "/sequences");
        assertThat(named.format()).isEqualTo(ShardFormat.IMAGESEQUENCE);
        assertThat(named.glob()).endsWith("/sequences/*.{seq,sequencefile}");
        PhotoInput.Shards unnamed = (PhotoInput.Shards) inputs(InputFormat.IMAGESEQUENCE)
                .of(List.of(folder + "/hadoop"))
                .get(0);
        assertThat(unnamed.glob()).endsWith("/hadoop/[^_.]*");
        write("both/a.seq");
        write("both/a.tar");
        assertRefused(
                folder + "/both",
                "holds tars and SequenceFiles; say which with --format webdataset or --format imagesequence");
    }

    @Test
    void theFormatOptionDecidesForAmbiguousNames() throws IOException {
        write("mixed/0.tar");
        write("mixed/a.jpg");

        assertThat(inputs(InputFormat.FOLDER).of(List.of(folder + "/mixed")))
                .containsExactly(folder(folder + "/mixed"));
        assertThat(inputs(InputFormat.WEBDATASET).of(List.of(folder + "/mixed")).get(0))
                .isInstanceOf(PhotoInput.Shards.class);
    }

    private void assertRefused(String input, String message) {
        assertThatThrownBy(() -> of(input)).isInstanceOf(InputException.class).hasMessageContaining(message);
    }

    private static PhotoInput shards(String given, String glob) {
        return new PhotoInput.Shards(given, glob, ShardFormat.WEBDATASET, "");
    }

    private static PhotoInput manifest(String given) {
        return new PhotoInput.Manifest(given, List.of("file:" + given));
    }

    private static PhotoInput folder(String given) {
        return new PhotoInput.Folder(given, List.of("file:" + given));
    }

    private static PhotoInput of(String input) throws IOException {
        return inputs(InputFormat.AUTO).of(List.of(input)).get(0);
    }

    private static PhotoInputs inputs(InputFormat format, String... images) {
        return new PhotoInputs(
                new Configuration(), format, List.of(images).stream().findFirst(), Optional.empty());
    }

    private void write(String path) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.write(folder.resolve(path), new byte[1]);
    }
}
