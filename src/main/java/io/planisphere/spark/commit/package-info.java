/**
 * The commit protocol of outputs: numbered batches, a commit log that only the newest epoch can extend, and files that are
 * written once and never renamed. This package does not depend on what the rows mean or how they are made.
 */
@NullMarked
package io.planisphere.spark.commit;

import org.jspecify.annotations.NullMarked;
