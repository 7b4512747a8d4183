package io.planisphere.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Describes, compares, builds and imports networks. */
@Command(
        name = "model",
        description = "Describe, compare, build and import networks.",
        subcommands = {ModelDescribe.class, ModelBuild.class, ModelImport.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "describe|build|import")
public final class Model implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UserError(
                "model does nothing by itself; give describe, build or import, as in: jobs/model.sh describe FILE");
    }
}
