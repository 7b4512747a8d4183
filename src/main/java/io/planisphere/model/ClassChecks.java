package io.planisphere.model;

import java.util.List;

/**
 * Checks labels and cells of a package against the scores of its heads.
 *
 * @param labels labels; empty if the package has none
 */
record ClassChecks(Task task, List<Head> heads, List<String> labels, PackageFiles files) {

    /**
     * Checks the numbers of scores that the graph declares.
     *
     * @throws PackageProblem if something that the task needs is missing, or its number differs
     */
    void check() {
        for (Head head : heads) {
            if (task == Task.LOCATE && files.bytes(head.cellsFile()).isEmpty()) {
                throw new PackageProblem(head.cellsFile() + " is missing; a package with task locate needs its cells");
            }
        }
        if (task == Task.CLASSIFY && heads.size() > 1) {
            throw new PackageProblem("manifest.json has " + heads.size()
                    + " scores and task classify; only a package with task locate may have several");
        }
        if (task == Task.CLASSIFY && labels.isEmpty()) {
            throw new PackageProblem("config.json names no labels; a package with task classify needs id2label");
        }
        heads.forEach(head -> head.width().ifPresent(width -> checkWidth(head, width)));
    }

    /**
     * Checks one head by the number of scores that it really outputs.
     *
     * @param width scores per photo
     * @throws PackageProblem if the number of labels or cells differs
     */
    void checkWidth(Head head, int width) {
        if (!labels.isEmpty() && labels.size() != width && heads.size() == 1) {
            throw new PackageProblem("config.json names " + labels.size() + " labels but output " + head.output()
                    + " has " + width + "; fix id2label");
        }
        String csv = head.cellsFile();
        int cells = files.bytes(csv).map(bytes -> CellsFile.count(csv, bytes)).orElse(width);
        if (cells != width) {
            throw new PackageProblem(csv + " has " + cells + " cells but output " + head.output() + " has " + width
                    + "; give it one line per score");
        }
    }
}
