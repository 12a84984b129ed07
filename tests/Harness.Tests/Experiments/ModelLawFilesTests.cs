using Harness.Records;
using Harness.Tests.Training;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class ModelLawFilesTests : TrainedExperimentFixture
{
    static string WithLaws(string laws) => TrainingExperiments.Project(
    [
        TrainingExperiments.Think,
        .. new[] { 12, 16, 20 }.Select(width => TrainingExperiments.Tiny.Replace("\"tiny\"", $"\"d{width}\"").Replace("d=16", $"d={width}")
            .Replace("30k", "4k;8k;16k").Replace("/>", "Commit=\"false\" />")),
        laws,
    ]);

    [Test]
    public void Laws_are_fitted_to_what_was_made_and_a_change_of_them_trains_nothing()
    {
        scratch.Write(WithLaws("<Law Include=\"chinchilla-projection\" HeldOut=\"d20-16k\" />"));
        Run();
        Assert.That(Files().Keys, Is.EquivalentTo(new[]
        {
            "README.md", "entropy.csv", "law-points.csv", "laws-compute.svg", "laws-isoflop.svg", "laws-residuals.svg", "laws.csv",
            "run.json", "training.csv", "training.svg", "validation.csv",
        }));
        LossPointRow[] points = [.. LossPointTable.Csv.Read(scratch.Result("law-points.csv"))];
        TrainingRow[] last =
            [.. TrainingTable.Csv.Read(scratch.Result("training.csv")).GroupBy(row => row.Model).Select(rows => rows.Last())];
        Assert.That(points.OrderBy(point => point.Model).Select(point => (point.Model, point.Tokens, point.Flops)),
            Is.EqualTo(last.OrderBy(row => row.Model).Select(row => (row.Model, (double)row.Tokens, (double)row.Flops))));
        Assert.That(points.Single(point => point.IsHeldOut).Model, Is.EqualTo("d20-16k"));
        Directory.Delete(scratch.Artifacts, recursive: true);
        scratch.Write(WithLaws("<Law Include=\"isoflop\" /><Law Include=\"chinchilla-projection\" Size=\"without-embedding\" />"));
        Assert.That(Run(), Does.Contain("no model to train: manifest.laws"));
        Assert.That(ModelLawTable.Csv.Read(scratch.Result("laws.csv")).Select(row => row.Law).Distinct(),
            Is.EqualTo(new[] { "isoflop", "chinchilla-projection" }));
        Assert.That(Verify().Differences, Is.Empty);
        scratch.Write(WithLaws(""));
        Run();
        Assert.That(Files().Keys, Does.Not.Contain("laws.csv").And.Not.Contain("laws-compute.svg"), "what is no longer asked for is gone");
    }

    [Test]
    public void A_changed_law_is_derived_again_from_its_rows()
    {
        scratch.Write(WithLaws("<Law Include=\"chinchilla-projection\" />"));
        Run();
        Dictionary<string, string> before = Files();
        File.WriteAllText(scratch.Result("laws.csv"), "law\n");
        Assert.That(Verify().Differences.Single().Diagnostic.Code, Is.EqualTo("HRN0501"));
        Directory.Delete(scratch.Artifacts, recursive: true);
        Assert.That(Run(), Does.Contain("no model to train: laws.csv is not what run.json says"));
        Assert.That(Files(), Is.EqualTo(before));
    }

    [Test]
    public void A_law_of_coverage_reads_the_evaluations()
    {
        scratch.Write(WithLaws(EvaluatedModelTests.Asked + "<Law Include=\"coverage-compute\" /><Law Include=\"train-to-test\" />"));
        Run();
        ModelLawRow[] rows = [.. ModelLawTable.Csv.Read(scratch.Result("laws.csv"))];
        Assert.That(rows.Select(row => (row.Law, row.Data)).Distinct(),
            Is.EqualTo(new[] { ("coverage-compute", "e"), ("train-to-test", "e") }));
        Assert.That(rows.Where(row => row.Law == "coverage-compute").Select(row => row.Parameter),
            Is.EqualTo(new[] { 1, 2, 3 }.SelectMany(k => new[] { $"E@{k}", $"C@{k}", $"a@{k}" })));
        Assert.That(rows.Where(row => row.Law == "train-to-test").Select(row => row.Points + row.Dropped), Is.All.EqualTo(27),
            "nine models, three k");
    }
}
