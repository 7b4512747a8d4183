package io.planisphere.spark.file;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Who holds a lease.
 *
 * @param token of this holding; no other one has it
 * @param processes where {@code pid} means something: this boot of this kernel, and this container of it; empty where the
 *     system does not say
 * @param started when the process did
 * @param since when the lease was taken
 * @param beat grows while the holder lives
 */
record LeaseHolder(
        String token, String user, String host, String processes, long pid, String started, String since, long beat) {

    static final LeaseHolder UNKNOWN = new LeaseHolder("", "somebody", "an unknown host", "", 0, "", "", 0);

    /** Whether a process lives, as far as can be told from here. */
    enum Life {
        ALIVE,
        GONE,
        /** It is of another machine or container. */
        UNKNOWN
    }

    // The kernel's clock of the boot may be set while a process runs, and its start moves with it.
    private static final Duration CLOCK_SET = Duration.ofSeconds(5);

    static LeaseHolder thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new LeaseHolder(
                UUID.randomUUID().toString(),
                System.getProperty("user.name"),
                hostName(),
                processesSeenFromHere(),
                self.pid(),
                startOf(self).toString(),
                Instant.now().toString(),
                0);
    }

    /** The same with a new sign of life. */
    LeaseHolder later() {
        return new LeaseHolder(token, user, host, processes, pid, started, since, beat + 1);
    }

    Life life() {
        if (processes.isEmpty() || !processes.equals(processesSeenFromHere())) {
            return Life.UNKNOWN;
        }
        return ProcessHandle.of(pid)
                        .filter(LeaseHolder::runs)
                        .map(LeaseHolder::startOf)
                        .filter(this::isStart)
                        .isPresent()
                ? Life.ALIVE
                : Life.GONE;
    }

    String described() {
        return String.format(Locale.ROOT, "%s on %s, process %d, since %s", user, host, pid, since);
    }

    /** Else another process has the number now. */
    private boolean isStart(Instant start) {
        return Duration.between(start, Instant.parse(started)).abs().compareTo(CLOCK_SET) <= 0;
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** A process that has ended keeps its number until its parent asks for the exit code, which some never do. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | RuntimeException e) {
            return process.isAlive();
        }
    }

    private static String processesSeenFromHere() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim() + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "an unnamed host";
        }
    }
}
