package io.planisphere.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.ErrorCallback;

/** Sets up the native image library once per JVM: its three modules, one thread per call, no text on standard error. */
final class OpenCv {
    private static final int LOG_LEVEL_SILENT = 0;

    static {
        // JavaCPP would compare the memory of the whole process, including heap and engine, with twice the heap's
        // limit, and collect garbage, sleep and throw at every allocation above it; here owners close their
        // allocations
        setUnlessGiven("org.bytedeco.javacpp.maxBytes", "0");
        setUnlessGiven("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }

    // held permanently, because native code keeps a pointer to it
    private static final ErrorCallback QUIET = new ErrorCallback() {
        @Override
        public int call(
                int status, BytePointer function, BytePointer message, BytePointer file, int line, Pointer data) {
            return 0;
        }
    };

    static {
        Loader.load(opencv_core.class);
        Loader.load(opencv_imgproc.class);
        Loader.load(opencv_imgcodecs.class);
        // the engine already runs one task per core
        opencv_core.setNumThreads(1);
        opencv_core.redirectError(QUIET);
        silenceLog();
    }

    private OpenCv() {}

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Calls {@code cv::utils::logging::setLogLevel(SILENT)}, which the presets do not map: OpenCV would write several lines
     * on standard error for each bad photo. The function is found by its C++ name and called through a mapped pointer type
     * that takes more arguments, which the calling conventions of both platforms allow.
     */
    private static void silenceLog() {
        Pointer setLogLevel = Loader.addressof("_ZN2cv5utils7logging11setLogLevelENS1_8LogLevelE");
        if (setLogLevel != null) {
            try (PointerPointer<Pointer> function = new PointerPointer<>(setLogLevel, null)) {
                new ErrorCallback(function).call(LOG_LEVEL_SILENT, null, null, null, 0, null);
            }
        }
    }

    /** Does nothing after the first call. */
    static void load() {
        // the class initialiser does the work; the JVM runs it once and under a lock
    }
}
