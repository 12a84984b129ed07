using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Training;

namespace Harness.Tests.Training;

/// <summary>Experiments that train models of a second.</summary>
static class TrainingExperiments
{
    public const string Think = "<Data Include=\"think\" Task=\"sum\" Difficulty=\"2;3\" Share=\"3\" />";
    public const string Direct = "<Data Include=\"direct\" Task=\"sum\" Difficulty=\"2;3\" Prompt=\"direct\" />";

    public const string Tiny = "<Train Include=\"tiny\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Tokens=\"30k\" BatchTokens=\"1k\" "
        + "LearningRate=\"1e-2\" Warmup=\"5\" LogEvery=\"5\" ValidateEvery=\"20\" ValidationTokens=\"2k\" />";

    public static string Project(params string[] items) => $"""
        <Project>
          <PropertyGroup>
            <Title>A tiny model</Title>
            <Seed>7</Seed>
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", items)}
          </ItemGroup>
        </Project>
        """;

    public static Manifest Read(params string[] items)
    {
        using ScratchExperiment scratch = new(Project(items));
        return ManifestReader.Read(scratch.Raw(), Registered.All);
    }

    public static TrainManifest Train(params string[] items) => Read(items).Trains[0];

    public static TrainingData Data(TrainManifest train, string? folder = null) => new(train, [folder]);
}
