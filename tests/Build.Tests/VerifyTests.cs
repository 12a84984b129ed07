using System.Text;
using Harness.Pools;
using Harness.Records;

namespace Build.Tests;

public sealed class VerifyTests
{
    ScratchRepository scratch = null!;
    string whole = null!, manifest = null!;

    [OneTimeSetUp]
    public void BuildOnce()
    {
        scratch = new ScratchRepository();
        scratch.Write("sums", Manifests.Sums);
        scratch.Build("sums").Succeeded();
        whole = Path.Combine(scratch.Root, "whole");
        ScratchRepository.CopyFolder(scratch.Results("sums"), whole);
        manifest = scratch.Artifacts("sums", "manifest.json");
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [SetUp]
    public void Restore() => ScratchRepository.CopyFolder(whole, scratch.Results("sums"));

    [Test]
    public void Passes_on_what_was_committed_and_changes_nothing()
    {
        SortedDictionary<string, string> before = scratch.Committed("sums");

        scratch.Build("sums", "-t:Verify").Succeeded();

        Assert.That(scratch.Committed("sums"), Is.EqualTo(before));
    }

    [Test]
    public void Names_the_file_and_the_row_of_a_changed_answer()
    {
        ChangeRow(6, fields => fields["answer"] += "0");

        LoggedDiagnostic error = scratch.Build("sums", "-t:Verify").Failed();

        Assert.That((error.Code, error.File, error.Line), Is.EqualTo(("HRN0501", scratch.Results("sums", "samples.csv"), 7)));
        Assert.That(error.Text, Does.Contain("answer"));
    }

    /// <summary>As after a change of the arithmetic: committed row and log agree on a token that today's code does not give.</summary>
    [Test]
    public void Names_the_row_and_the_token_of_a_changed_hash()
    {
        const int problem = 1, sample = 2, position = 3, row = 1 + problem * 4 + sample;
        string path = scratch.Artifacts("sums", "think.generations");
        byte[] whole = File.ReadAllBytes(path);
        int[] tokens = GenerationLog.Read(path).Select(logged => logged.Generation)
            .Single(generation => (generation.Problem, generation.Sample) == (problem, sample)).Tokens;
        (int was, int now) = (tokens[position] ^ 1, tokens[position]);
        try
        {
            ReplaceTokens(path, problem, sample, [.. tokens[..position], was, .. tokens[(position + 1)..]]);
            ChangeRow(row, fields => fields["tokens_hash"] = Hashes.OfTokens([.. tokens[..position], was, .. tokens[(position + 1)..]]));

            LoggedDiagnostic error = scratch.Build("sums", "-t:Verify").Failed();

            Assert.That((error.Code, error.File, error.Line), Is.EqualTo(("HRN0501", scratch.Results("sums", "samples.csv"), row + 1)));
            Assert.That(error.Text, Does.Contain($"first diverging token {position}: was {was} ").And.Contain($"is {now} "));
        }
        finally
        {
            File.WriteAllBytes(path, whole);
        }
    }

    [TestCase("samples.csv")]
    [TestCase("accuracy.csv")]
    [TestCase("accuracy.svg")]
    [TestCase("run.json")]
    [TestCase("README.md")]
    public void Fails_when_any_byte_of_an_exact_file_is_changed(string file)
    {
        string path = scratch.Results("sums", file);
        byte[] bytes = File.ReadAllBytes(path);
        int at = Array.FindLastIndex(bytes, value => value is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'y');
        bytes[at]++;
        File.WriteAllBytes(path, bytes);

        BuildOutcome verified = scratch.Run("verify", manifest);

        Assert.That(verified.ExitCode, Is.Not.Zero, verified.Output);
        Assert.That(verified.Output, Does.Contain(file));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(bytes), "the committed file is left as it is");
    }

    [Test]
    public void Fails_when_a_file_is_missing()
    {
        File.Delete(scratch.Results("sums", "accuracy.csv"));

        BuildOutcome verified = scratch.Run("verify", manifest);

        Assert.That(verified.ExitCode, Is.Not.Zero, verified.Output);
        Assert.That(verified.Errors.Select(error => (error.Code, error.File)),
            Is.EqualTo(((string, string)[])[("HRN0502", scratch.Results("sums", "accuracy.csv"))]), verified.Output);
    }

    [Test]
    public void Rebuild_ends_with_the_same_bytes()
    {
        SortedDictionary<string, string> before = scratch.Committed("sums");

        BuildOutcome rebuilt = scratch.Build("sums", "-t:Rebuild", "-p:Threads=1", "-p:Batch=3").Succeeded();

        Assert.That(rebuilt.SaysUpToDate, Is.False, rebuilt.Output);
        Assert.That(scratch.Committed("sums"), Is.EqualTo(before));
    }

    [Test]
    public void An_overridden_run_leaves_results_alone_and_writes_to_artifacts()
    {
        SortedDictionary<string, string> before = scratch.Committed("sums");

        scratch.Build("sums", "-p:Problems=2", "-p:Samples=2").Succeeded();

        Assert.That(scratch.Committed("sums"), Is.EqualTo(before));
        string[] written = Directory.GetFiles(scratch.Artifacts("sums"), "samples.csv", SearchOption.AllDirectories);
        Assert.That(written, Has.Length.EqualTo(1));
        // Two pools of 2 problems with 2 samples each, and the header.
        Assert.That(File.ReadAllLines(written[0]), Has.Length.EqualTo(9));
    }

    [Test]
    public void Plan_runs_nothing()
    {
        SortedDictionary<string, string> before = scratch.Committed("sums");

        BuildOutcome planned = scratch.Build("sums", "-t:Plan", "-p:Problems=500").Succeeded();

        Assert.That(planned.Output, Does.Contain("think").And.Contain("search"));
        Assert.That(scratch.Committed("sums"), Is.EqualTo(before));
    }

    /// <param name="row">Of samples.csv, the header being 0.</param>
    void ChangeRow(int row, Action<Dictionary<string, string>> change)
    {
        string path = scratch.Results("sums", "samples.csv");
        string[] lines = File.ReadAllLines(path), header = lines[0].Split(',');
        Dictionary<string, string> fields = header.Zip(lines[row].Split(',')).ToDictionary(field => field.First, field => field.Second);
        change(fields);
        lines[row] = string.Join(',', header.Select(name => fields[name]));
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
    }

    static void ReplaceTokens(string path, int problem, int sample, int[] tokens)
    {
        const int magic = 8, key = 64;
        string keyOfPool = Encoding.ASCII.GetString(File.ReadAllBytes(path), magic, key);
        IReadOnlyList<LoggedGeneration> logged = GenerationLog.Read(path);
        File.Delete(path);
        using GenerationLog log = GenerationLog.Open(path, keyOfPool);
        foreach (LoggedGeneration kept in logged)
        {
            bool replaced = (kept.Generation.Problem, kept.Generation.Sample) == (problem, sample);
            log.Append(replaced ? kept with { Generation = kept.Generation with { Tokens = tokens } } : kept);
        }
    }
}
