using System.CommandLine;
using Harness.Diagnostics;
using Harness.Engines;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness show: samples, generated again, with their texts, answers and tokens.</summary>
sealed class ShowCommand
{
    /// <summary>
    /// How many samples are generated before the first of them is shown: enough for full batches, few enough to begin soon.
    /// </summary>
    const int ChunkSamples = 512;

    readonly ExperimentCommand command = ExperimentCommand.Create(
        "show", "Print samples, generated again: prompt, text, answer, and each token with its probability.");

    readonly Argument<string?> problems = new("problem")
    {
        Description = "Its number in samples.csv, a range (0-5) or a list (1,4,7).",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Argument<string?> samples = new("sample")
    {
        Description = "The same of its samples; all of them by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string?> pool = new("--pool") { Description = "The pool's name; the manifest's first by default." };
    readonly Option<bool> allWrong = new("--all-wrong") { Description = "Every sample of the pool that samples.csv has as wrong." };
    readonly Option<bool> text = new("--text") { Description = "Without the tokens." };
    readonly Option<bool> lines = new("--jsonl") { Description = "As JSONL, a line a sample, without the tokens." };

    ShowCommand()
    {
        command.Command.Arguments.Add(problems);
        command.Command.Arguments.Add(samples);
        foreach (Option option in new Option[] { pool, allWrong, text, lines })
            command.Command.Options.Add(option);
        command.SetAction(Run);
    }

    public static Command Create() => new ShowCommand().command.Command;

    int Run(ParseResult parsed, ResolvedExperiment experiment, CancellationToken cancellation)
    {
        ShownAs form = FormOf(parsed);
        (NumberSelection problem, NumberSelection sample) = Selection(parsed);
        bool onlyWrong = parsed.GetValue(allWrong), one = problem.IsSingle && sample.IsSingle && !onlyWrong;
        if (experiment.Manifest.IsRecorded)
        {
            int index = IndexOf(experiment.Manifest.Pools, parsed.GetValue(pool));
            RequireInside(experiment.Manifest.Pools[index], experiment.Manifest.Pools[index].Problems, problem, sample);
            Show(new ReplayedPool(experiment, index).Samples.Where(shown => problem.Contains(shown.Row.Problem)
                && sample.Contains(shown.Row.Sample) && !(onlyWrong && shown.Row.Correct == 1)).Select(shown => new ShownRecording(shown)),
                form, one);
            return ExitCodes.Success;
        }
        using IEngineModel model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
        ExperimentPlan plan = ExperimentPlan.Create(experiment, model);
        PlannedPool chosen = plan.Pools[IndexOf([.. plan.Pools.Select(planned => planned.Manifest)], parsed.GetValue(pool))];
        RequireInside(chosen.Manifest, chosen.Prompts.Count, problem, sample);
        HashSet<(int, int)>? wrong = onlyWrong ? WrongSamples(experiment, chosen) : null;
        GenerationRequest[] wanted = PoolGeneration.Requests(
            chosen, (p, s) => problem.Contains(p) && sample.Contains(s) && (wrong is null || wrong.Contains((p, s))));
        Show(Generate(experiment, chosen, model, wanted, cancellation), form, one);
        return ExitCodes.Success;
    }

    ShownAs FormOf(ParseResult parsed)
    {
        (bool Given, ShownAs Form)[] forms =
        [
            (parsed.GetValue(text), ShownAs.Text),
            (parsed.GetValue(command.Json), ShownAs.Json),
            (parsed.GetValue(lines), ShownAs.JsonLines),
        ];
        return forms.Count(form => form.Given) switch
        {
            0 => ShownAs.Tokens,
            1 => forms.First(form => form.Given).Form,
            _ => throw Codes.UsageError.With("--text, --json and --jsonl exclude one another"),
        };
    }

    (NumberSelection Problem, NumberSelection Sample) Selection(ParseResult parsed)
    {
        string? problem = parsed.GetValue(problems), sample = parsed.GetValue(samples);
        if (problem is null && !parsed.GetValue(allWrong))
            throw Codes.UsageError.With(
                "name a problem and a sample, such as 0 3 or 0-5 0-3, or ask for --all-wrong; see `harness show --help`");
        return (
            problem is null ? NumberSelection.All : NumberSelection.Parse(problem, "problem"),
            sample is null ? NumberSelection.All : NumberSelection.Parse(sample, "sample"));
    }

    /// <summary>The place of a pool; of the first where none is named.</summary>
    static int IndexOf(IReadOnlyList<PoolManifest> pools, string? name)
    {
        int index = name is null ? 0 : pools.Select(candidate => candidate.Name).ToList().IndexOf(name);
        return index >= 0 ? index
            : throw Codes.NoSuchSample.With($"no pool '{name}'{NearestName.Hint(name!, pools.Select(candidate => candidate.Name))}");
    }

    static void RequireInside(PoolManifest pool, int problems, NumberSelection problem, NumberSelection sample)
    {
        bool inside = (problem == NumberSelection.All || problem.Largest < problems)
            && (sample == NumberSelection.All || sample.Largest < pool.Samples);
        if (!inside)
            throw Codes.NoSuchSample.With($"pool '{pool.Name}' has problems 0 to {problems - 1} and samples 0 to {pool.Samples - 1}");
    }

    static HashSet<(int, int)> WrongSamples(ResolvedExperiment experiment, PlannedPool pool) =>
    [
        .. SampleTable.Csv.Read(Path.Combine(experiment.Paths.Results, SampleTable.Csv.FileName))
            .Where(row => row.Pool == pool.Manifest.Name && row.Correct == 0).Select(row => (row.Problem, row.Sample)),
    ];

    /// <summary>Samples ordered by (problem, sample). The weights are loaded once, and not at all where no sample is wanted.</summary>
    static IEnumerable<ShownSample> Generate(
        ResolvedExperiment experiment, PlannedPool pool, IEngineModel model, GenerationRequest[] wanted,
        CancellationToken cancellation)
    {
        if (wanted.Length == 0)
            yield break;
        using IGenerator generator =
            model.CreateGenerator(experiment.Manifest.Precision, experiment.Manifest.Placement);
        int perChunk = Math.Max(1, ChunkSamples / wanted.Max(request => request.Samples.Count));
        foreach (GenerationRequest[] chunk in wanted.Chunk(perChunk))
        {
            List<LoggedGeneration> finished = [];
            PoolGeneration.Draw(pool, generator, chunk, finished.Add, cancellation);
            foreach (LoggedGeneration sample in finished.OrderBy(sample => (sample.Generation.Problem, sample.Generation.Sample)))
                yield return new ShownSample(pool, sample);
        }
    }

    /// <param name="one">Whether one sample was named: its JSON is an object, that of several is an array.</param>
    static void Show(IEnumerable<IShownSample> shown, ShownAs form, bool one)
    {
        if (form == ShownAs.Json)
        {
            object[] all = [.. shown.Select(sample => sample.Full())];
            Console.WriteLine(one ? JsonStyle.Write(all[0]) : JsonStyle.Write(all));
            return;
        }
        int count = 0;
        foreach (IShownSample sample in shown)
        {
            if (form == ShownAs.JsonLines)
            {
                Console.WriteLine(JsonStyle.WriteLine(sample.Line()));
                continue;
            }
            if (count++ > 0)
                Console.WriteLine();
            sample.Print(Console.Out, withTokens: form == ShownAs.Tokens);
        }
        if (count == 0 && form != ShownAs.JsonLines)
            Console.WriteLine("no sample is selected");
    }
}
