namespace Build.Tests;

public sealed class MissingInputTests
{
    const string Model = "<Model>model</Model>";

    ScratchRepository scratch = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        scratch = new ScratchRepository();
        scratch.Write("here", Manifests.Sums);
        scratch.Write("absent", Manifests.Sums.Replace(Model, "<Model>models/nowhere.gguf</Model>"), withModel: false);
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void A_missing_model_fails_by_name()
    {
        LoggedDiagnostic error = scratch.Build("absent").Failed();

        Assert.That((error.Code, error.File), Is.EqualTo(("HRN0201", scratch.Results("absent", "absent.proj"))));
        Assert.That(error.Line, Is.EqualTo(5));
        Assert.That(error.Text, Does.Contain("models/nowhere.gguf"));
    }

    [Test]
    public void A_missing_model_is_skipped_with_a_code_when_all_are_built()
    {
        BuildOutcome all = scratch.Build(".").Succeeded();

        LoggedDiagnostic[] ofAbsent = [.. all.Diagnostics.Where(diagnostic =>
            diagnostic.File.Contains("absent.proj", StringComparison.Ordinal))];
        Assert.That(ofAbsent.Select(diagnostic => (diagnostic.Kind, diagnostic.Code)),
            Is.EqualTo(((string, string)[])[("warning", "HRN0506")]), all.Output);
        Assert.That(scratch.Committed("absent").Keys, Is.EqualTo((string[])["absent.proj"]));
        Assert.That(scratch.Results("here", "samples.csv"), Does.Exist);
    }

    [Test]
    public void Missing_data_fails_by_name()
    {
        scratch.Write("school", Manifests.Sums.Replace("Task=\"sum\"", "Task=\"gsm8k\"").Replace(" Difficulty=\"3;5\"", ""));

        LoggedDiagnostic error = scratch.Build("school").Failed();

        Assert.That((error.Code, error.File), Is.EqualTo(("HRN0301", scratch.Results("school", "school.proj"))));
        Directory.Delete(scratch.Results("school"), recursive: true);
    }

    [Test]
    public void A_recorded_experiment_needs_no_model_and_its_file_only_to_be_replayed()
    {
        scratch.Write("logged", Manifests.Recorded, withModel: false);
        File.WriteAllText(scratch.Results("logged", "log.csv"), "problem,correct\n0,1\n0,0\n1,0\n1,0\n");
        scratch.Build("logged").Succeeded();
        Assert.That(scratch.Build("logged", "-t:Verify").Succeeded().Output, Does.Contain("logged: verified"));
        File.Delete(scratch.Results("logged", "log.csv"));

        Assert.That(scratch.Build("logged").Succeeded().Diagnostics, Is.Empty);
        foreach (string target in (string[])["Verify", "Rebuild"])
        {
            Assert.That(scratch.Build("logged", $"-t:{target}").Succeeded().Diagnostics.Select(one => (one.Kind, one.Code)),
                Is.EqualTo(((string, string)[])[("warning", "HRN0506")]));
        }
        scratch.Write("logged", Manifests.Recorded.Replace("Problems=\"2\"", "Problems=\"1\""), withModel: false);
        LoggedDiagnostic error = scratch.Build("logged").Failed();
        Assert.That((error.Code, error.File, error.Line), Is.EqualTo(("HRN0301", scratch.Results("logged", "logged.proj"), 4)));
        Directory.Delete(scratch.Results("logged"), recursive: true);
    }

    [Test]
    public void A_model_of_another_experiment_has_that_experiment_built_first()
    {
        scratch.Write("later", Manifests.Sums.Replace(Model, "<Model>../here/model</Model>"), withModel: false);

        BuildOutcome outcome = scratch.Build("later", "-p:Problems=2", "-p:Samples=2").Succeeded();

        Assert.That(scratch.Resolved("here").Overrides, Is.Empty, "overrides are for the experiment that was named");
        Assert.That(scratch.Overridden("later").Overrides, Is.Not.Empty);
        Assert.That(scratch.Results("here", "samples.csv"), Does.Exist, outcome.Output);
        Directory.Delete(scratch.Results("later"), recursive: true);
    }

    [Test]
    public void A_mistake_is_named_before_another_experiment_is_built()
    {
        scratch.Write("origin", Manifests.Sums);
        scratch.Write("later", Manifests.Sums.Replace(Model, "<Model>../origin/model</Model>").Replace("majority-vote", "majority-vot"),
            withModel: false);

        LoggedDiagnostic error = scratch.Build("later").Failed();

        Assert.That((error.Code, error.File), Is.EqualTo(("HRN0004", scratch.Results("later", "later.proj"))));
        Assert.That(scratch.Artifacts("origin"), Does.Not.Exist);
        Directory.Delete(scratch.Results("later"), recursive: true);
        Directory.Delete(scratch.Results("origin"), recursive: true);
    }
}
