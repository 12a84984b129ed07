using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Engines.Simulated;

/// <summary>
/// Answers sums rightly or wrongly by draws whose law is known, so that what a strategy is worth is known too: estimators, intervals and
/// laws can be held against the truth.
/// </summary>
public sealed class SimulatedEngine : IEngine, IKnownTruth
{
    public string Name => "simulated";

    public string Summary => "answers sums by draws of a known law, so that estimates can be held against the truth: "
        + "simulated:alpha=0.5,beta=2,...";

    public bool IsExact(Precision precision) => true;

    public bool KnowsByName(string model) => model.StartsWith(SimulatedSettings.Prefix, StringComparison.Ordinal);

    public void RequireName(string model) => SimulatedSettings.Parse(model);

    public double? Accuracy(string model, KnownQuestion question)
    {
        SimulatedCurves curves = new(SimulatedSettings.Parse(model));
        if (question.IsGreedy)
            return question.Strategy is "greedy" or "single" ? curves.Greedy : null;
        return question.Strategy switch
        {
            "single" => curves.OneSample,
            "coverage" => curves.Coverage(question.Multiplier),
            "g-pass" => curves.GPass(question.Multiplier, question.Options["Threshold"]),
            "majority-vote" => curves.Majority(question.Multiplier),
            "majority-limit" => curves.MajorityLimit,
            "best-of-n" when question.Verifier == "mean-logprob" => curves.BestOfN(question.Multiplier),
            _ => null,
        };
    }

    public IEngineModel Open(string location) => new SimulatedModel(location);

    public IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(IEngineModel Model, Precision Precision)> models) =>
        [.. models.Select(_ => placement)];

    public double? MeasureCeiling(Precision precision, Placement placement) => null;

    public IEnergyMeter? OpenEnergyMeter(Placement placement) => null;

    public MachineFacts Describe(Precision precision, Placement placement) =>
        new("cpu", $"simulated-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "none", 1);
}
