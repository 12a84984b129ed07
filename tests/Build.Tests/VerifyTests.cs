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
        // Kept aside, since an overridden build resolves another one into artifacts.
        manifest = Path.Combine(scratch.Root, "manifest.json");
        File.Copy(scratch.Artifacts("sums", "manifest.json"), manifest);
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
    public void Names_the_file_and_the_row_of_a_changed_byte()
    {
        string[] lines = File.ReadAllLines(scratch.Results("sums", "samples.csv"));
        lines[6] = lines[6].Replace(",stop,", ",stoq,");
        File.WriteAllText(scratch.Results("sums", "samples.csv"), string.Join('\n', lines) + "\n");

        LoggedDiagnostic error = scratch.Build("sums", "-t:Verify").Failed();

        Assert.That(error.Code, Is.EqualTo("HRN0501").Or.EqualTo("HRN0503"));
        Assert.That((error.File, error.Line), Is.EqualTo((scratch.Results("sums", "samples.csv"), 7)));
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
        Assert.That(verified.Errors.Select(error => (error.Code, error.File)), Is.EqualTo(((string, string)[])[("HRN0502", scratch.Results("sums", "accuracy.csv"))]), verified.Output);
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

        BuildOutcome planned = scratch.Build("sums", "-t:Plan", "-p:Problems=2000").Succeeded();

        Assert.That(planned.Output, Does.Contain("think").And.Contain("search"));
        Assert.That(scratch.Committed("sums"), Is.EqualTo(before));
    }
}
