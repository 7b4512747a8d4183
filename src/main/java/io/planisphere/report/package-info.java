/**
 * Formats results for users and other programs: JSON, CSV, tables on the terminal, pages and images. This package gets finished
 * figures and computes none; it returns text and images, and writes no files.
 */
@NullMarked
package io.planisphere.report;

import org.jspecify.annotations.NullMarked;
