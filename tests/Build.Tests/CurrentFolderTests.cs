using System.Text.Json;

namespace Build.Tests;

public sealed class CurrentFolderTests
{
    ScratchRepository scratch = null!;

    [SetUp]
    public void Write()
    {
        scratch = new ScratchRepository();
        scratch.Write("sums", Manifests.Sums);
    }

    [TearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void An_experiment_s_own_folder_needs_no_name()
    {
        BuildOutcome planned = scratch.RunIn(scratch.Results("sums"), "plan", "--json").Succeeded();
        Assert.That(JsonDocument.Parse(planned.Output).RootElement.GetProperty("experiment").GetString(), Is.EqualTo("sums"));
        BuildOutcome elsewhere = scratch.RunIn(scratch.Root, "run");
        Assert.That((elsewhere.ExitCode, elsewhere.Errors[0].Code), Is.EqualTo((2, "HRN0405")), elsewhere.Output);
    }

    /// <summary>A file in the place of artifacts/ refuses writing to whoever asks, as a read-only checkout does.</summary>
    [Test]
    public void A_sample_is_shown_where_nothing_can_be_written()
    {
        File.WriteAllText(Path.Combine(scratch.Root, "artifacts"), "");
        BuildOutcome shown = scratch.Run("show", "sums", "0", "0-1", "--jsonl").Succeeded();
        Assert.That(shown.Output.TrimEnd().Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sample").GetInt32()), Is.EqualTo((int[])[0, 1]));
    }
}
