/**
 * Tests in which jobs die at every change of a store in turn. Contains an in-memory object store and the scenario; depends on
 * the jobs only through their command lines and the files of an output.
 */
@NullMarked
package io.planisphere.crash;

import org.jspecify.annotations.NullMarked;
