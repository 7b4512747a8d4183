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
 * The holder of a lease.
 *
 * @param token unique value of this lease
 * @param processes the process namespace of {@code pid}: the boot of the kernel and the container; empty if the system does not
 *     provide it
 * @param started start time of the process
 * @param since when the lease was acquired
 * @param beat heartbeat counter
 */
record LeaseHolder(
        String token, String user, String host, String processes, long pid, String started, String since, long beat) {

    static final LeaseHolder UNKNOWN = new LeaseHolder("", "somebody", "an unknown host", "", 0, "", "", 0);

    /** Whether a process is alive, as far as this process can determine. */
    enum Life {
        ALIVE,
        GONE,
        /** The process is on another machine or in another container. */
        UNKNOWN
    }

    // Tolerance for process start times: they shift when the system clock is set while a process runs.
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

    /** Returns this holder with a new heartbeat. */
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

    /** Returns whether the start time matches; otherwise another process now has the same pid. */
    private boolean isStart(Instant start) {
        return Duration.between(start, Instant.parse(started)).abs().compareTo(CLOCK_SET) <= 0;
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Returns whether the process is running and not a zombie, which keeps its pid until its parent reads the exit code. */
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
