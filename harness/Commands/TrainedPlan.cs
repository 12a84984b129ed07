using System.Globalization;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Models;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>What the training of an experiment's models would take.</summary>
static class TrainedPlan
{
    const string Scientific = "0.##E+0";

    public static void Show(ResolvedExperiment experiment, bool json, CancellationToken cancellation)
    {
        string? stale = Staleness.Of(experiment);
        TrainingPlan plan = TrainingPlan.Create(experiment, cancellation);
        if (json)
            Console.WriteLine(JsonStyle.Write(Describe(experiment, plan, stale)));
        else
            Print(experiment, plan, stale);
    }

    static object Describe(ResolvedExperiment experiment, TrainingPlan plan, string? stale) => new
    {
        Experiment = experiment.Manifest.Name,
        Stale = stale,
        plan.Flops,
        plan.ComputedFlops,
        plan.Seconds,
        plan.Labels,
        plan.Evaluations,
        Models = plan.Models.Select(model => new
        {
            model.Model.Name,
            Parameters = TrainingFlops.Parameters(model.Model.Shape, embedding: true),
            ActiveParameters = TrainingFlops.Parameters(model.Model.Shape, embedding: true, active: true),
            ParametersWithoutEmbedding = TrainingFlops.Parameters(model.Model.Shape, embedding: false),
            ActiveParametersWithoutEmbedding = TrainingFlops.Parameters(model.Model.Shape, embedding: false, active: true),
            model.Model.Steps,
            model.Tokens,
            model.PaddedTokens,
            model.LossTokens,
            Flops = model.Flops.Total,
            FlopsWithoutHead = model.Flops.WithoutHead,
            model.ComputedFlops,
            model.Seconds,
            model.MemoryBytes,
        }),
    };

    static void Print(ResolvedExperiment experiment, TrainingPlan plan, string? stale)
    {
        Console.WriteLine($"{experiment.Manifest.Name}: {(stale is null ? "up to date; made again it would take:" : $"stale ({stale})")}");
        TextTable table = new(
            TextTable.Left("model"), TextTable.Right("parameters"), TextTable.Right("steps"), TextTable.Right("tokens"),
            TextTable.Right("padded"), TextTable.Right("that count"), TextTable.Right("FLOP"), TextTable.Right("without head"),
            TextTable.Right("memory (MB)"), TextTable.Right("time"));
        foreach (PlannedTraining model in plan.Models)
        {
            table.Add(
                model.Model.Name, Number(TrainingFlops.Parameters(model.Model.Shape, embedding: true)), Number(model.Model.Steps),
                Number(model.Tokens), Number(model.PaddedTokens), Number(model.LossTokens), Real(model.Flops.Total),
                Real(model.Flops.WithoutHead), Number(model.MemoryBytes / 1e6), Duration(model.Seconds));
        }
        table.WriteTo(Console.Out);
        string once = plan.ComputedFlops < plan.Flops ? $"; {Real(plan.ComputedFlops)} with steps that models share counted once" : "";
        Console.WriteLine($"operations: {Real(plan.Flops)} FLOP of training, logical, without padding{once}");
        if (plan.Labels.Samples > 0)
        {
            Console.WriteLine($"labels: {Number(plan.Labels.Samples)} samples and at most {Number(plan.Labels.Completions)} completions of "
                + $"their steps, about {Number(plan.Labels.Tokens)} tokens, {Real(plan.Labels.Flops)} FLOP");
        }
        if (plan.Evaluations.Samples > 0)
        {
            Console.WriteLine($"evaluations: {Number(plan.Evaluations.Samples)} samples, at most "
                + $"{Number(plan.Evaluations.MostTokens)} tokens, {Real(plan.Evaluations.MostFlops)} FLOP");
        }
        string without = plan.Labels.Samples > 0 ? ", without labels and evaluations"
            : plan.Evaluations.Samples > 0 ? ", without the evaluations" : "";
        Console.WriteLine($"time: about {Duration(plan.Seconds)} at the speed measured now{without}");
    }

    static string Real(double value) => value.ToString(Scientific, CultureInfo.InvariantCulture);

    static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    static string Duration(double seconds) => ProgressLine.Duration(TimeSpan.FromSeconds(seconds));
}
