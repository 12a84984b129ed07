using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Engines.Kernels;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Reports;

namespace Harness.Comparison.Programs;

/// <summary>What only running both sides' programs can tell. They are built when they are first needed, and removed in the end.</summary>
/// <param name="root">The top of the working tree.</param>
/// <param name="says">Called with a line of progress.</param>
public sealed class ProgramComparison(
    IResultSource before, IResultSource after, string root, Action<string> says, CancellationToken cancellation) : IDisposable
{
    readonly Lazy<SideProgram> old = new(() => SideProgram.Of(before, root, says, cancellation));
    readonly Lazy<SideProgram> now = new(() => SideProgram.Of(after, root, says, cancellation));

    /// <summary>Draws of each pool whose tokens moved the first sample that did again on both sides, and adds what that shows.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.NothingToCompare"/>: a side is a folder, which has no program.</exception>
    public ResultComparison WithRegenerated(ResultComparison comparison)
    {
        RequirePrograms();
        (string Experiment, string Pool, MovedSample Moved)[] wanted = [.. comparison.Experiments.SelectMany(experiment =>
            experiment.Pools.Where(pool => pool.Tokens.Count > 0).Select(pool => (experiment.Name, pool.Pool, pool.Tokens[0])))];
        if (wanted.Length == 0)
            return comparison with { NotRegenerated = "no sample that both sides have differs in its tokens" };
        try
        {
            _ = (old.Value, now.Value);
        }
        catch (HarnessException refused) when (refused.Diagnostic == Codes.NothingToCompare)
        {
            return comparison with { NotRegenerated = refused.Message };
        }
        return comparison with
        {
            Regenerated = [.. wanted.Select(sample => Regenerate(sample.Experiment, sample.Pool, sample.Moved))],
        };
    }

    /// <summary>A sample that one side can't draw here, as for want of its model, says so.</summary>
    RegeneratedSample Regenerate(string experiment, string pool, MovedSample moved)
    {
        try
        {
            return SampleRegeneration.Of(experiment, pool, moved, old.Value, now.Value, cancellation);
        }
        catch (HarnessException refused) when (refused.Diagnostic == Codes.NothingToCompare)
        {
            return new RegeneratedSample
            {
                Experiment = experiment,
                Pool = pool,
                Problem = moved.Before.Problem,
                Sample = moved.Before.Sample,
                Refusal = refused.Message,
            };
        }
    }

    /// <summary>Before one is built in vain.</summary>
    void RequirePrograms()
    {
        SideProgram.Require(before);
        SideProgram.Require(after);
    }

    /// <summary>Measures an experiment's model in turns, and adds what that gives to a comparison.</summary>
    /// <param name="name">An experiment that the later side has.</param>
    public ResultComparison InTurns(ResultComparison comparison, string name, TurnsRule rule)
    {
        DecodeWorkload workload = DecodeWorkload.Of(new ExperimentFiles(after, name), name, model => Find(name, model));
        RequirePrograms();
        (SideProgram first, SideProgram second) = (old.Value, now.Value);
        workload = workload.LongEnough(workload.Measure(first, cancellation));
        RatesInTurns rates = RatesInTurns.Measure(
            () => workload.Measure(first, cancellation), () => workload.Measure(second, cancellation), rule,
            pairs => says($"pair {pairs.Before.Count}: {NumberText.Fixed(pairs.Before[^1], 0)} and "
                + $"{NumberText.Fixed(pairs.After[^1], 0)} tokens/s, ratio {NumberText.Fixed(pairs.Ratio)} "
                + $"({NumberText.Fixed(pairs.Interval.Low)} to {NumberText.Fixed(pairs.Interval.High)})"));
        string verdict = rates.IsChanged ? "changed" : "no change that these pairs can tell";
        return comparison with
        {
            Rates = rates,
            InTurns = $"Measured in turns on this machine, {NumberText.Count(rates.Before.Count, "pair")} of runs ({workload.Text}): "
                + $"B decodes {NumberText.Fixed(rates.Ratio)} times as fast as A ({NumberText.Fixed(rates.Interval.Low)} to "
                + $"{NumberText.Fixed(rates.Interval.High)}, at least 95 %): {verdict}.",
        };
    }

    public void Dispose()
    {
        foreach (Lazy<SideProgram> side in new[] { old, now }.Where(side => side.IsValueCreated))
            side.Value.Dispose();
    }

    /// <summary>In the experiment's folder of the working tree, else as a command finds it.</summary>
    string Find(string name, string model)
    {
        string beside = Path.GetFullPath(model, Path.Combine(root, ResultSources.Folder, name));
        if (File.Exists(beside) || Directory.Exists(beside))
            return beside;
        try
        {
            return ModelLocation.Find(new KernelEngine(), model).Opens;
        }
        catch (HarnessException absent) when (absent.Diagnostic == KernelCodes.ModelNotFound)
        {
            throw Codes.NothingToCompare.With($"{name} can't be measured: {absent.Message}", inner: absent);
        }
    }
}
