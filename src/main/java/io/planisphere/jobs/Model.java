package io.planisphere.jobs;

import picocli.CommandLine.Command;

/** Networks themselves: what they cost, and new ones of the MobileNet family. */
@Command(
        name = "model",
        description = "Describes, compares and builds networks.",
        subcommands = {ModelDescribe.class, ModelBuild.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "describe|build")
public final class Model {}
