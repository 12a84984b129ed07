using Harness.Comparison;
using Harness.Kernels.Decoding;
using Harness.Pools;
using Harness.Reports;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Comparison;

/// <summary>Where the tokens of a sample begin to differ, as far as artifacts of both checkouts hold them.</summary>
sealed class FirstTokenTests
{
    static readonly ResultFiles Before = ResultFiles.Of("demo", ("sums", "0 0 1"));

    /// <summary>The fakes' tokens are problem, sample and version.</summary>
    static void Keep(ScratchRepository repository, int problem, int version)
    {
        string artifacts = Path.Combine(repository.Root, "artifacts", "demo");
        Directory.CreateDirectory(artifacts);
        using GenerationLog log = GenerationLog.Open(Path.Combine(artifacts, "sums.generations"), new string('a', 64));
        int[] tokens = [problem, 0, version];
        log.Append(new LoggedGeneration(new Generation(problem, 0, tokens, new float[3], FinishReason.Stop), "text"));
    }

    static PoolSamples Compare(Action<ScratchRepository> ofBefore, Action<ScratchRepository> ofAfter, out string report)
    {
        using ScratchRepository before = new(), after = new();
        before.Write(Before);
        ofBefore(before);
        after.Write(Before.Answering("sums", "0 1 1"));
        ofAfter(after);
        ResultComparison comparison = Compared.Of(after.Root, before.Root, "worktree");
        report = string.Join('\n', TerminalReport.Lines(ComparisonReport.Of(comparison)));
        return comparison.Experiments.Single().Pools.Single();
    }

    [Test]
    public void Artifacts_of_both_sides_say_it()
    {
        PoolSamples pool = Compare(folder => Keep(folder, 1, 0), folder => Keep(folder, 1, 1), out string report);
        Assert.That(pool.FirstToken, Is.EqualTo((2, (int?)0, (int?)1)));
        Assert.That(report, Does.Contain("Their first 2 tokens are equal; then comes token 0 in A, token 1 in B."));
    }

    [Test]
    public void Artifacts_of_one_side_or_of_other_tokens_say_nothing()
    {
        Assert.That(Compare(folder => Keep(folder, 1, 0), _ => { }, out string report).FirstToken, Is.Null);
        Assert.That(report, Does.Not.Contain("tokens are equal"));
        Assert.That(Compare(folder => Keep(folder, 1, 0), folder => Keep(folder, 1, 7), out _).FirstToken, Is.Null, "an older run's");
    }
}
