/**
 * One small class per job: read the options, plan, run, report.
 */
@NullMarked
package io.planisphere.jobs;

import org.jspecify.annotations.NullMarked;
