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
    SideProgram? old, now;

    SideProgram Before => old ??= SideProgram.Of(before, root, says, cancellation);

    SideProgram After => now ??= SideProgram.Of(after, root, says, cancellation);

    /// <summary>Of each pool whose tokens moved, the first sample that did, drawn again on both sides.</summary>
    public IReadOnlyList<string> FirstTokens(ResultComparison comparison) =>
    [
        .. comparison.Experiments.SelectMany(experiment => experiment.Pools.Where(pool => pool.Tokens.Count > 0).Select(pool =>
        {
            MovedSample moved = pool.Tokens[0];
            string subject = $"{experiment.Name}, {pool.Pool}, problem {moved.Before.Problem}, sample {moved.Before.Sample}, drawn again: ";
            return subject + Apart(experiment.Name, pool.Pool, moved);
        })),
    ];

    /// <summary>A sample that one side can't draw here, as for want of its model, is said in its place.</summary>
    string Apart(string experiment, string pool, MovedSample moved)
    {
        try
        {
            return FirstToken.Of(experiment, pool, moved, Before, After, cancellation) is { } first
                ? $"the tokens differ from token {first.Position + 1} on: {first.Before ?? "ended"} in A, {first.After ?? "ended"} in B."
                : "both programs draw the same tokens here, so that one of the committed files came of something else.";
        }
        catch (HarnessException refused) when (refused.Diagnostic == Codes.NothingToCompare)
        {
            return refused.Message;
        }
    }

    /// <summary>Measures an experiment's model in turns, and adds what that gives to a comparison.</summary>
    /// <param name="name">An experiment that the later side has.</param>
    public ResultComparison InTurns(ResultComparison comparison, string name, TurnsRule rule)
    {
        DecodeWorkload workload = DecodeWorkload.Of(new ExperimentFiles(after, name), name, model => Find(name, model));
        (SideProgram first, SideProgram second) = (Before, After);
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
        old?.Dispose();
        now?.Dispose();
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
