using System.CommandLine;
using System.Globalization;
using Harness.Engines;
using Harness.Experiments;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness plan: what a run would do, checked but not done.</summary>
static class PlanCommand
{
    public static Command Create()
    {
        ExperimentCommand command = ExperimentCommand.Create(
            "plan", "Say what a run would do: samples, tokens, operations, time and memory on this machine.");
        command.SetAction((parsed, experiment, cancellation) =>
        {
            if (experiment.Manifest.IsRecorded)
            {
                RecordedPlan.Show(experiment, parsed.GetValue(command.Json));
                return ExitCodes.Success;
            }
            if (experiment.Manifest.IsTraining)
            {
                TrainedPlan.Show(experiment, parsed.GetValue(command.Json), cancellation);
                return ExitCodes.Success;
            }
            using IEngineModel model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
            ExperimentPlan plan = ExperimentPlan.Create(experiment, model);
            PlanCost cost = PlanCost.Estimate(plan, model, cancellation);
            string? stale = Staleness.Of(experiment);
            if (parsed.GetValue(command.Json))
                Console.WriteLine(JsonStyle.Write(Describe(plan, cost, stale)));
            else
                Print(plan, cost, stale);
            return ExitCodes.Success;
        });
        return command.Command;
    }

    /// <summary>
    /// Samples, tokens and seconds of everything, and of what a run would generate now: nothing where the results are up to date.
    /// </summary>
    static object Describe(ExperimentPlan plan, PlanCost cost, string? stale) => new
    {
        Experiment = plan.Experiment.Manifest.Name,
        Stale = stale,
        plan.Samples,
        cost.Tokens,
        MostTokens = plan.Tokens,
        MostFlops = plan.Flops,
        cost.Seconds,
        cost.IsUpperBound,
        cost.Kept,
        Left = stale is null
            ? new { Samples = 0L, Tokens = 0.0, Seconds = 0.0 }
            : new { Samples = cost.SamplesLeft, Tokens = cost.TokensLeft, Seconds = cost.SecondsLeft },
        plan.WeightBytes,
        plan.SampleBytes,
        cost.Batch,
        cost.MemoryBytes,
        Pools = cost.Pools.Select(pool => new
        {
            pool.Name,
            pool.Problems,
            pool.Samples,
            pool.Kept,
            pool.MaxTokens,
            TokensPerSample = pool.Length.Tokens,
            TokensFrom = SourceName(pool.Length.Source),
            pool.Seconds,
        }),
    };

    static void Print(ExperimentPlan plan, PlanCost cost, string? stale)
    {
        string name = plan.Experiment.Manifest.Name;
        Console.WriteLine($"{name}: {(stale is null ? "up to date; made again it would take:" : $"stale ({stale})")}");
        Table(cost).WriteTo(Console.Out);
        string bound = cost.IsUpperBound ? "at most " : "about ";
        Console.WriteLine($"samples: {Number(plan.Samples)}");
        Console.WriteLine($"tokens: {bound}{Number(cost.Tokens)}");
        if (plan is { Flops: { } flops, WeightBytes: { } weights, SampleBytes: { } sample } && cost.MemoryBytes is { } memory)
        {
            Console.WriteLine($"operations: at most {flops.ToString("0.##E+0", CultureInfo.InvariantCulture)} FLOP");
            Console.WriteLine(
                $"memory: about {Megabytes(memory)} MB in all: weights {Megabytes(weights)} MB, "
                + $"and {cost.Batch} samples in flight of up to {Megabytes(sample)} MB each");
        }
        else
        {
            Console.WriteLine($"operations, memory: unknown, engine '{plan.Experiment.Manifest.Engine.Name}' states no shape of the model");
        }
        Console.WriteLine($"time: {bound}{Duration(cost.Seconds)} at the speed measured now");
        if (cost.IsUpperBound)
            Console.WriteLine(
                "tokens and time are upper bounds: of a pool whose lengths are unknown, every sample is counted with MaxTokens");
        if (stale is not null && cost.Kept > 0)
        {
            Console.WriteLine(
                $"kept from before: {Number(cost.Kept)} samples; left: {Number(cost.SamplesLeft)} samples, "
                + $"{bound}{Number(cost.TokensLeft)} tokens, {bound}{Duration(cost.SecondsLeft)}");
        }
    }

    static TextTable Table(PlanCost cost)
    {
        TextTable table = new(
            TextTable.Left("pool"), TextTable.Right("problems"), TextTable.Right("samples"), TextTable.Right("kept"),
            TextTable.Right("longest prompt"), TextTable.Right("tokens a sample"), TextTable.Left("known from"), TextTable.Right("time"));
        foreach (PoolCost pool in cost.Pools)
        {
            table.Add(
                pool.Name, Number(pool.Problems), Number(pool.Samples), Number(pool.Kept), Number(pool.LongestPrompt),
                pool.Length.Tokens.ToString("#,0.#", CultureInfo.InvariantCulture), SourceName(pool.Length.Source), Duration(pool.Seconds));
        }
        return table;
    }

    static string SourceName(LengthSource source) => source switch
    {
        LengthSource.Kept => "kept",
        LengthSource.Committed => "committed",
        _ => "max_tokens",
    };

    static string Duration(double seconds) => ProgressLine.Duration(TimeSpan.FromSeconds(seconds));

    static string Megabytes(double bytes) => (bytes / 1e6).ToString("#,0.##", CultureInfo.InvariantCulture);

    static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
