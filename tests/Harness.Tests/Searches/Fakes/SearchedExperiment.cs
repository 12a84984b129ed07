using Harness.Engines;
using Harness.Experiments;
using Harness.Identity;
using Harness.Manifests;
using Harness.Pools;
using Harness.Registry;
using Harness.Searches;
using Harness.Strategies;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Searches.Fakes;

/// <summary>An experiment whose manifest names the small beam, planned and ready to be searched.</summary>
sealed class SearchedExperiment : IDisposable
{
    public const string Beam =
        "<Strategy Include=\"small-beam\" Pool=\"sums\" Multipliers=\"2;4\" Replicates=\"3\" StepTokens=\"9\" Verifier=\"mean-logprob\" />";

    readonly ScratchExperiment scratch = new();
    readonly IEngineModel model;

    /// <param name="xml">Its first pool is the one that is searched.</param>
    public SearchedExperiment(IEngine engine, string xml)
    {
        scratch.Write(xml);
        Registered registered = Registered.All with { Engines = [engine] };
        ResolvedExperiment experiment = ResolvedExperiment.Resolve(scratch.Raw(), registered);
        model = engine.Open(experiment.Model.Opens);
        Pool = ExperimentPlan.Create(experiment, model).Pools[0];
        Generator = model.CreateGenerator(experiment.Manifest.Precision, experiment.Manifest.Placement);
        Search = Read(xml, registered);
    }

    public PlannedPool Pool { get; }

    public IModelGenerator Generator { get; }

    /// <summary>The small beam as the manifest's reader binds it.</summary>
    public SearchManifest Search { get; }

    public static string With(string xml, string strategy) => xml.Replace("</ItemGroup>", $"{strategy}\n  </ItemGroup>");

    public static Registered WithBeam(Registered registered) =>
        registered with { Strategies = [.. registered.Strategies, SmallBeam.Definition] };

    public Task<SearchResult> Solve(int problem, int multiplier = 4, int replicate = 0) =>
        new SequentialSearch(Search, Pool, Generator, "scripted", model.Shape).Solve(problem, multiplier, replicate, default);

    public Task<SearchResult> Solve(Func<ProblemPaths, Budget, Task<SearchPath?>> solve, int mostPaths = 8) =>
        new SequentialSearch(Search with { Strategy = new ScriptedSearch(solve, mostPaths) }, Pool, Generator, "scripted", model.Shape)
            .Solve(0, 1, 0, default);

    public void Dispose()
    {
        Generator.Dispose();
        model.Dispose();
        scratch.Dispose();
    }

    static SearchManifest Read(string xml, Registered registered)
    {
        using ScratchExperiment manifest = new(With(xml, Beam));
        return ManifestReader.Read(manifest.Raw(), WithBeam(registered)).Searches[0];
    }
}
