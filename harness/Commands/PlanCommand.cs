using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Harness.Experiments;
using Harness.Kernels.Checkpoints;
using Harness.Pools;

namespace Harness.Commands;

/// <summary>harness plan: what a run would do, checked but not done.</summary>
static class PlanCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        ExperimentCommand command = ExperimentCommand.Create("plan", "Say what a run would do: samples, tokens, operations, time and memory on this machine.");
        command.SetAction((parsed, experiment, cancellation) =>
        {
            using Checkpoint model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
            ExperimentPlan plan = ExperimentPlan.Create(experiment, model);
            PlanCost cost = PlanCost.Estimate(plan, model, cancellation);
            if (parsed.GetValue(command.Json))
                Console.WriteLine(JsonSerializer.Serialize(Describe(plan, cost), Indented));
            else
                Print(plan, cost);
            return ExitCodes.Success;
        });
        return command.Command;
    }

    static object Describe(ExperimentPlan plan, PlanCost cost) => new
    {
        experiment = plan.Experiment.Manifest.Name,
        stale = Staleness.Of(plan.Experiment),
        samples = plan.Samples,
        tokens = plan.Tokens,
        flops = plan.Flops,
        seconds = cost.Seconds,
        tokensPerSecond = cost.TokensPerSecond,
        weightBytes = plan.WeightBytes,
        sampleBytes = plan.SampleBytes,
        batch = cost.Batch,
        memoryBytes = cost.MemoryBytes,
        pools = plan.Pools.Select(pool => new { name = pool.Manifest.Name, problems = pool.Prompts.Count, samples = pool.Samples, maxTokens = pool.Decoding.MaxTokens }),
    };

    static void Print(ExperimentPlan plan, PlanCost cost)
    {
        Console.WriteLine($"{plan.Experiment.Manifest.Name}: {(Staleness.Of(plan.Experiment) is { } reason ? $"stale ({reason})" : "up to date")}");
        foreach (PlannedPool pool in plan.Pools)
            Console.WriteLine($"pool {pool.Manifest.Name}: {pool.Prompts.Count} problems, {pool.Manifest.Samples} samples each, at most {pool.Decoding.MaxTokens} tokens, prompts of up to {pool.Prompts.Max(prompt => prompt.Tokens.Length)}");
        Console.WriteLine($"samples: {Number(plan.Samples)}");
        Console.WriteLine($"tokens: at most {Number(plan.Tokens)}");
        Console.WriteLine($"operations: at most {plan.Flops.ToString("0.##E+0", CultureInfo.InvariantCulture)} FLOP");
        Console.WriteLine($"memory: about {Megabytes(cost.MemoryBytes)} MB in all: weights {Megabytes(plan.WeightBytes)} MB, and {cost.Batch} samples in flight of up to {Megabytes(plan.SampleBytes)} MB each");
        Console.WriteLine($"time: at most {ProgressLine.Duration(TimeSpan.FromSeconds(cost.Seconds))} at the {Number(cost.TokensPerSecond)} tokens/s measured now");
    }

    static string Megabytes(double bytes) => (bytes / 1e6).ToString("#,0.##", CultureInfo.InvariantCulture);

    static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
