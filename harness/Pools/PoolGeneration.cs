using System.Runtime.ExceptionServices;
using Harness.Kernels.Decoding;
using Harness.Records;
using Harness.Samples;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Pools;

/// <summary>Generates what a pool lacks, keeping each sample as it ends.</summary>
public static class PoolGeneration
{
    /// <summary>Every sample of the pool, those of earlier runs included, by (problem, sample).</summary>
    /// <param name="finished">Called for each new sample, from one thread at a time, after it is kept.</param>
    public static IReadOnlyList<LoggedGeneration> Complete(
        PlannedPool pool, GenerationLog log, Func<IGenerator> generator, Action<LoggedGeneration> finished, CancellationToken cancellation)
    {
        LoggedGeneration?[] samples = Place(pool, log.Recovered);
        GenerationRequest[] missing = Requests(pool, (problem, sample) => samples[Slot(pool, problem, sample)] is null);
        if (missing.Length > 0)
        {
            Draw(pool, generator(), missing, done =>
            {
                log.Append(done);
                samples[Slot(pool, done.Generation.Problem, done.Generation.Sample)] = done;
                finished(done);
            }, cancellation);
        }
        int absent = Array.IndexOf(samples, null);
        return absent < 0 ? samples.OfType<LoggedGeneration>().ToArray() : throw new InvalidOperationException(
            $"pool {pool.Manifest.Name}: the generator left out problem {absent / pool.Manifest.Samples}, sample "
            + $"{absent % pool.Manifest.Samples}");
    }

    /// <summary>Generates the wanted samples, kept nowhere.</summary>
    public static void Draw(
        PlannedPool pool,
        IGenerator generator,
        IReadOnlyList<GenerationRequest> requests,
        Action<LoggedGeneration> finished,
        CancellationToken cancellation)
    {
        ExceptionDispatchInfo? failure = null;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            generator.Generate(requests, pool.Decoding, generation =>
            {
                try
                {
                    if (failure is null)
                        finished(new LoggedGeneration(generation, pool.TextOf(generation)));
                }
                catch (Exception inCallback)
                {
                    failure = ExceptionDispatchInfo.Capture(inCallback);
                    stop.Cancel();
                }
            }, stop.Token);
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            failure.Throw();
        }
        failure?.Throw();
    }

    /// <summary>Samples for which <paramref name="wanted"/> holds, a request a problem.</summary>
    public static GenerationRequest[] Requests(PlannedPool pool, Func<int, int, bool> wanted) =>
    [
        .. pool.Prompts.Select((prompt, problem) => new GenerationRequest
        {
            Problem = problem,
            Prompt = prompt.Tokens,
            Samples = [.. Enumerable.Range(0, pool.Manifest.Samples).Where(sample => wanted(problem, sample))],
        }).Where(request => request.Samples.Count > 0),
    ];

    public static SampleRow Row(PlannedPool pool, LoggedGeneration sample)
    {
        Generation generation = sample.Generation;
        PlannedPrompt prompt = pool.Prompts[generation.Problem];
        (string? answer, bool correct) = pool.Judge(prompt, generation, sample.Text);
        return new SampleRow
        {
            Pool = pool.Manifest.Name,
            Problem = generation.Problem,
            Sample = generation.Sample,
            Difficulty = prompt.Problem.Difficulty,
            PromptTokens = prompt.Tokens.Length,
            Tokens = generation.Tokens.Length,
            Finish = FinishName(generation.Finish),
            Answer = answer ?? "",
            Correct = correct ? 1 : 0,
            Logprob = generation.LogProbability,
            TokensHash = Hashes.OfTokens(generation.Tokens),
        };
    }

    /// <summary>What the pool's verifiers give that read texts.</summary>
    public static IEnumerable<RewardRow> Rewards(PlannedPool pool, LoggedGeneration sample)
    {
        if (pool.Verifiers.Count == 0)
            yield break;
        Generation generation = sample.Generation;
        PlannedPrompt prompt = pool.Prompts[generation.Problem];
        (_, bool accepted) = pool.Judge(prompt, generation, sample.Text);
        foreach (ITextVerifier verifier in pool.Verifiers)
        {
            yield return new RewardRow
            {
                Pool = pool.Manifest.Name,
                Problem = generation.Problem,
                Sample = generation.Sample,
                Verifier = verifier.Name,
                Reward = verifier.Reward(new VerifiedText(prompt.Problem, sample.Text, generation.Tokens, accepted)
                {
                    RightSteps = RightSteps(pool.Task, prompt.Problem, pool.Written(prompt, generation, sample.Text)),
                }),
            };
        }
    }

    /// <summary>Null where the task checks no steps.</summary>
    internal static double? RightSteps(ITask task, Problem problem, GeneratedText text)
    {
        if (task is not IChecksSteps checks)
            return null;
        IReadOnlyList<bool> steps = checks.CheckSteps(problem, text.OutsideThinking);
        return (double)steps.TakeWhile(isRight => isRight).Count() / steps.Count;
    }

    /// <summary>The pool's problems, with their right answers where the checker compares with them.</summary>
    public static IEnumerable<ProblemRow> Problems(PlannedPool pool) => pool.Prompts.Select((prompt, problem) => new ProblemRow
    {
        Pool = pool.Manifest.Name,
        Problem = problem,
        Gold = pool.Manifest.Task.ChecksAgainstGold ? prompt.Problem.Answer : "",
    });

    static string FinishName(FinishReason finish) => finish switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => SampleRow.CutOff,
        _ => "stop-string",
    };

    /// <summary>
    /// A log of more samples than the pool now has gives those that it has. Texts are made of their tokens again, since what is left out of
    /// them may have been decided otherwise when they were kept.
    /// </summary>
    static LoggedGeneration?[] Place(PlannedPool pool, IReadOnlyList<LoggedGeneration> recovered)
    {
        LoggedGeneration?[] samples = new LoggedGeneration?[pool.Samples];
        foreach (LoggedGeneration done in recovered)
        {
            (int problem, int sample) = (done.Generation.Problem, done.Generation.Sample);
            if (problem >= 0 && problem < pool.Prompts.Count && sample >= 0 && sample < pool.Manifest.Samples)
                samples[Slot(pool, problem, sample)] = done with { Text = pool.TextOf(done.Generation) };
        }
        return samples;
    }

    static long Slot(PlannedPool pool, int problem, int sample) => (long)problem * pool.Manifest.Samples + sample;
}
