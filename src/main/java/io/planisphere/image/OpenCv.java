package io.planisphere.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.ErrorCallback;

/** Sets up the native image library once per JVM: its three modules, one thread per call, no text on standard error. */
final class OpenCv {
    // held for good: native code keeps a pointer to it
    private static final ErrorCallback QUIET = new ErrorCallback() {
        @Override
        public int call(
                int status, BytePointer function, BytePointer message, BytePointer file, int line, Pointer data) {
            return 0;
        }
    };

    static {
        Loader.load(opencv_core.class);
        Loader.load(opencv_imgcodecs.class);
        // the engine already runs one task per core
        opencv_core.setNumThreads(1);
        opencv_core.redirectError(QUIET);
    }

    private OpenCv() {}

    /** Does nothing after the first call. */
    static void load() {
        // the work is the class initialiser's, which the JVM runs once and under its own lock
    }
}
