using System.Text;

namespace Build.Tests;

public sealed class StalenessTests
{
    ScratchRepository scratch = null!;

    [OneTimeSetUp]
    public void BuildOnce()
    {
        scratch = new ScratchRepository();
        Manifests.WriteQuestions(scratch, "own");
        BuildOutcome first = scratch.Build("own").Succeeded();
        Assert.That(first.SaysUpToDate, Is.False, first.Output);
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void A_run_leaves_every_file_of_an_experiment() =>
        Assert.That(scratch.Committed("own").Keys,
            Is.SupersetOf((string[])["README.md", "accuracy.csv", "accuracy.svg", "run.json", "samples.csv"]));

    [Test]
    public void Up_to_date_after_a_build() => ExpectUpToDate();

    [Test]
    public void Up_to_date_in_a_fresh_clone_whatever_its_time_stamps()
    {
        Directory.Delete(scratch.Artifacts("own"), recursive: true);
        foreach (string file in Directory.EnumerateFiles(scratch.Root, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(1));

        ExpectUpToDate();
    }

    [Test]
    public void Up_to_date_after_a_comment_in_the_manifest() =>
        Altered("own.proj", text => text.Replace("<ItemGroup>", "<ItemGroup>  <!-- a comment -->"), ExpectUpToDate);

    [Test]
    public void Up_to_date_wherever_it_is_placed()
    {
        Assert.That(scratch.Build("own", "-p:Threads=1", "-p:Batch=3", "-p:Device=cpu").Succeeded().SaysUpToDate, Is.True);
    }

    [Test]
    public void Stale_after_a_change_in_the_manifest() =>
        Altered("own.proj", text => text.Replace("<Seed>1</Seed>", "<Seed>2</Seed>"), ExpectStale);

    [Test]
    public void Stale_after_a_change_in_the_data() =>
        Altered("questions.jsonl", text => text.Replace("9 - 2", "9 - 3"), ExpectStale);

    [Test]
    public void Stale_after_a_change_in_the_prompt() =>
        Altered("prompt.txt", text => text.Replace("think", "direct"), ExpectStale);

    [Test]
    public void Stale_after_one_byte_of_the_model_changed_under_the_same_time_stamp() =>
        AlteredBytes("model/model.safetensors", bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], ExpectStale);

    void ExpectUpToDate()
    {
        SortedDictionary<string, string> before = scratch.Committed("own");

        BuildOutcome again = scratch.Build("own").Succeeded();

        Assert.That(again.SaysUpToDate, Is.True, again.Output);
        Assert.That(scratch.Committed("own"), Is.EqualTo(before));
    }

    void ExpectStale()
    {
        string before = scratch.Committed("own")["run.json"];

        BuildOutcome again = scratch.Build("own").Succeeded();

        Assert.That(again.SaysUpToDate, Is.False, again.Output);
        Assert.That(scratch.Committed("own")["run.json"], Is.Not.EqualTo(before));
    }

    void Altered(string file, Func<string, string> change, Action act) =>
        AlteredBytes(file, bytes => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes))), act);

    /// <summary>Acts with one file changed under its old time stamp, then puts the experiment back as it was built.</summary>
    void AlteredBytes(string file, Func<byte[], byte[]> change, Action act)
    {
        string kept = Path.Combine(scratch.Root, "kept"), path = scratch.Results("own", file);
        ScratchRepository.CopyFolder(scratch.Results("own"), kept);
        try
        {
            byte[] whole = File.ReadAllBytes(path), changed = change(whole);
            Assert.That(changed, Is.Not.EqualTo(whole));
            DateTime written = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(path, changed);
            File.SetLastWriteTimeUtc(path, written);
            act();
        }
        finally
        {
            ScratchRepository.CopyFolder(kept, scratch.Results("own"));
            Directory.Delete(kept, recursive: true);
        }
    }
}
