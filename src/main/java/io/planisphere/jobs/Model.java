package io.planisphere.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Describes, compares and builds networks. */
@Command(
        name = "model",
        description = "Describe, compare and build networks.",
        subcommands = {ModelDescribe.class, ModelBuild.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "describe|build")
public final class Model implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UserError("model does nothing by itself; give describe or build, as in: jobs/model.sh describe FILE");
    }
}
