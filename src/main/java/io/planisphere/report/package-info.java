/**
 * Results as people and other programs read them: JSON, CSV, tables on the terminal. It gets finished figures and computes none;
 * it makes text and pictures, and writes no files.
 */
@NullMarked
package io.planisphere.report;

import org.jspecify.annotations.NullMarked;
