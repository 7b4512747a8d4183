/**
 * How rows become part of an output: numbered batches, a log of commits that only the newest epoch can extend, and files that are
 * written once and never renamed. What the rows mean, and how they are made, is not known here.
 */
@NullMarked
package io.planisphere.spark.commit;

import org.jspecify.annotations.NullMarked;
