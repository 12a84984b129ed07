using System.Globalization;
using Harness.Diagnostics;
using Harness.Engines.Recorded;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Pools;

/// <summary>
/// A recorded pool with what its task says of each sample. What the recording says is right stays so; the task judges it again where it
/// can, and decides alone where the recording does not say.
/// </summary>
public sealed class ReplayedPool
{
    readonly PoolManifest pool;
    readonly IReadOnlyList<Problem> problems;
    readonly Replayed[][] samples;
    readonly IReadOnlyList<ITextVerifier> verifiers;
    readonly ITask? task;

    /// <param name="index">The pool's place in the manifest.</param>
    /// <exception cref="HarnessException">A file that is absent or wrong; <see cref="Codes.RecordingLacks"/>.</exception>
    public ReplayedPool(ResolvedExperiment experiment, int index)
    {
        pool = experiment.Manifest.Pools[index];
        verifiers = experiment.Manifest.TextVerifiersOf(pool);
        RecordingManifest recording = pool.Recording ?? throw new InvalidOperationException($"pool '{pool.Name}' is not recorded");
        RecordedFile file = experiment.Recordings[index]!;
        IReadOnlyList<RecordedSample> all = recording.Format.Read(file, recording.Fields, pool.Name, recording.Pool);
        task = pool.Task == RecordedTask.Definition ? null : experiment.Tasks[index];
        problems = [.. experiment.Tasks[index].Problems.Skip(recording.FirstProblem)];
        samples =
        [
            .. Recording.Of(file, all, recording.FirstProblem, pool.Problems, pool.Samples).Zip(
                problems, (recorded, problem) => recorded.Select(sample => Judged(task, file, problem, sample)).ToArray()),
        ];
        experiment.At(pool, index, RecordingAttributes.Recorded.Name, () => RequireWhatIsRead(experiment.Manifest));
    }

    /// <summary>A sample with the task's own reading of it.</summary>
    /// <param name="Answer">The recording's; else what the task reads in its text; null where there is none.</param>
    /// <param name="Verdict">What the task says; null where it cannot.</param>
    sealed record Replayed(RecordedSample Recorded, string? Answer, bool? Verdict)
    {
        public bool Correct => Recorded.Correct ?? Verdict!.Value;

        public bool IsDisputed => Recorded.Correct is { } recorded && Verdict is { } judged && recorded != judged;
    }

    /// <summary>The rows of every pool of an experiment whose pools are recorded, in the manifest's order.</summary>
    /// <exception cref="HarnessException">A file that is absent or wrong; <see cref="Codes.RecordingLacks"/>.</exception>
    public static SampleFiles Read(ResolvedExperiment experiment)
    {
        ReplayedPool[] pools = [.. experiment.Manifest.Pools.Select((_, index) => new ReplayedPool(experiment, index))];
        return new SampleFiles(
            [.. pools.SelectMany(pool => pool.Samples).Select(sample => sample.Row)],
            [.. pools.SelectMany(pool => pool.Problems())],
            [.. pools.SelectMany(pool => pool.Rewards())])
        {
            Recordings = [.. pools.Select(pool => pool.Agreement())],
        };
    }

    /// <summary>By problem, then by sample.</summary>
    public IEnumerable<ReplayedSample> Samples =>
        All.Select(sample => new ReplayedSample(
            Row(sample.Problem, sample.Sample, sample.Replayed), problems[sample.Problem], sample.Replayed.Recorded.Text));

    IEnumerable<(int Problem, int Sample, Replayed Replayed)> All => samples.SelectMany((problem, p) =>
        problem.Select((sample, s) => (p, s, sample)));

    static Replayed Judged(ITask? task, RecordedFile file, Problem problem, RecordedSample sample)
    {
        string? given = sample.Answer is { Length: > 0 } stated ? stated : null;
        string? read = task is null ? null : Extracted(task, problem, sample, given);
        bool judges = task is not null && (sample.Text is not null || given is not null);
        bool? verdict = judges ? task!.IsCorrect(problem, read) : null;
        return sample.Correct is null && verdict is null
            ? throw file.Bad(
                $"a sample of problem {sample.Problem} has no field that says whether it is right, and nothing that the task could judge",
                sample.Line)
            : new Replayed(sample, given ?? read, verdict);
    }

    /// <summary>The task's reading of the text, else of the answer alone.</summary>
    static string? Extracted(ITask task, Problem problem, RecordedSample sample, string? given) => sample.Text is { } text
        ? task.ExtractAnswer(problem, new GeneratedText(text) { CutOff = sample.Finish == SampleRow.CutOff })
        : given is null ? null : task.ExtractAnswer(problem, new GeneratedText(given)) ?? given;

    /// <summary>What a strategy reads of the samples must be there: nothing stands for what the recording leaves out.</summary>
    bool RequireWhatIsRead(Manifest manifest)
    {
        foreach (StrategyManifest reader in manifest.Strategies.Where(strategy => strategy.Pool == pool))
        {
            if (reader.Definition.VotesOnAnswers && All.All(sample => sample.Replayed.Answer is null))
                throw Codes.RecordingLacks.With($"strategy '{reader.Name}' counts equal answers, and the recording has none");
            if (reader.Verifier is { NeedsLogprobs: true } scorer
                && All.Any(sample => sample.Replayed.Recorded is not { Tokens: not null, Logprob: not null }))
                throw Codes.RecordingLacks.With(
                    $"verifier '{scorer.Name}' of strategy '{reader.Name}' reads tokens and log-probabilities, which the recording does "
                    + "not state of every sample");
            if (reader.Verifier is ITextVerifier judge && All.Any(sample => sample.Replayed.Recorded.Text is null))
                throw Codes.RecordingLacks.With(
                    $"verifier '{judge.Name}' of strategy '{reader.Name}' reads texts, which the recording does not have of every sample");
        }
        return true;
    }

    SampleRow Row(int problem, int sample, Replayed replayed) => new()
    {
        Pool = pool.Name,
        Problem = problem,
        Sample = sample,
        Difficulty = replayed.Recorded.Difficulty ?? problems[problem].Difficulty,
        PromptTokens = replayed.Recorded.PromptTokens,
        Tokens = replayed.Recorded.Tokens,
        Finish = replayed.Recorded.Finish ?? "",
        Answer = replayed.Answer ?? "",
        Correct = replayed.Correct ? 1 : 0,
        Logprob = replayed.Recorded.Logprob,
        TokensHash = replayed.Recorded.TokensHash ?? "",
    };

    IEnumerable<ProblemRow> Problems() => samples.Select((_, index) => new ProblemRow
    {
        Pool = pool.Name,
        Problem = index,
        Gold = pool.Task.ChecksAgainstGold ? problems[index].Answer : "",
    });

    IEnumerable<RewardRow> Rewards() => All.SelectMany(sample => verifiers.Select(verifier => new RewardRow
    {
        Pool = pool.Name,
        Problem = sample.Problem,
        Sample = sample.Sample,
        Verifier = verifier.Name,
        Reward = verifier.Reward(new VerifiedText(
            problems[sample.Problem], sample.Replayed.Recorded.Text!, [], sample.Replayed.Verdict ?? sample.Replayed.Correct)
        {
            RightSteps = task is null ? null : PoolGeneration.RightSteps(
                task, problems[sample.Problem], new GeneratedText(sample.Replayed.Recorded.Text!)),
        }),
    }));

    RecordedRow Agreement()
    {
        (int Problem, int Sample, Replayed Replayed)[] disputed = [.. All.Where(sample => sample.Replayed.IsDisputed)];
        return new RecordedRow
        {
            Pool = pool.Name,
            Samples = All.Count(),
            Right = All.All(sample => sample.Replayed.Recorded.Correct is not null)
                ? All.Count(sample => sample.Replayed.Recorded.Correct == true)
                : null,
            Checked = All.Count(sample => sample.Replayed.Verdict is not null),
            OnlyRecorded = disputed.Count(sample => sample.Replayed.Recorded.Correct == true),
            OnlyChecked = disputed.Count(sample => sample.Replayed.Verdict == true),
            FirstDisagreement = disputed.Length == 0 ? ""
                : string.Create(CultureInfo.InvariantCulture, $"{disputed[0].Problem}:{disputed[0].Sample}"),
        };
    }
}
