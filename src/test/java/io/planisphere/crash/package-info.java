/**
 * Jobs that die at every change of a store in turn. Holds an object store in memory and the scenario; knows the jobs by their command
 * lines and the files of an output only.
 */
@NullMarked
package io.planisphere.crash;

import org.jspecify.annotations.NullMarked;
