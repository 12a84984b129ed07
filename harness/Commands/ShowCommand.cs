using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Pools;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness show: one sample, generated again, token by token with its probabilities.</summary>
static class ShowCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        ExperimentCommand command = ExperimentCommand.Create("show", "Print a sample's prompt and answer, generated again, token by token with probabilities.");
        Argument<int> problem = new("problem") { Description = "Its number in samples.csv." };
        Argument<int> sample = new("sample") { Description = "Its number in samples.csv." };
        Option<string?> pool = new("--pool") { Description = "The pool's name; the manifest's first by default." };
        command.Command.Arguments.Add(problem);
        command.Command.Arguments.Add(sample);
        command.Command.Options.Add(pool);
        command.SetAction((parsed, experiment, cancellation) =>
        {
            using Checkpoint model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
            ExperimentPlan plan = ExperimentPlan.Create(experiment, model);
            PlannedPool chosen = Choose(plan, parsed.GetValue(pool), parsed.GetRequiredValue(problem), parsed.GetRequiredValue(sample));
            LoggedGeneration shown = Generate(experiment, chosen, model, parsed.GetRequiredValue(problem), parsed.GetRequiredValue(sample), cancellation);
            if (parsed.GetValue(command.Json))
                PrintJson(chosen, shown);
            else
                Print(chosen, shown);
            return ExitCodes.Success;
        });
        return command.Command;
    }

    static PlannedPool Choose(ExperimentPlan plan, string? name, int problem, int sample)
    {
        PlannedPool pool = name is null
            ? plan.Pools[0]
            : plan.Pools.FirstOrDefault(candidate => candidate.Manifest.Name == name)
                ?? throw Codes.NoSuchSample.With($"no pool '{name}'{NearestName.Hint(name, plan.Pools.Select(candidate => candidate.Manifest.Name))}");
        if (problem < 0 || problem >= pool.Prompts.Count || sample < 0 || sample >= pool.Manifest.Samples)
            throw Codes.NoSuchSample.With($"pool '{pool.Manifest.Name}' has problems 0 to {pool.Prompts.Count - 1} and samples 0 to {pool.Manifest.Samples - 1}");
        return pool;
    }

    static LoggedGeneration Generate(
        ResolvedExperiment experiment, PlannedPool pool, Checkpoint model, int problem, int sample, CancellationToken cancellation)
    {
        using IGenerator generator = experiment.Manifest.Engine.CreateGenerator(model, experiment.Manifest.Precision, experiment.Manifest.Placement);
        GenerationRequest request = new() { Problem = problem, Prompt = pool.Prompts[problem].Tokens, Samples = [sample] };
        LoggedGeneration? shown = null;
        PoolGeneration.Draw(pool, generator, [request], finished => shown = finished, cancellation);
        return shown ?? throw new InvalidOperationException($"the generator left out problem {problem}, sample {sample}");
    }

    static void Print(PlannedPool pool, LoggedGeneration shown)
    {
        SampleRow row = PoolGeneration.Row(pool, shown);
        Console.WriteLine(pool.Prompts[row.Problem].Text);
        Console.WriteLine($"--- pool {row.Pool}, problem {row.Problem}, sample {row.Sample} ---");
        Console.WriteLine(shown.Text);
        Console.WriteLine("--- tokens ---");
        for (int i = 0; i < shown.Generation.Tokens.Length; i++)
            Console.WriteLine($"{i,4}  {Probability(shown.Generation.LogProbabilities[i])}  {Visible(pool, shown.Generation.Tokens[i])}");
        string right = pool.Prompts[row.Problem].Problem.Answer;
        Console.WriteLine($"answer: {(row.Answer.Length == 0 ? "none" : row.Answer)} ({(row.Correct == 1 ? "right" : $"wrong; right: {right}")}), {row.Tokens} tokens, finish {row.Finish}, logprob {CsvFields.Write(row.Logprob)}, hash {row.TokensHash}");
    }

    static void PrintJson(PlannedPool pool, LoggedGeneration shown)
    {
        SampleRow row = PoolGeneration.Row(pool, shown);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pool = row.Pool,
            problem = row.Problem,
            sample = row.Sample,
            prompt = pool.Prompts[row.Problem].Text,
            text = shown.Text,
            answer = row.Answer,
            correct = row.Correct == 1,
            finish = row.Finish,
            tokensHash = row.TokensHash,
            tokens = shown.Generation.Tokens.Zip(shown.Generation.LogProbabilities, (id, logprob) => new { id, text = Visible(pool, id), logprob }),
        }, Indented));
    }

    static string Probability(float logprob) => Math.Exp(logprob).ToString("0.0000", CultureInfo.InvariantCulture);

    static string Visible(PlannedPool pool, int id) => id < pool.Tokenizer.VocabularySize
        ? Encoding.UTF8.GetString(pool.Tokenizer.TokenBytes(id)).Replace("\n", "\\n", StringComparison.Ordinal)
        : $"<{id}>";
}
